import type {
  Answer,
  DatabaseError,
  ExplainAnswer,
  ParameterHandling,
} from "../../app/database.ts";
import type { SettingValues } from "../../core/advice/why-not/planner-settings.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type {
  ParsedStatement,
  StatementVerb,
} from "../../core/sql/statement.ts";
import { readError, readPosition } from "./errors.ts";
import {
  preparedName,
  type ExchangeRequest,
  type Row,
  type Step,
} from "./exchange.ts";
import {
  countParameters,
  findPreparation,
  forgetFound,
  isParameterTrouble,
  knownPreparation,
} from "./prepare.ts";
import type { Session } from "./session.ts";
import { placeInStatement, type ShiftedText } from "./shifted-text.ts";
import { findTypicalValues, insertValues } from "./typical-values.ts";

/** Every option here exists from 13 on. VERBOSE names schemas and the query identifier. */
export const planOptions = "FORMAT JSON, VERBOSE, SETTINGS";

/** For logs: what kind of statement and which, never its literals. */
export function labelOf(statement: ParsedStatement): string {
  return `${statement.verb} ${statement.fingerprint}`;
}

/** The query identifier has 64 bits, more than a JavaScript number holds: it becomes a string. */
function parsePlanJson(text: string): unknown {
  return JSON.parse(text.replace(/("Query Identifier": )(-?\d+)/g, '$1"$2"'));
}

export function readPlan(rows: readonly Row[]): unknown {
  const text = rows[0]?.["QUERY PLAN"];
  if (typeof text !== "string") throw new Error("the server sent no plan");
  return parsePlanJson(text);
}

/** Our own setting does not belong among those the user should know of. */
function hideOwnSetting(plan: unknown): unknown {
  const first: unknown = Array.isArray(plan) ? plan[0] : undefined;
  if (typeof first !== "object" || first === null || !("Settings" in first))
    return plan;
  const settings = { ...(first.Settings as Record<string, unknown>) };
  delete settings["plan_cache_mode"];
  return [{ ...first, Settings: settings }];
}

/** What was sent: `prefix` before the statement's own text, which may be shifted. */
interface SentText {
  readonly prefix: string;
  readonly text: ShiftedText;
}

/** SQL errors get their place in the statement; everything else is left to the sessions. */
export function locateError(
  error: unknown,
  { prefix, text }: SentText,
): Result<never, DatabaseError> {
  const raw = readError(error);
  const isSql =
    /^[0-9A-Z]{5}$/.test(raw.code) &&
    !/^(08|57|53|25|55|28|3D|42501)/.test(raw.code);
  if (!isSql) throw error;
  const position = readPosition(error);
  const inStatement =
    position === undefined ? -1 : position - 1 - prefix.length;
  return failed({
    kind: "sql",
    code: raw.code,
    message: raw.message,
    hint:
      raw.code === "42P18"
        ? "Write the parameter's type: $1::integer"
        : raw.hint,
    at: inStatement < 0 ? undefined : placeInStatement(text, inStatement),
  });
}

type Planned = Result<
  { readonly plan: unknown; readonly parameters: ParameterHandling },
  DatabaseError
>;

/** Planner settings for one plan, by SET LOCAL in the transaction that is rolled back. */
export interface LocalSettings {
  readonly settings: SettingValues;
}

/** `open`: the caller has begun a transaction and will end it. */
export type TransactionState = "none" | "open" | LocalSettings;

function settingSteps(state: TransactionState): readonly Step[] {
  const settings =
    typeof state === "string" ? [] : Object.entries(state.settings);
  if (settings.length === 0) return [];
  const calls = settings.map(
    (_, at) => `set_config($${2 * at + 1}, $${2 * at + 2}, true)`,
  );
  return [
    {
      text: `SELECT /* planlens */ ${calls.join(", ")}`,
      values: settings.flat(),
    },
  ];
}

/**
 * Even plain EXPLAIN can leave something behind: it calls functions declared immutable, and on 18 that of
 * CREATE TEMP TABLE AS makes the session's temporary schema. So it is rolled back, in the same round trip.
 */
async function sendExplain(
  session: Session,
  request: ExchangeRequest,
  state: TransactionState,
): Promise<unknown> {
  if (state === "open") return readPlan(await session.send(request));
  const steps = [...settingSteps(state), ...request.steps];
  try {
    const rows = await session.send({
      ...request,
      steps: [{ text: "BEGIN READ ONLY" }, ...steps, { text: "ROLLBACK" }],
      answer: steps.length,
    });
    return readPlan(rows);
  } catch (error) {
    await session.run("ROLLBACK").catch(() => session.end());
    throw error;
  }
}

