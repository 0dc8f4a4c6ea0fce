import { isIP } from "node:net";
import type { PostgresTarget } from "../../app/connection.ts";
import { phrase, type Phrase } from "../../core/words.ts";

type Parts = Readonly<Record<string, string>>;

/** libpq's parameters that are kept with a target and done as they say, beside those that have a field of their own. */
const honoured = [
  "channel_binding",
  "hostaddr",
  "options",
  "passfile",
  "require_auth",
  "ssl_max_protocol_version",
  "ssl_min_protocol_version",
  "sslcertmode",
  "sslcrl",
  "sslnegotiation",
] as const;

/** The authentication methods of libpq's require_auth. */
const methods = [
  "none",
  "password",
  "md5",
  "scram-sha-256",
  "gss",
  "sspi",
  "oauth",
  "creds",
] as const;

/** What a parameter may be; one that is not listed may be anything. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  channel_binding: ["disable", "prefer", "require"],
  ssl_max_protocol_version: ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
  ssl_min_protocol_version: ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"],
  sslcertmode: ["disable", "allow", "require"],
  gssencmode: ["disable", "prefer", "require"],
  sslnegotiation: ["postgres", "direct"],
};

const isOn = (value: string): boolean =>
  !["", "0", "false", "off", "no"].includes(value);
const isGiven = (value: string): boolean => value !== "";

/** Parameters that decide whom one trusts or what the connection is, and that nothing here can fulfil. */
const unfulfillable: Readonly<
  Record<
    string,
    { readonly when: (value: string) => boolean; readonly why: Phrase }
  >
> = {
  gssencmode: {
    when: (value) => value === "require",
    why: phrase(
      "gssencmode=require cannot be fulfilled: connections are encrypted by TLS only; write sslmode=verify-full instead",
    ),
  },
  hostaddr: {
    when: (value) => value !== "" && isIP(value) === 0,
    why: phrase(
      "hostaddr is an IP address such as 192.0.2.7; give names with host",
    ),
  },
  oauth_issuer: {
    when: isGiven,
    why: phrase(
      "OAuth cannot be used to log in; leave oauth_issuer out, and use a user with a password or a certificate",
    ),
  },
  replication: {
    when: isOn,
    why: phrase(
      "a replication connection cannot plan statements; leave replication out",
    ),
  },
  requirepeer: {
    when: isGiven,
    why: phrase(
      "requirepeer cannot be fulfilled: nobody can tell here who runs the server; leave it out, or connect with sslmode=verify-full",
    ),
  },
  scram_client_key: {
    when: isGiven,
    why: phrase(
      "scram_client_key cannot be used to log in; leave it out and give the password",
    ),
  },
  scram_server_key: {
    when: isGiven,
    why: phrase(
      "scram_server_key cannot be used to log in; leave it out and give the password",
    ),
  },
  sslcertmode: {
    when: (value) => value === "require",
    why: phrase(
      "sslcertmode=require cannot be fulfilled: nobody can tell here whether the server asks for a certificate; leave it out",
    ),
  },
  sslcrldir: {
    when: isGiven,
    why: phrase(
      "sslcrldir cannot be used; name one file of revoked certificates with sslcrl",
    ),
  },
  sslpassword: {
    when: isGiven,
    why: phrase(
      "sslpassword cannot be used; name a key without a passphrase with sslkey",
    ),
  },
};

function refuseMethods(list: string): Phrase | undefined {
  const named = list.split(",").map((one) => one.trim());
  const isKnown = (one: string): boolean =>
    methods.some((method) => method === one.replace(/^!/, ""));
  const unknown = named.find((one) => !isKnown(one));
  const negated = named.filter((one) => one.startsWith("!"));
  return unknown !== undefined ||
    (negated.length > 0 && negated.length < named.length)
    ? phrase(
        'require_auth "{0}" is no list of {1}, all of them or none with a ! before it',
        list,
        methods.join(", "),
      )
    : undefined;
}

/** The list is only looked at where certificates are checked; elsewhere it would protect nobody. */
const checksChain = ({ sslmode = "", sslrootcert = "" }: Parts): boolean =>
  ["verify-ca", "verify-full"].includes(sslmode) ||
  (sslmode === "require" && sslrootcert !== "");

function refuseValue(name: string, value: string): Phrase | undefined {
  const refusal = unfulfillable[name];
  if (refusal?.when(value) === true) return refusal.why;
  const values = allowed[name] ?? [value];
  return value === "" || values.includes(value)
    ? undefined
    : phrase('{0} "{1}" is none of {2}', name, value, values.join(", "));
}

/** What is right alone and wrong together. */
const wrongTogether: readonly {
  readonly when: (parts: Parts) => boolean;
  readonly why: (sslmode: string) => Phrase;
}[] = [
  // libpq refuses both weak modes, too.
  {
    when: ({ sslmode, sslrootcert }) =>
      sslrootcert === "system" && sslmode !== "verify-full",
    why: (sslmode) =>
      phrase(
        "with sslmode={0}, sslrootcert=system would trust any certificate that one of the system's authorities has signed; write sslmode=verify-full, or name the file of your own authority",
        sslmode,
      ),
  },
  {
    when: ({ sslmode = "", sslnegotiation }) =>
      sslnegotiation === "direct" &&
      ["disable", "allow", "prefer"].includes(sslmode),
    why: (sslmode) =>
      phrase(
        "sslnegotiation=direct begins with TLS, and sslmode={0} does not ask for it; add sslmode=verify-full or sslmode=require, or leave sslnegotiation out",
        sslmode,
      ),
  },
  {
    when: (parts) => (parts["sslcrl"] ?? "") !== "" && !checksChain(parts),
    why: () =>
      phrase(
        "sslcrl is looked at only where the server's certificate is checked; add sslmode=verify-full, or leave it out",
      ),
  },
];

/** Why these cannot be fulfilled as they are written; undefined when they can. Values of secrets are not repeated. */
export function refuseUnfulfillable(parts: Parts): Phrase | undefined {
  for (const [name, value] of Object.entries(parts)) {
    const refusal = refuseValue(name, value);
    if (refusal !== undefined) return refusal;
  }
  const { sslmode = "", require_auth = "" } = parts;
  const wrong = wrongTogether.find(({ when }) => when(parts));
  if (wrong !== undefined) return wrong.why(sslmode);
  return require_auth === "" ? undefined : refuseMethods(require_auth);
}

/** Those of the parts that are kept with the target; undefined when there are none. */
export function pickParameters(parts: Parts): Parts | undefined {
  const picked = honoured.flatMap((name) => {
    const value = parts[name];
    return value === undefined || value === "" ? [] : [[name, value] as const];
  });
  return picked.length === 0 ? undefined : Object.fromEntries(picked);
}

/** Why a target's own parameters cannot be used: settings are written by hand, too. */
export function refuseParameters({
  parameters = {},
  sslMode,
  sslRootCertPath = "",
}: PostgresTarget): Phrase | undefined {
  const unfulfilled = refuseUnfulfillable({
    ...parameters,
    sslmode: sslMode,
    sslrootcert: sslRootCertPath,
  });
  if (unfulfilled !== undefined) return unfulfilled;
  const unknown = Object.keys(parameters).find(
    (name) => !honoured.some((one) => one === name),
  );
  return unknown === undefined
    ? undefined
    : phrase(
        'there is no connection parameter "{0}"; leave it out, or use {1}',
        unknown,
        honoured.join(", "),
      );
}
