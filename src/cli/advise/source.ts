import type { Database } from "../../app/database.ts";
import type { FoundStatement } from "../../app/gather-workload.ts";
import type { IndexUsage } from "../../core/advice/index-use.ts";
import type { Result } from "../../core/result.ts";
import type { Progress } from "../progress.ts";
import { oneLine } from "../report.ts";
import type { FileStatement } from "../sql-files.ts";
import type { Complaint } from "../wording.ts";
import type { AdviseArguments } from "./arguments.ts";

/** What was asked for, or why it cannot be had. */
export type Opened<Value> = Promise<Result<Value, Complaint>>;

/** A statement of the workload; its place is its title for people. */
export type FoundQuery = FoundStatement<string>;

/** A planner that can try indexes. */
export interface OpenPlanner {
  readonly database: Database;
  /** Whole sentences about what the planner is and lacks. */
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}

/** What `--connection`, `--bundle` or `--demo` names, before anything is built for it. */
export interface Source {
  /** Statements that came with it, as far as they were asked for. */
  readonly found: readonly FoundQuery[];
  /** What it did not tell of them; whole sentences. */
  readonly remarks?: readonly string[];
  /** Why it brought none, and what to do. */
  readonly withoutFound: string;
  /** Of the existing indexes; undefined where only the planner knows of them, or why they cannot be judged. */
  readonly usage: Result<IndexUsage, Complaint> | undefined;
  readonly openPlanner: () => Promise<Result<OpenPlanner, Complaint>>;
  /** After the planner. */
  readonly close: () => Promise<void>;
}

export interface SourceNeeds {
  readonly asked: AdviseArguments;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/** Several statements on one line are told apart by their column. */
export function nameStatements(
  statements: readonly FileStatement[],
): readonly FoundQuery[] {
  const taken = new Set<string>();
  return statements.map(({ file, line, column, text }) => {
    const short = `${file}:${line}`;
    const name = taken.has(short) ? `${short}:${column}` : short;
    taken.add(short);
    return { name, text, calls: undefined, place: name };
  });
}

/** A name that tells nobody anything, with the beginning of its statement. */
export const titleOf = (name: string, text: string): string =>
  `${name} ${oneLine(text, 70)}`;

/** Why there is nothing to do; `what` is to be done. */
export const nothingFound = (what: string): string =>
  `There is no statement to advise on: ${what}`;
