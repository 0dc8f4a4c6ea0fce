import { words } from "../../core/words.ts";
import type {
  Answer,
  DatabaseError,
  WhatIfAnswer,
  WhatIfSession,
} from "../../app/database.ts";
import type { IndexDefinition } from "../../core/advice/suggestion.ts";
import { readTrialPlan } from "../../core/advice/workload/trial-plan.ts";
import { failed, succeeded } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { openBuilding, type Building } from "./building.ts";
import { labelOf } from "./explain.ts";
import { findHypopg, type HypopgExtension } from "./server-info.ts";
import type { Session } from "./session.ts";
import type { Lease } from "./sessions.ts";
import {
  buildLimitMs,
  buildSlackMs,
  ddlOf,
  isRefusal,
  planWithTrials,
  refused,
  sizeOf,
  type Trial,
  type TrialPlanning,
} from "./trial-index.ts";

interface Hypothetical extends Trial {
  readonly oid: string;
  /** Without schema, as a statement may name it. */
  readonly table: string;
}

/** An index that is asked for. */
interface Asked {
  readonly ddl: string;
  readonly table: string;
}

/** The hypothetical indexes of one backend, by their DDL. */
interface HypotheticalIndexes {
  readonly extension: HypopgExtension;
  readonly present: Map<string, Hypothetical>;
  readonly refusals: Set<string>;
}

async function createHypothetical(
  session: Session,
  { extension, present }: HypotheticalIndexes,
  asked: readonly Asked[],
): Promise<void> {
  const rows = await session.run(
    `SELECT /* planlens */ h.indexrelid AS oid, h.indexname AS name,
       ${extension.schema}.hypopg_relation_size(h.indexrelid) AS size
     FROM json_array_elements_text($1::json) WITH ORDINALITY asked(ddl, place),
       LATERAL ${extension.schema}.hypopg_create_index(asked.ddl) h ORDER BY asked.place`,
    [JSON.stringify(asked.map(({ ddl }) => ddl))],
  );
  for (const [at, { ddl, table }] of asked.entries())
    present.set(ddl, {
      oid: rows[at]?.["oid"] ?? "",
      name: rows[at]?.["name"] ?? undefined,
      sizeBytes: sizeOf(rows[at]?.["size"]),
      table,
    });
}

async function clearHypothetical(
  session: Session,
  { extension, present }: HypotheticalIndexes,
): Promise<void> {
  await session.run(`SELECT /* planlens */ ${extension.schema}.hypopg_reset()`);
  present.clear();
}

/** One refused index fails them all, and some stay: so everything goes, and each comes alone. */
async function createOneByOne(
  session: Session,
  indexes: HypotheticalIndexes,
  asked: readonly Asked[],
): Promise<void> {
  await clearHypothetical(session, indexes);
  for (const one of asked)
    try {
      await createHypothetical(session, indexes, [one]);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      indexes.refusals.add(one.ddl);
    }
}

/** Beyond this many, forgetting all is faster than dropping each. */
const maximumDropped = 20;

async function dropSpare(
  session: Session,
  indexes: HypotheticalIndexes,
  isSpare: (ddl: string, index: Hypothetical) => boolean,
): Promise<void> {
  const { extension, present } = indexes;
  const spare = [...present].filter(([ddl, index]) => isSpare(ddl, index));
  if (spare.length === 0) return;
  if (spare.length > maximumDropped || spare.length === present.size) {
    await clearHypothetical(session, indexes);
    return;
  }
  const oids = spare.map(([, { oid }]) => oid);
  await session.run(
    `SELECT /* planlens */ ${extension.schema}.hypopg_drop_index(asked.oid::oid)
     FROM json_array_elements_text($1::json) asked(oid)`,
    [JSON.stringify(oids)],
  );
  for (const [ddl] of spare) present.delete(ddl);
}

/**
 * Makes these present, those refused left out; keeps what is there already, and what stands on
 * tables that the statement does not name: it cannot matter to its plan, and the next may ask for it.
 */
async function arrangeHypothetical(
  session: Session,
  indexes: HypotheticalIndexes,
  asked: readonly Asked[],
  named: ReadonlySet<string>,
): Promise<readonly Trial[]> {
  const { present, refusals } = indexes;
  const wanted = asked.filter(({ ddl }) => !refusals.has(ddl));
  const ddls = new Set(wanted.map(({ ddl }) => ddl));
  await dropSpare(
    session,
    indexes,
    (ddl, { table }) => named.has(table) && !ddls.has(ddl),
  );
  const missing = wanted.filter(({ ddl }) => !present.has(ddl));
  if (missing.length > 0)
    try {
      await createHypothetical(session, indexes, missing);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      await createOneByOne(session, indexes, wanted);
    }
  return asked.map(({ ddl }) => present.get(ddl) ?? refused);
}