async function planWithValues(
  session: Session,
  statement: ParsedStatement,
  values: readonly (string | null)[],
  state: TransactionState,
): Promise<Planned> {
  const prefix = `EXPLAIN (${planOptions}) `;
  let sent = knownPreparation(session, statement);
  try {
    const plan = await healing(session, statement, state, () => {
      sent = knownPreparation(session, statement);
      const { text, types } = sent;
      const steps = [{ text: prefix + text.text, values, types }];
      return sendExplain(session, { steps }, state);
    });
    const parameters: ParameterHandling =
      values.length === 0 ? { kind: "none" } : { kind: "given", values };
    return succeeded({ plan, parameters });
  } catch (error) {
    return locateError(error, { prefix, text: sent.text });
  }
}

/** Sends; when the server refuses the parameters' types, they are searched for anew and it is sent again. */
export async function healing<Value>(
  session: Session,
  statement: ParsedStatement,
  state: TransactionState,
  send: () => Promise<Value>,
): Promise<Value> {
  try {
    return await send();
  } catch (error) {
    if (state === "open" || !isParameterTrouble(error)) throw error;
    forgetFound(session, statement);
    const found = await findPreparation(session, statement);
    if (found === undefined) throw error;
    return send();
  }
}

/**
 * The generic plan, on every version alike: the statement is prepared with the types the server
 * infers, and explained under force_generic_plan. (GENERIC_PLAN of 16 and later gives the same plan,
 * but takes its `$n` only over the simple protocol, which would let a second statement ride along.)
 * Without force_generic_plan the NULLs would be taken for values, and fold to "One-Time Filter: false".
 */
async function planGeneric(
  session: Session,
  statement: ParsedStatement,
  state: TransactionState,
): Promise<Planned> {
  const nulls = Array.from(
    { length: countParameters(statement) },
    () => "NULL",
  ).join(", ");
  const steps = [
    {
      text: "SELECT /* planlens */ set_config('plan_cache_mode', 'force_generic_plan', true)",
    },
    { text: `EXPLAIN (${planOptions}) EXECUTE ${preparedName}(${nulls})` },
  ];
  let sent = knownPreparation(session, statement);
  try {
    const plan = await healing(session, statement, state, () => {
      sent = knownPreparation(session, statement);
      const { text, types } = sent;
      return sendExplain(session, { prepare: text.text, types, steps }, state);
    });
    const kind = session.versionNumber >= 160_000 ? "genericPlan" : "prepared";
    return succeeded({ plan: hideOwnSetting(plan), parameters: { kind } });
  } catch (error) {
    const refused = locateError(error, { prefix: "", text: sent.text });
    if (state === "open" || !isParameterTrouble(error)) return refused;
    const planned = await planTypical(session, statement, state);
    // When values do not help either, the first refusal tells more.
    return planned.ok ? planned : refused;
  }
}

/** What EXPLAIN EXECUTE plans anew for its arguments, force_generic_plan or not: their NULLs would leave nothing to plan. */
const plannedForValues: ReadonlySet<StatementVerb> = new Set<StatementVerb>([
  "createTableAs",
  "createMaterializedView",
  "declareCursor",
]);

const hasGenericPlan = ({ verb }: ParsedStatement): boolean =>
  !plannedForValues.has(verb);

/** With values in the place of the parameters. */
async function planTypical(
  session: Session,
  statement: ParsedStatement,
  state: TransactionState,
): Promise<Planned> {
  const values = await findTypicalValues(session, statement);
  const prefix = `EXPLAIN (${planOptions}) `;
  const text = insertValues(statement, values);
  try {
    const steps = [{ text: prefix + text.text }];
    const plan = await sendExplain(session, { steps }, state);
    return succeeded({ plan, parameters: { kind: "fromStatistics", values } });
  } catch (error) {
    return locateError(error, { prefix, text });
  }
}

/** Plans without running. Wrong numbers of values are refused by the server. */
export async function planStatement(
  session: Session,
  statement: ParsedStatement,
  values: readonly (string | null)[] | undefined,
  state: TransactionState = "none",
): Promise<Planned> {
  if (values !== undefined || countParameters(statement) === 0)
    return planWithValues(session, statement, values ?? [], state);
  return hasGenericPlan(statement)
    ? planGeneric(session, statement, state)
    : planTypical(session, statement, state);
}

export async function explainStatement(
  session: Session,
  statement: ParsedStatement,
  values: readonly (string | null)[] | undefined,
): Answer<ExplainAnswer> {
  const startedAt = performance.now();
  const planned = await planStatement(session, statement, values);
  if (!planned.ok) return planned;
  return succeeded({
    ...planned.value,
    elapsedMs: performance.now() - startedAt,
  });
}
