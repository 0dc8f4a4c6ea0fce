import type { ConnectionTarget } from "../../app/connection.ts";

/**
 * The key of a password in the secret store. It names the server and the user besides the profile,
 * so that a folder's settings cannot send a stored password elsewhere by reusing an id.
 */
export function secretKey(id: string, target: ConnectionTarget): string {
  switch (target.engine) {
    case "postgres": {
      const { parameters } = target;
      const server = `planlens.password/${id}/${target.user}@${target.host}:${target.port}/${target.sslMode}`;
      // Among them are those that decide to whom a password is sent.
      return parameters === undefined
        ? server
        : `${server}/${JSON.stringify(parameters)}`;
    }
    case "mongodb":
      return `planlens.password/${id}/${target.url}`;
    case "demo":
    case "bundle":
      return `planlens.password/${id}`;
  }
}
