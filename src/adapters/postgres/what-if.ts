import { words } from "../../core/words.ts";
import type { Answer, WhatIfAnswer } from "../../app/database.ts";
import { renderCreateIndex } from "../../core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../core/advice/suggestion.ts";
import { failed, succeeded } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { readError } from "./errors.ts";
import { planStatement, rollBack, type TransactionState } from "./explain.ts";
import { countParameters, findPreparation } from "./prepare.ts";
import { findHypopg, type HypopgExtension } from "./server-info.ts";
import type { Session } from "./session.ts";

interface Trial {
  readonly name: string;
  readonly sizeBytes: number | undefined;
}

const sizeOf = (text: string | null | undefined): number | undefined =>
  text == null ? undefined : Number(text);

async function createHypothetical(
  session: Session,
  hypopg: HypopgExtension,
  index: IndexDefinition,
): Promise<Trial> {
  const ddl = renderCreateIndex(index, "planlens_trial", {
    concurrently: false,
  });
  const [row] = await session.run(
    `SELECT /* planlens */ indexname, ${hypopg.schema}.hypopg_relation_size(indexrelid) AS size
     FROM ${hypopg.schema}.hypopg_create_index($1)`,
    [ddl],
  );
  return { name: row?.["indexname"] ?? "", sizeBytes: sizeOf(row?.["size"]) };
}

async function planWithTrials(
  session: Session,
  statement: ParsedStatement,
  create: () => Promise<readonly Trial[]>,
  state: TransactionState,
): Answer<WhatIfAnswer> {
  let trials: readonly Trial[];
  try {
    trials = await create();
  } catch (error) {
    const { code, message } = readError(error);
    // 0A000 and XX000: what HypoPG refuses, such as GIN; 42xxx: an expression the server cannot index.
    if (/^(0A|XX|42)/.test(code))
      return failed({ kind: "unsupported", message });
    throw error;
  }
  const planned = await planStatement(session, statement, undefined, state);
  if (!planned.ok) return planned;
  return succeeded({
    plan: planned.value.plan,
    names: trials.map((trial) => trial.name),
    sizesBytes: trials.map((trial) => trial.sizeBytes),
  });
}

/** Hypothetical indexes live in one backend: the session is ours alone until they are gone again. */
async function tryHypothetical(
  session: Session,
  hypopg: HypopgExtension,
  statement: ParsedStatement,
  indexes: readonly IndexDefinition[],
): Answer<WhatIfAnswer> {
  const reset = `SELECT /* planlens */ ${hypopg.schema}.hypopg_reset()`;
  await session.run(reset);
  try {
    const create = async (): Promise<readonly Trial[]> => {
      const trials: Trial[] = [];
      for (const index of indexes)
        trials.push(await createHypothetical(session, hypopg, index));
      return trials;
    };
    return await planWithTrials(session, statement, create, "none");
  } finally {
    await session.run(reset).catch(() => session.end());
  }
}

/** Building takes longer than a plain read: the demo's largest table needs about a second. */
const buildLimitMs = 20_000;

async function buildIndex(
  session: Session,
  index: IndexDefinition,
  name: string,
): Promise<Trial> {
  await session.run(renderCreateIndex(index, name, { concurrently: false }));
  const [row] = await session.run(
    "SELECT /* planlens */ pg_relation_size(to_regclass(quote_ident($1) || '.' || quote_ident($2))) AS size",
    [index.schema, name],
  );
  return { name, sizeBytes: sizeOf(row?.["size"]) };
}

async function tryBuilding(
  session: Session,
  statement: ParsedStatement,
  indexes: readonly IndexDefinition[],
): Answer<WhatIfAnswer> {
  // A refusal would end the transaction.
  if (countParameters(statement) > 0) await findPreparation(session, statement);
  await session.run("BEGIN READ WRITE");
  try {
    await session.run(`SET LOCAL statement_timeout = ${buildLimitMs}`);
    const create = async (): Promise<readonly Trial[]> => {
      const trials: Trial[] = [];
      for (const [at, index] of indexes.entries())
        trials.push(
          await buildIndex(session, index, `planlens_trial_${at + 1}`),
        );
      return trials;
    };
    return await planWithTrials(session, statement, create, "open");
  } finally {
    await rollBack(session);
  }
}

/** Plans with trial indexes: HypoPG where the server has it, real ones rolled back where that is allowed. */
export async function tryIndexes(
  session: Session,
  statement: ParsedStatement,
  indexes: readonly IndexDefinition[],
  whatIfByBuilding: boolean,
): Answer<WhatIfAnswer> {
  const hypopg = await findHypopg(session);
  if (hypopg !== undefined)
    return tryHypothetical(session, hypopg, statement, indexes);
  if (whatIfByBuilding) return tryBuilding(session, statement, indexes);
  return failed({
    kind: "unsupported",
    message: words("this server has no HypoPG to try an index with"),
  });
}
