import type { Proof } from "../suggestion.ts";

/** How a suggestion was known to work when it was made. */
export type ProofLevel = Proof["kind"];

/** What was said of an index before it existed. Holds no literal and no secret. */
export interface PromiseEntry {
  readonly kind: "promise";
  readonly id: string;
  /** ISO time. */
  readonly at: string;
  /** Of the connection: an id or a place, never a password. */
  readonly connection: string;
  /** As the server tells its version. */
  readonly server: string;
  readonly fingerprint: string;
  /** The statement with `?` for each literal. */
  readonly statement: string;
  readonly schema: string;
  readonly table: string;
  /** CREATE INDEX with `?` for each literal. */
  readonly ddl: string;
  readonly name: string;
  readonly proof: ProofLevel;
  readonly costBefore: number | undefined;
  readonly costAfter: number | undefined;
  readonly sizeBytes: number | undefined;
  /** Operators of the promised plan, see shapeOf; empty when none was planned. */
  readonly shape: readonly string[];
  /** How the statement's parameters were handled; costs compare only between equal ways. */
  readonly parameters: string;
  readonly tableRows: number | undefined;
}

/** What came of a promise once its index existed. */
export interface OutcomeEntry {
  readonly kind: "outcome";
  /** Of the promise. */
  readonly id: string;
  readonly at: string;
  readonly server: string;
  /** Of the index that was built. */
  readonly name: string;
  readonly cost: number | undefined;
  readonly sizeBytes: number | undefined;
  /** The plan reads the index. */
  readonly isUsed: boolean;
  readonly shape: readonly string[];
  readonly tableRows: number | undefined;
}

export type CalibrationEntry = PromiseEntry | OutcomeEntry;

/** A promise and what came of it. */
export interface Kept {
  readonly promise: PromiseEntry;
  /** Undefined while the index does not exist, or its statement was not explained since. */
  readonly outcome: OutcomeEntry | undefined;
}

/** Promises with their outcomes, oldest first; of a promise made again before it was kept, the last. */
export function pairUp(entries: readonly CalibrationEntry[]): readonly Kept[] {
  const outcomes = new Map<string, OutcomeEntry>();
  for (const entry of entries)
    if (entry.kind === "outcome" && !outcomes.has(entry.id))
      outcomes.set(entry.id, entry);
  const last = new Map<string, PromiseEntry>();
  for (const entry of entries) {
    if (entry.kind !== "promise") continue;
    const outcome = outcomes.get(entry.id);
    const key = JSON.stringify([
      entry.connection,
      entry.fingerprint,
      entry.schema,
      entry.table,
      entry.ddl,
      outcome === undefined ? "" : entry.id,
    ]);
    last.delete(key);
    last.set(key, entry);
  }
  return [...last.values()].map((promise) => ({
    promise,
    outcome: outcomes.get(promise.id),
  }));
}
