import type { Hazard, ParsedStatement } from "../core/sql/statement.ts";
import { phrase, type Text } from "../core/words.ts";
import type { Environment } from "./connection.ts";
import type { DatabaseError, Effects, RunConsent } from "./database.ts";

/** Whether a statement may be run (ANALYZE), by the safety contract. */
export type RunVerdict =
  /** Only reads: READ ONLY, limits and ROLLBACK are enough. */
  | { readonly kind: "free" }
  /** A person has to agree to this run; `writes`: READ ONLY would refuse it. `error` is for a run without. */
  | {
      readonly kind: "needsConsent";
      readonly writes: boolean;
      readonly error: DatabaseError;
    }
  /** Nobody can agree to it. */
  | { readonly kind: "refused"; readonly error: DatabaseError };

function wordsFor(hazard: Hazard): Text | undefined {
  switch (hazard.kind) {
    case "writes":
      return phrase("{0} changes data", hazard.what);
    case "writesInCte":
      return phrase("{0} in WITH changes data", hazard.what);
    case "selectInto":
      return phrase("SELECT INTO creates a table");
    case "locksRows":
      return phrase("{0} locks rows", hazard.clause);
    case "callsFunction":
      return undefined;
  }
}

/** The first reason why READ ONLY would refuse the statement; row locks are refused like writes. */
const findWrite = (statement: ParsedStatement): Text | undefined =>
  statement.hazards.flatMap((hazard) => wordsFor(hazard) ?? [])[0];

function describeEffect(effects: Effects): Text | undefined {
  const [called] = effects.volatileFunctions;
  if (called !== undefined)
    return phrase(
      "it calls {0}, which is volatile or runs what may be, and may change something",
      called,
    );
  const [foreign] = effects.foreignTables;
  return foreign === undefined
    ? undefined
    : phrase(
        "it reads the foreign table {0}, whose server may run programs or functions",
        foreign,
      );
}

/**
 * The third rule of the safety contract. A read that calls a volatile function counts as a write on
 * production: no transaction holds back what such a function does on another server (dblink), in a
 * file or to another session, and nothing but its own source tells which of them do. So does a read
 * of a foreign table: its rows come from a program, or from a view of another server.
 */
export function judgeRun(
  environment: Environment,
  statement: ParsedStatement,
  effects: Effects,
): RunVerdict {
  const write = findWrite(statement);
  const message = write ?? describeEffect(effects);
  if (message === undefined) return { kind: "free" };
  if (environment === "production")
    return { kind: "refused", error: { kind: "refusedOnProduction", message } };
  return {
    kind: "needsConsent",
    writes: write !== undefined,
    error: { kind: "readOnlyViolation", message },
  };
}

/** Why the run may not begin with this consent; undefined when it may. */
export function findRefusal(
  verdict: RunVerdict,
  consent: RunConsent,
): DatabaseError | undefined {
  switch (verdict.kind) {
    case "free":
      return undefined;
    case "refused":
      return verdict.error;
    case "needsConsent": {
      const isAgreed =
        consent.mayWrite || (!verdict.writes && consent.mayCallVolatile);
      return isAgreed ? undefined : verdict.error;
    }
  }
}
