/** Everything about a MongoDB connection that may not stand in settings or logs; kept as one text in the secret store. */
interface MongoSecret {
  readonly password: string | undefined;
  /** Options of the URL, name to value, both as written (percent-encoded). */
  readonly options: Readonly<Record<string, string>>;
}

// No password begins with it: it cannot be typed, and the driver refuses it.
const marker = "\u0000";

/** A text of another shape is a password as it stands. */
export function readMongoSecret(text: string | undefined): MongoSecret {
  if (text?.startsWith(marker) !== true) return { password: text, options: {} };
  const { password, options } = JSON.parse(
    text.slice(marker.length),
  ) as MongoSecret;
  return { password, options };
}

/** The text for the secret store; a password alone stays as it is. */
export function writeMongoSecret({
  password,
  options,
}: MongoSecret): string | undefined {
  return Object.keys(options).length === 0
    ? password
    : marker + JSON.stringify({ password, options });
}

/** What was entered now, and from before what was not entered again. */
export function mergeMongoSecrets(
  now: string | undefined,
  before: string | undefined,
): string | undefined {
  const [later, earlier] = [readMongoSecret(now), readMongoSecret(before)];
  return writeMongoSecret({
    password: later.password ?? earlier.password,
    options: { ...earlier.options, ...later.options },
  });
}

/** The secret with another password, or none; its options stay. */
export const withMongoPassword = (
  secret: string | undefined,
  password: string | undefined,
): string | undefined =>
  writeMongoSecret({ password, options: readMongoSecret(secret).options });

// AWS_SESSION_TOKEN is one; SERVICE_NAME, ENVIRONMENT and TOKEN_RESOURCE (an address) are none.
const secretWords = /pass(?:word|wd|phrase)?$|secret|token(?!_resource)/i;

/** tlsCertificateKeyFilePassword, proxyPassword, sslPass, authMechanismProperties with a token, and their like. */
function isSecret(option: string): boolean {
  const [name = "", value = ""] = option.split("=");
  if (secretWords.test(name)) return true;
  return (
    name.toLowerCase() === "authmechanismproperties" &&
    value
      .split(/,|%2c/i)
      .some((property) => secretWords.test(property.split(/:|%3a/i)[0] ?? ""))
  );
}

/** Takes the options that hold secrets out of a URL; one without any stays to the letter. */
export function splitSecretOptions(url: string): {
  readonly url: string;
  readonly options: Readonly<Record<string, string>>;
} {
  const at = url.indexOf("?");
  if (at < 0) return { url, options: {} };
  const all = url.slice(at + 1).split("&");
  if (!all.some(isSecret)) return { url, options: {} };
  const kept = all.filter((option) => !isSecret(option)).join("&");
  const secret = all.filter(isSecret).map((option) => {
    const equals = option.indexOf("=");
    return equals < 0
      ? [option, ""]
      : [option.slice(0, equals), option.slice(equals + 1)];
  });
  return {
    url: url.slice(0, at) + (kept === "" ? "" : `?${kept}`),
    options: Object.fromEntries(secret) as Record<string, string>,
  };
}

/** The URL that the driver needs; it must not be kept or shown. */
export function joinSecretOptions(
  url: string,
  options: Readonly<Record<string, string>>,
): string {
  const added = Object.entries(options)
    .map((pair) => pair.join("="))
    .join("&");
  if (added === "") return url;
  if (/[?&]$/.test(url)) return `${url}${added}`;
  if (url.includes("?")) return `${url}&${added}`;
  const hasPath = /^[^/]*\/\/[^/]*\//.test(url);
  return `${url}${hasPath ? "" : "/"}?${added}`;
}
