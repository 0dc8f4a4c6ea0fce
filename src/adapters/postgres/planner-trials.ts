import type { Answer } from "../../app/database.ts";
import { quoteIdentifier } from "../../core/sql/quote-identifier.ts";
import type { IndexDefinition } from "../../core/advice/suggestion.ts";
import type {
  PlannerTrial,
  TriedPlans,
} from "../../core/advice/why-not/planner-trial.ts";
import {
  isPlannerSetting,
  type SettingValues,
} from "../../core/advice/why-not/planner-settings.ts";
import { failed, succeeded } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { readError } from "./errors.ts";
import { rollBack } from "./analyze.ts";
import { labelOf, planStatement } from "./explain.ts";
import { countParameters, findPreparation } from "./prepare.ts";
import { findHypopg, type HypopgExtension } from "./server-info.ts";
import type { Session } from "./session.ts";
import type { Lease } from "./sessions.ts";
import {
  buildIndex,
  buildLimitMs,
  buildSlackMs,
  isRefusal,
  type Trial,
} from "./trial-index.ts";
import { forgetHypothetical, noWhatIf, openHypothetical } from "./what-if.ts";

/** What is tried: the statement under each of the trials, with the imagined indexes present in all of them. */
export interface PlannerQuestion {
  readonly statement: ParsedStatement;
  readonly indexes: readonly IndexDefinition[];
  readonly trials: readonly PlannerTrial[];
}

interface Asked extends PlannerQuestion {
  readonly signal: AbortSignal;
}

/** The compiler holds the list; this holds it against what comes as JSON. */
const allowed = (settings: SettingValues): SettingValues =>
  Object.fromEntries(
    Object.entries(settings).filter(([name]) => isPlannerSetting(name)),
  );

type Hidden = PlannerTrial["hidden"];

/** Since HypoPG 1.4. True when all are hidden from this backend's plans. */
async function hide(
  session: Session,
  { schema }: HypopgExtension,
  hidden: Hidden,
): Promise<boolean> {
  const names = hidden.map(
    (index) =>
      `${quoteIdentifier(index.schema)}.${quoteIdentifier(index.name)}`,
  );
  const rows = await session.run(
    `SELECT /* planlens */ ${schema}.hypopg_hide_index(to_regclass(name)::oid) AS done
     FROM json_array_elements_text($1::json) asked(name)`,
    [JSON.stringify(names)],
  );
  return rows.every((row) => row["done"] === "t");
}

async function canHide(
  session: Session,
  extension: HypopgExtension | undefined,
): Promise<HypopgExtension | undefined> {
  if (extension === undefined) return undefined;
  const [row] = await session.run(
    "SELECT /* planlens */ to_regprocedure($1) IS NOT NULL AS known",
    [`${extension.schema}.hypopg_hide_index(oid)`],
  );
  return row?.["known"] === "t" ? extension : undefined;
}

type PlanOne = (trial: PlannerTrial) => Answer<unknown>;

/** Hides around one plan, and shows again whatever happens; a trial that cannot be made has no plan. */
function hiding(
  session: Session,
  extension: HypopgExtension | undefined,
  plan: PlanOne,
): PlanOne {
  return async (trial) => {
    if (trial.hidden.length === 0) return plan(trial);
    if (extension === undefined) return succeeded(undefined);
    try {
      const isHidden = await hide(session, extension, trial.hidden);
      return isHidden ? await plan(trial) : succeeded(undefined);
    } finally {
      // A session that goes on without the user's own indexes would plan wrongly for everybody after.
      await session
        .run(
          `SELECT /* planlens */ ${extension.schema}.hypopg_unhide_all_indexes()`,
        )
        .catch(() => session.end());
    }
  };
}

/** A cancel stops the statement under way; between two of them there is nothing that it would meet. */
async function planAll(
  trials: readonly PlannerTrial[],
  plan: PlanOne,
  signal: AbortSignal,
): Answer<readonly unknown[]> {
  const plans: unknown[] = [];
  for (const trial of trials) {
    if (signal.aborted) return failed({ kind: "cancelled" });
    const planned = await plan(trial);
    if (!planned.ok) return planned;
    plans.push(planned.value);
  }
  return succeeded(plans);
}

