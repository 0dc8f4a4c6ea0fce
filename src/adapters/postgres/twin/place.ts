import type { PostgresTarget } from "../../../app/connection.ts";

/** A running server of one's own that twins are built on. */
export interface TwinPlace {
  /** Superuser on a database that exists. */
  readonly target: PostgresTarget;
  readonly password: string | undefined;
  /** As this process sees it; undefined: as the server names it. */
  readonly dataFolder: string | undefined;
  /**
   * One backend and one database for everybody, as PGlite has: the twin is built in `target`'s own database.
   * Elsewhere each twin gets a database of its own.
   */
  readonly singleSession: boolean;
}
