import type { Answer, WhatIfAnswer } from "../../app/database.ts";
import { renderCreateIndex } from "../../core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../core/advice/suggestion.ts";
import { succeeded } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { readError } from "./errors.ts";
import { planStatement, type TransactionState } from "./explain.ts";
import type { Session } from "./session.ts";

export interface Trial {
  /** Undefined when the server refuses the index. */
  readonly name: string | undefined;
  readonly sizeBytes: number | undefined;
}

/** An index that the server will not make. */
export const refused: Trial = { name: undefined, sizeBytes: undefined };

export const sizeOf = (text: string | null | undefined): number | undefined =>
  text == null ? undefined : Number(text);

export const ddlOf = (index: IndexDefinition): string =>
  renderCreateIndex(index, "planlens_trial", { concurrently: false });

/** 0A000 and XX000: what HypoPG refuses, such as GIN; 42xxx: an expression the server cannot index. */
export const isRefusal = (error: unknown): boolean =>
  /^(0A|XX|42)/.test(readError(error).code);

/** How a statement is planned with trial indexes. */
export interface TrialPlanning {
  /** One per parameter; undefined plans without asking. */
  readonly values: readonly (string | null)[] | undefined;
  readonly state: TransactionState;
}

/** Plans with these present. */
export async function planWithTrials(
  session: Session,
  statement: ParsedStatement,
  trials: readonly Trial[],
  { values, state }: TrialPlanning,
): Answer<WhatIfAnswer> {
  const planned = await planStatement(session, statement, values, state);
  if (!planned.ok) return planned;
  return succeeded({
    plan: planned.value.plan,
    names: trials.map((trial) => trial.name),
    sizesBytes: trials.map((trial) => trial.sizeBytes),
  });
}

/** Building takes longer than a plain read: the demo's largest table needs about a second. */
export const buildLimitMs = 20_000;
export const buildSlackMs = 40_000;

export async function buildIndex(
  session: Session,
  index: IndexDefinition,
  name: string,
): Promise<Trial> {
  await session.run(renderCreateIndex(index, name, { concurrently: false }));
  // As it was counted when it was made: not every role may call pg_relation_size, and a refusal ends the transaction.
  const [row] = await session.run(
    `SELECT /* planlens */ relpages * current_setting('block_size')::bigint AS size
       FROM pg_class WHERE oid = to_regclass(quote_ident($1) || '.' || quote_ident($2))`,
    [index.schema, name],
  );
  return { name, sizeBytes: sizeOf(row?.["size"]) };
}
