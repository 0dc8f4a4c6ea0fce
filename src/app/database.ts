import type { Catalog } from "../core/catalog.ts";
import type { IndexUsage } from "../core/advice/index-use.ts";
import type { IndexDefinition } from "../core/advice/suggestion.ts";
import type { PlannerFacts } from "../core/advice/why-not/planner-facts.ts";
import type {
  PlannerTrial,
  TriedPlans,
} from "../core/advice/why-not/planner-trial.ts";
import type { Result } from "../core/result.ts";
import type { Text } from "../core/words.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import type { Environment } from "./connection.ts";

/** Everything a database can answer instead of what was asked; `cause` and `message` are the server's words or ours, ours to be translated. No member ever holds a secret. */
export type DatabaseError =
  | {
      readonly kind: "unreachable";
      readonly host: string;
      readonly port: number;
      readonly cause: string;
    }
  | {
      readonly kind: "authentication";
      /** A password that does not fit, or a user whom the server does not let in. */
      readonly refused: "password" | "user";
      readonly user: string;
      readonly message: string;
    }
  | { readonly kind: "unknownDatabase"; readonly database: string }
  | { readonly kind: "tls"; readonly message: Text }
  | { readonly kind: "tooManyConnections"; readonly message: string }
  | { readonly kind: "startingUp"; readonly message: string }
  | {
      readonly kind: "timedOut";
      readonly afterMs: number;
      readonly what: "connect" | "statement" | "lock";
    }
  | { readonly kind: "cancelled" }
  | { readonly kind: "connectionLost"; readonly message: Text }
  | {
      readonly kind: "missingRight";
      readonly message: string;
      readonly remedy: string | undefined;
    }
  /** `remedy` is the exact statement or setting that helps. */
  | {
      readonly kind: "missingExtension";
      readonly extension: string;
      readonly remedy: string;
    }
  | { readonly kind: "readOnlyViolation"; readonly message: Text }
  /** The safety contract refuses it there, whoever agrees. */
  | { readonly kind: "refusedOnProduction"; readonly message: Text }
  | {
      readonly kind: "sql";
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
      /** UTF-16 offset in ParsedStatement.sql */ readonly at:
        number | undefined;
    }
  | { readonly kind: "unsupported"; readonly message: string }
  | { readonly kind: "misconfigured"; readonly message: Text };

export type Answer<Value> = Promise<Result<Value, DatabaseError>>;

export interface ServerInfo {
  readonly engine: "postgres" | "mongodb";
  /** 150018; for MongoDB 60005. */
  readonly versionNumber: number;
  readonly versionText: string;
  readonly hypopgVersion: string | undefined;
  /**
   * How index suggestions can be proven here. `twin`: on a copy of the statistics, with empty indexes as large
   * as real ones would be. `build`: real index in a rolled-back transaction (demo only).
   */
  readonly whatIf: "hypopg" | "twin" | "build" | "none";
  readonly isReadOnlyReplica: boolean;
  /** Of a bundle's twin: the version that its statistics are of, while the one above plans with them. */
  readonly twin?: {
    readonly sourceVersion: string;
    /** Planned by the embedded server, not by an installed one. */
    readonly isEmbedded: boolean;
  };
}

/** How a statement with parameters was planned; said in the hover. */
export type ParameterHandling =
  | { readonly kind: "none" }
  | { readonly kind: "genericPlan" }
  | { readonly kind: "prepared" }
  | { readonly kind: "fromStatistics"; readonly values: readonly string[] }
  | { readonly kind: "given"; readonly values: readonly (string | null)[] };

export interface ExplainAnswer {
  /** The server's JSON, unparsed shape. */
  readonly plan: unknown;
  readonly parameters: ParameterHandling;
  readonly elapsedMs: number;
}

export interface AnalyzeLimits {
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
}

/** What a person agreed to, for one run. */
export interface RunConsent {
  /** To a statement that writes. Without it the transaction is READ ONLY. */
  readonly mayWrite: boolean;
  /** To a read that calls volatile functions or reads foreign tables; the transaction stays READ ONLY. */
  readonly mayCallVolatile: boolean;
}

export interface AnalyzeRequest {
  readonly statement: ParsedStatement;
  /** Of the connection: on production no consent lets a write, or what may be one, run. */
  readonly environment: Environment;
  /** One per parameter, as text; null is NULL. */
  readonly values: readonly (string | null)[];
  readonly limits: AnalyzeLimits;
  readonly consent: RunConsent;
}

export interface ParameterDescription {
  readonly number: number;
  /** Type name the server inferred. */
  readonly type: string;
  /** Values from pg_stats of the compared column, most common first. */
  readonly examples: readonly string[];
}

