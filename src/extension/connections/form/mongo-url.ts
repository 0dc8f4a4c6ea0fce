import {
  splitSecretOptions,
  writeMongoSecret,
} from "../../../app/mongo-secret.ts";
import { failed, succeeded, type Result } from "../../../core/result.ts";

function decode(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    // A lone % is no escape: the password was typed as it is.
    return password;
  }
}

/**
 * Takes what is secret out of a MongoDB connection string: the password, percent-decoded, and options that hold
 * secrets. `password` is the text for the secret store, `url` may be stored in the settings.
 */
export function splitMongoUrl(
  text: string,
): Result<
  { readonly url: string; readonly password: string | undefined },
  { readonly kind: "notMongo" }
> {
  const parts =
    /^(mongodb(?:\+srv)?:\/\/)(?:([^/]*)@)?([^/@?]+(?:[/?].*)?)$/.exec(
      text.trim(),
    );
  const [, scheme, login, rest] = parts ?? [];
  if (scheme === undefined || rest === undefined)
    return failed({ kind: "notMongo" });
  const { url: shown, options } = splitSecretOptions(rest);
  const [user = "", ...typed] = (login ?? "").split(":");
  const password = typed.length === 0 ? undefined : decode(typed.join(":"));
  return succeeded({
    url: `${scheme}${login === undefined ? "" : `${user}@`}${shown}`,
    password: writeMongoSecret({ password, options }),
  });
}
