import { english, sayText } from "../core/words.ts";
import {
  findPassword,
  readEnvironmentParts,
  targetFromEnvironment,
} from "../adapters/postgres/from-environment.ts";
import { targetFromText } from "../adapters/postgres/service-file.ts";
import type { PostgresTarget } from "../app/connection.ts";
import { failed, succeeded, type Result } from "../core/result.ts";

type Variables = Readonly<Record<string, string | undefined>>;

interface FoundTarget {
  readonly target: PostgresTarget;
  /** From the URL, PGPASSWORD or ~/.pgpass; read when the server asks. */
  readonly password: () => Promise<string | undefined>;
}

const none =
  "No connection: give --connection URL, or set DATABASE_URL or PGHOST and PGDATABASE.";

/** As libpq does: what a URL leaves out is as the PG* variables say. */
const read = (
  text: string,
  variables: Variables,
): ReturnType<typeof targetFromText> =>
  targetFromText(text, variables, {
    service: variables["PGSERVICE"],
    parts: readEnvironmentParts(variables),
  });

/** Where to connect: `--connection` first, then PG* variables, then DATABASE_URL. The failure is a sentence. */
export async function findTarget(
  given: string | undefined,
  variables: Variables,
): Promise<Result<FoundTarget, string>> {
  const url = variables["DATABASE_URL"];
  const parsed =
    given !== undefined
      ? await read(given, variables)
      : ((await targetFromEnvironment(variables)) ??
        (url === undefined || url === ""
          ? undefined
          : await read(url, variables)));
  if (parsed === undefined) return failed(none);
  if (!parsed.ok)
    return failed(
      `The connection cannot be used: ${sayText(parsed.error.message, english)}.`,
    );
  const { value } = parsed;
  return succeeded({
    target: value.target,
    password: async () => (await findPassword(value, variables)).password,
  });
}
