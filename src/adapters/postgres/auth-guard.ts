import type { Connection } from "pg";
import { phrase, words, type Text } from "../../core/words.ts";

/** The server logs one in, or asks for a login, in a way that the connection's parameters forbid. */
export class RefusedLogin extends Error {
  readonly why: Text;

  constructor(why: Text) {
    super("the login was refused");
    this.why = why;
  }
}

type Method = "none" | "password" | "md5" | "scram-sha-256";

function isAllowed(method: Method, requireAuth: string): boolean {
  const named = requireAuth.split(",").map((one) => one.trim());
  const isNegated = named.some((one) => one.startsWith("!"));
  return isNegated ? !named.includes(`!${method}`) : named.includes(method);
}

const unbound = words(
  "channel_binding=require cannot be fulfilled: the server does not offer it, or the connection is not encrypted; leave channel_binding out, or use sslmode=verify-full",
);

type Parameters = Readonly<Record<string, string>>;

/** Why a login by this method is refused; `isBound`: it is tied to the TLS connection. */
function refuseLogin(
  { require_auth = "", channel_binding = "" }: Parameters,
  method: Method,
  isBound: boolean,
): Text | undefined {
  if (require_auth !== "" && !isAllowed(method, require_auth))
    return method === "none"
      ? phrase(
          "the server asks for no login, which require_auth={0} forbids",
          require_auth,
        )
      : phrase(
          "the server asks for a login by {0}, which require_auth={1} forbids",
          method,
          require_auth,
        );
  return channel_binding === "require" && !isBound ? unbound : undefined;
}

const mechanismsIn = (message: unknown): readonly unknown[] =>
  typeof message === "object" &&
  message !== null &&
  "mechanisms" in message &&
  Array.isArray(message.mechanisms)
    ? message.mechanisms
    : [];

/**
 * Ends the connection before a password is sent by a method that require_auth or channel_binding forbids, and before
 * anything is sent to a server that asked for none though one is wanted. `isEncrypted` tells of the socket. Called before
 * the client connects, so that it hears each message first. Answers the refusal, once there is one.
 */
export function guardLogin(
  connection: Connection,
  parameters: Parameters,
  isEncrypted: () => boolean,
): () => RefusedLogin | undefined {
  let refused: RefusedLogin | undefined;
  let isLoggedIn = false;
  let isBound = false;
  const judge = (method: Method): void => {
    const why = refuseLogin(parameters, method, isBound);
    if (why === undefined) return;
    refused = new RefusedLogin(why);
    connection.stream.destroy(refused);
  };
  connection.on("authenticationCleartextPassword", () => {
    isLoggedIn = true;
    judge("password");
  });
  connection.on("authenticationMD5Password", () => {
    isLoggedIn = true;
    judge("md5");
  });
  connection.on("authenticationSASL", (message: unknown) => {
    isBound =
      isEncrypted() && mechanismsIn(message).includes("SCRAM-SHA-256-PLUS");
    judge("scram-sha-256");
  });
  // Before this the server has not proven that it knows the password.
  connection.on("authenticationSASLFinal", () => {
    isLoggedIn = true;
  });
  connection.on("authenticationOk", () => {
    if (!isLoggedIn) {
      isBound = false;
      judge("none");
    }
  });
  return () => refused;
}
