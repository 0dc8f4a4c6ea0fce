import type { ConnectionTarget, PostgresTarget } from "../../app/connection.ts";

/** In one order, whatever the order in which they are written. */
const inOrder = (
  parameters: PostgresTarget["parameters"] = {},
): readonly (readonly [string, string])[] =>
  Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));

/**
 * The key of a password in the secret store. It names the server and the user besides the profile,
 * so that a folder's settings cannot send a stored password elsewhere by reusing an id.
 */
export function secretKey(id: string, target: ConnectionTarget): string {
  switch (target.engine) {
    case "postgres": {
      const parameters = inOrder(target.parameters);
      const server = `planlens.password/${id}/${target.user}@${target.host}:${target.port}/${target.sslMode}`;
      // Among them are those that decide to whom a password is sent.
      return parameters.length === 0
        ? server
        : `${server}/${JSON.stringify(Object.fromEntries(parameters))}`;
    }
    case "mongodb":
      return `planlens.password/${id}/${target.url}`;
    case "demo":
    case "bundle":
      return `planlens.password/${id}`;
  }
}
