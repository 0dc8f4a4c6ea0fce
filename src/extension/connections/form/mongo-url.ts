import { failed, succeeded, type Result } from "../../../core/result.ts";

/** Takes the password out of a MongoDB connection string, percent-decoded; the rest may be stored in the settings. */
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
  if (login === undefined)
    return succeeded({ url: scheme + rest, password: undefined });
  const colon = login.indexOf(":");
  if (colon < 0)
    return succeeded({ url: `${scheme}${login}@${rest}`, password: undefined });
  try {
    return succeeded({
      url: `${scheme}${login.slice(0, colon)}@${rest}`,
      password: decodeURIComponent(login.slice(colon + 1)),
    });
  } catch {
    // A lone % is no escape: the password was typed as it is.
    return succeeded({
      url: `${scheme}${login.slice(0, colon)}@${rest}`,
      password: login.slice(colon + 1),
    });
  }
}
