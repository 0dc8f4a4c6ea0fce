/** A database that several cases share. */
export interface World {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Tables with their rows; may call `pick(n, salt, k)`, a scattered number from 1 to k. */
  readonly schema: string;
  /** Vacuumed and analyzed after the load, so that an index alone can answer. */
  readonly tables: readonly string[];
}

/** One statement and what somebody who knows PostgreSQL would build for it. */
export interface StatementCase {
  readonly title: string;
  readonly sql: string;
  /** What stands behind `CREATE INDEX ON`; empty where the right answer is nothing. */
  readonly ideal: readonly string[];
  /** Why the advisor does not come near the ideal, where it is known not to. */
  readonly missed?: string;
}

export interface CaseSet {
  readonly world: World;
  /**
   * `hypopg` plans with hypothetical indexes; `build` makes them in a transaction, where HypoPG refuses the method;
   * `twin` tries them on a copy of the statistics, as on a server without HypoPG.
   */
  readonly prover: "hypopg" | "build" | "twin";
  readonly cases: readonly StatementCase[];
}

/** A number from 1 to k that looks random and is always the same for `n` and `salt`. */
export const pickFunction = `CREATE FUNCTION pick(n bigint, salt int, k int) RETURNS int IMMUTABLE LANGUAGE sql
  AS $$ SELECT 1 + (abs(hashint8(n * 1000003 + salt)::bigint) % k)::int $$;`;