/** A view reads tables that the statement does not name: what was kept on them got into the plan. */
function usesUnasked(
  plan: unknown,
  { present }: HypotheticalIndexes,
  asked: readonly Asked[],
): boolean {
  const ddls = new Set(asked.map(({ ddl }) => ddl));
  const used = readTrialPlan(plan)?.indexNames ?? new Set();
  return [...present].some(
    ([ddl, { name }]) => !ddls.has(ddl) && name !== undefined && used.has(name),
  );
}

/**
 * HypoPG takes an OID for each hypothetical index and its own range ends after about 2,500 of them,
 * unless they are reset; a session that has made more than this starts afresh.
 */
const maximumPresent = 1000;

/** Plans with hypothetical indexes, which live in one backend: the session is a lease's own. */
export function openHypothetical(
  session: Session,
  extension: HypopgExtension,
): (
  statement: ParsedStatement,
  asked: readonly IndexDefinition[],
  planning: TrialPlanning,
) => Answer<WhatIfAnswer> {
  const indexes: HypotheticalIndexes = {
    extension,
    present: new Map(),
    refusals: new Set(),
  };
  let made = 0;
  return async (statement, definitions, planning) => {
    if (made === 0 || made > maximumPresent) {
      await clearHypothetical(session, indexes);
      made = 0;
    }
    const asked = definitions.map((index) => ({
      ddl: ddlOf(index),
      table: index.table,
    }));
    const fresh = asked.filter(({ ddl }) => !indexes.present.has(ddl));
    const named = new Set(statement.facts.tables.map(({ name }) => name));
    const trials = await arrangeHypothetical(session, indexes, asked, named);
    made += Math.max(1, fresh.length);
    const planned = await planWithTrials(session, statement, trials, planning);
    if (!planned.ok || !usesUnasked(planned.value.plan, indexes, asked))
      return planned;
    const all = new Set(
      [...indexes.present.values()].map(({ table }) => table),
    );
    const alone = await arrangeHypothetical(session, indexes, asked, all);
    return planWithTrials(session, statement, alone, planning);
  };
}

const closeLimitMs = 2000;

export const noWhatIf: DatabaseError = {
  kind: "unsupported",
  message: words("this server has no HypoPG to try an index with"),
};

type Planner = ReturnType<typeof openHypothetical>;

/** HypoPG's planner of this backend, made once; undefined where the server has no HypoPG. */
async function findPlanner(
  open: WeakMap<Session, Planner>,
  session: Session,
): Promise<Planner | undefined> {
  const known = open.get(session);
  if (known !== undefined) return known;
  const hypopg = await findHypopg(session);
  if (hypopg === undefined) return undefined;
  const opened = openHypothetical(session, hypopg);
  open.set(session, opened);
  return opened;
}

function findBuilding(
  open: WeakMap<Session, Building>,
  session: Session,
  values: TrialPlanning["values"],
): Building {
  const known = open.get(session) ?? openBuilding(session, values);
  open.set(session, known);
  return known;
}

/** A session that cannot be cleared ends: what is hypothetical ends with it. */
export async function forgetHypothetical(session: Session): Answer<undefined> {
  try {
    const hypopg = await findHypopg(session);
    if (hypopg !== undefined)
      await session.run(
        `SELECT /* planlens */ ${hypopg.schema}.hypopg_reset()`,
      );
  } catch {
    await session.end();
  }
  return succeeded(undefined);
}

/** How the trials of one search are planned. */
interface WhatIfOptions extends Pick<TrialPlanning, "values"> {
  /** Where the server has no HypoPG. */
  readonly byBuilding: boolean;
}

/**
 * Plans with trial indexes: HypoPG where the server has it, real ones rolled back where that is
 * allowed. Hypothetical indexes stay in the leased backend until another set is asked for, so that
 * a search pays only for what changes; other sessions never see them.
 */
export function openWhatIf(
  lease: Lease,
  { byBuilding, values }: WhatIfOptions,
): WhatIfSession {
  const open = new WeakMap<Session, Planner>();
  const building = new WeakMap<Session, Building>();
  let isUsed = false;
  return {
    plan: (statement, indexes, signal) => {
      isUsed = true;
      const what = `EXPLAIN ${labelOf(statement)} with ${indexes.length} trial indexes`;
      const task = byBuilding
        ? { what, signal, limitMs: buildSlackMs + buildLimitMs }
        : { what, signal };
      return lease.run(task, async (session) => {
        const planner = await findPlanner(open, session);
        if (planner !== undefined)
          return planner(statement, indexes, { values, state: "none" });
        if (!byBuilding) return failed(noWhatIf);
        return findBuilding(building, session, values).plan(statement, indexes);
      });
    },
    close: async () => {
      const signal = AbortSignal.timeout(closeLimitMs);
      const what = "forget trial indexes";
      if (isUsed)
        await lease.run({ what, signal }, async (session) => {
          await building.get(session)?.close();
          return forgetHypothetical(session);
        });
      lease.release();
    },
  };
}