/** Existing and hypothetical indexes: every plan is one read-only transaction of its own. */
async function tryReading(
  session: Session,
  question: Asked,
  extension: HypopgExtension | undefined,
): Answer<TriedPlans> {
  const { statement, indexes, trials, signal } = question;
  const hypothetical =
    extension === undefined ? undefined : openHypothetical(session, extension);
  let names: TriedPlans["names"] = [];
  let sizesBytes: TriedPlans["sizesBytes"] = [];
  const plan: PlanOne = async ({ settings }) => {
    const state = { settings: allowed(settings) };
    if (hypothetical === undefined || indexes.length === 0) {
      const planned = await planStatement(session, statement, undefined, state);
      return planned.ok ? succeeded(planned.value.plan) : planned;
    }
    const planned = await hypothetical(statement, indexes, {
      values: undefined,
      state,
    });
    if (!planned.ok) return planned;
    ({ names, sizesBytes } = planned.value);
    return succeeded(planned.value.plan);
  };
  const hider = await canHide(session, extension);
  const plans = await planAll(trials, hiding(session, hider, plan), signal);
  return plans.ok
    ? succeeded({ plans: plans.value, names, sizesBytes })
    : plans;
}

const savepoint = "planlens_trial";

/** Within the transaction that is rolled back: other indexes are hidden by dropping them for one plan. */
async function planBuilt(
  session: Session,
  statement: ParsedStatement,
  trial: PlannerTrial,
): Answer<unknown> {
  await session.run(`SAVEPOINT ${savepoint}`);
  try {
    for (const { schema, name } of trial.hidden)
      await session.run(
        `DROP INDEX ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`,
      );
    for (const [name, value] of Object.entries(allowed(trial.settings)))
      await session.run("SELECT /* planlens */ set_config($1, $2, true)", [
        name,
        value,
      ]);
    const planned = await planStatement(session, statement, undefined, "open");
    return planned.ok ? succeeded(planned.value.plan) : planned;
  } catch (error) {
    // 2BP01: a constraint needs the index, so it cannot be hidden this way.
    if (readError(error).code !== "2BP01") throw error;
    return succeeded(undefined);
  } finally {
    await session.run(`ROLLBACK TO ${savepoint}`);
  }
}

/** Real indexes, built once for all trials; for databases that nobody else uses. */
async function tryBuilding(
  session: Session,
  { statement, indexes, trials, signal }: Asked,
): Answer<TriedPlans> {
  if (countParameters(statement) > 0) await findPreparation(session, statement);
  await session.run("BEGIN READ WRITE");
  try {
    await session.run(`SET LOCAL statement_timeout = ${buildLimitMs}`);
    const built: Trial[] = [];
    for (const [at, index] of indexes.entries())
      built.push(await buildIndex(session, index, `planlens_trial_${at + 1}`));
    const plan: PlanOne = (trial) => planBuilt(session, statement, trial);
    const plans = await planAll(trials, plan, signal);
    if (!plans.ok) return plans;
    return succeeded({
      plans: plans.value,
      names: built.map(({ name }) => name),
      sizesBytes: built.map(({ sizeBytes }) => sizeBytes),
    });
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return failed({ kind: "unsupported", message: readError(error).message });
  } finally {
    await rollBack(session);
  }
}

async function tryOn(
  session: Session,
  question: Asked,
  byBuilding: boolean,
): Answer<TriedPlans> {
  const extension = await findHypopg(session);
  if (extension === undefined && byBuilding)
    return tryBuilding(session, question);
  if (extension === undefined && question.indexes.length > 0)
    return failed(noWhatIf);
  try {
    return await tryReading(session, question, extension);
  } finally {
    if (extension !== undefined) await forgetHypothetical(session);
  }
}

/** Plans the statement once per trial, all in one backend; leaves nothing behind. */
export async function tryPlans(
  lease: Lease,
  question: PlannerQuestion,
  byBuilding: boolean,
  signal: AbortSignal,
): Answer<TriedPlans> {
  const { statement, trials } = question;
  const what = `EXPLAIN ${labelOf(statement)} under ${trials.length} planner trials`;
  const task = byBuilding
    ? { what, signal, limitMs: buildSlackMs + buildLimitMs }
    : { what, signal };
  try {
    return await lease.run(task, (session) =>
      tryOn(session, { ...question, signal }, byBuilding),
    );
  } finally {
    lease.release();
  }
}