export interface WhatIfAnswer {
  readonly plan: unknown;
  /** Names of the trial indexes as they appear in the plan, in the order asked; undefined for one that the server refuses, which the plan is without. */
  readonly names: readonly (string | undefined)[];
  /** Of an index on a partitioned table: its parts, where plans tell those; in the order asked. */
  readonly partNames?: readonly (readonly string[])[];
  readonly sizesBytes: readonly (number | undefined)[];
}

export interface SlowQuery {
  readonly queryId: string;
  readonly text: string;
  readonly calls: number;
  readonly totalMs: number;
  readonly meanMs: number;
  readonly maxMs: number;
  readonly stddevMs: number;
  readonly rows: number;
  readonly sharedHitBlocks: number;
  readonly sharedReadBlocks: number;
}

export interface SlowQueries {
  readonly queries: readonly SlowQuery[];
  /** Total over all statements of this database, for shares. */
  readonly totalMs: number;
  /** ISO time since when the counters count, when the server tells. */
  readonly since: string | undefined;
  /** Those of other roles, whose text the server does not show to this one; the remedy is a statement. */
  readonly hidden?:
    { readonly statements: number; readonly remedy: string } | undefined;
}

/**
 * Volatile functions that ANALYZE would call (those known to be harmless left out, those of the server that run what
 * their arguments name counted too), triggers it would fire, and foreign tables it would read: a program, or another
 * server whose views may call functions, stands behind those.
 */
export interface Effects {
  readonly volatileFunctions: readonly string[];
  readonly triggers: readonly string[];
  readonly foreignTables: readonly string[];
  readonly sequences: readonly string[];
}

/** Many plannings with trial indexes that come and go. Calls must not overlap. */
export interface WhatIfSession {
  /** Plans the statement with exactly these indexes beside the existing ones; those asked again are kept between calls. */
  readonly plan: (
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
    signal: AbortSignal,
  ) => Answer<WhatIfAnswer>;
  /** Leaves nothing behind. */
  readonly close: () => Promise<void>;
}

/** One open, pooled, self-reconnecting, read-only connection. */
export interface Database {
  readonly info: (signal: AbortSignal) => Answer<ServerInfo>;
  /** Plain EXPLAIN (FORMAT JSON); never executes. `values` undefined: plan without asking, see ParameterHandling. */
  readonly explain: (
    statement: ParsedStatement,
    values: readonly (string | null)[] | undefined,
    signal: AbortSignal,
  ) => Answer<ExplainAnswer>;
  readonly analyze: (
    request: AnalyzeRequest,
    signal: AbortSignal,
  ) => Answer<ExplainAnswer>;
  readonly describeParameters: (
    statement: ParsedStatement,
    signal: AbortSignal,
  ) => Answer<readonly ParameterDescription[]>;
  readonly effects: (
    statement: ParsedStatement,
    signal: AbortSignal,
  ) => Answer<Effects>;
  /** Tables named (schema undefined: by search_path); unknown names are left out. */
  readonly catalog: (
    tables: readonly {
      readonly schema: string | undefined;
      readonly name: string;
    }[],
    signal: AbortSignal,
  ) => Answer<Catalog>;
  /** Sends nothing until the first planning. `values` as for `explain`. */
  readonly openWhatIf: (values?: readonly (string | null)[]) => WhatIfSession;
  /** Tries on a copy of the statistics what the server cannot try itself; absent or undefined where there is none to be had. */
  readonly openCopy?: (
    values?: readonly (string | null)[],
  ) => WhatIfSession | undefined;
  /** Plans the statement once per trial, under its settings (SET LOCAL, read-only, rolled back) and with the imagined indexes. */
  readonly explainWith: (
    statement: ParsedStatement,
    asked: {
      readonly indexes: readonly IndexDefinition[];
      readonly trials: readonly PlannerTrial[];
    },
    signal: AbortSignal,
  ) => Answer<TriedPlans>;
  /** How old the statistics of these tables are, how large their indexes, and what the planner goes by. */
  readonly plannerFacts: (
    tables: readonly {
      readonly schema: string | undefined;
      readonly name: string;
    }[],
    signal: AbortSignal,
  ) => Answer<PlannerFacts>;
  readonly slowQueries: (
    limit: number,
    signal: AbortSignal,
  ) => Answer<SlowQueries>;
  /** Every user index with its use, the largest first; catalogs and counters only. */
  readonly indexUse: (signal: AbortSignal) => Answer<IndexUsage>;
  readonly close: () => Promise<void>;
}

/** What was sent where and how long it took; never literals, never secrets. */
export type SendLog = (entry: {
  readonly connection: string;
  readonly what: string;
  readonly elapsedMs: number;
  readonly outcome: string;
}) => void;
