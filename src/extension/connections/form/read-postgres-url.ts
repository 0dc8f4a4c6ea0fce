import { parsePostgresUrl } from "../../../adapters/postgres/parse-target.ts";
import type { PostgresTarget } from "../../../app/connection.ts";
import { sayText, type Translate } from "../../../core/words.ts";
import { failed, type Result } from "../../../core/result.ts";

/** A URL or key=value text as a target; the error is a sentence for the input box and never repeats the text. */
export function readPostgresUrl(
  text: string,
  translate: Translate,
): Result<
  { readonly target: PostgresTarget; readonly password: string | undefined },
  string
> {
  const parsed = parsePostgresUrl(text);
  if (parsed.ok) return parsed;
  const message = sayText(parsed.error.message, translate);
  return failed(`${message.charAt(0).toUpperCase()}${message.slice(1)}.`);
}
