import type { ConnectionTarget, PostgresTarget } from "../../app/connection.ts";

/** A connection that something on this machine describes; nothing has been dialled. */
export interface Offer {
  /** `user@host:port/database`, for a person to recognise it. */
  readonly where: string;
  readonly target: ConnectionTarget;
  readonly password: string | undefined;
}

/** A database URL that a file of the workspace holds; offered, never dialled by itself. */
export interface Found {
  readonly key: string;
  readonly variable: string;
  /** Path inside the workspace. */
  readonly fileName: string;
  /** Where it leads, without secrets. */
  readonly where: string;
  readonly target: ConnectionTarget;
  /** From the file; kept in memory only until the connection is saved. */
  readonly password: string | undefined;
}

/** Everything that a new connection can start from. */
export interface Offers {
  /** The user to suggest, like libpq: PGUSER, else that of the system. */
  readonly user: string;
  readonly found: readonly Found[];
  readonly environment: Offer | undefined;
  readonly services: readonly (Offer & { readonly name: string })[];
}

/** `user@host:port/database`, without secrets. */
export function whereIs({
  user,
  host,
  port,
  database,
}: PostgresTarget): string {
  return `${user}@${host}:${port}/${database}`;
}
