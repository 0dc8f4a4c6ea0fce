import type { Text } from "../core/words.ts";
import { adviseStatement, hasCandidates } from "../core/advice/advise.ts";
import { isUntried } from "../core/advice/by-rule.ts";
import {
  hiddenFromCopy,
  noteHiddenStatistics,
} from "../core/advice/hidden-statistics.ts";
import { mergeAdvice } from "../core/advice/merge-advice.ts";
import type { Advice } from "../core/advice/suggestion.ts";
import type { Catalog } from "../core/catalog.ts";
import { findFindings } from "../core/findings/catalogue.ts";
import type { Finding } from "../core/findings/finding.ts";
import type { Plan } from "../core/plan/plan.ts";
import { parseExplain } from "../core/postgres/parse-explain.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import { resolveColumns } from "../core/sql/resolve-columns.ts";
import type { ParsedStatement, ParseFailure } from "../core/sql/statement.ts";
import { lookBeneath, type Beneath } from "./beneath-views.ts";
import type { CatalogCache } from "./catalog-cache.ts";
import type {
  Database,
  DatabaseError,
  ExplainAnswer,
  ParameterHandling,
  ServerInfo,
  WhatIfSession,
} from "./database.ts";

/** All that a front end shows about one statement on one connection. */
export interface ExplainedStatement {
  readonly statement: ParsedStatement;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly findings: readonly Finding[];
  readonly advice: Advice;
  readonly parameters: ParameterHandling;
}

export type ExplainFailure =
  | { readonly kind: "parse"; readonly failure: ParseFailure }
  | { readonly kind: "database"; readonly error: DatabaseError }
  | { readonly kind: "plan"; readonly detail: Text };

export interface ExplainPorts {
  readonly database: Database;
  readonly catalog: CatalogCache;
  readonly parser: SqlParser;
}

export interface ExplainOptions {
  /** One per parameter; undefined plans without asking. */
  readonly values: readonly (string | null)[] | undefined;
  /** Without it `advice` is empty and no what-if is planned. */
  readonly advise: boolean;
}

type Explained = Promise<Result<ExplainedStatement, ExplainFailure>>;

const noAdvice: Advice = { suggestions: [], rejected: [] };

function readPlan(answer: ExplainAnswer): Result<Plan, ExplainFailure> {
  const plan = parseExplain(answer.plan);
  return plan.ok ? plan : failed({ kind: "plan", detail: plan.error.detail });
}

/** Tables of both, so that a DELETE's own tables stay known. */
const beneathOf = (
  beneath: Beneath | undefined,
  catalog: Catalog,
): { readonly beneath?: ParsedStatement; readonly catalog: Catalog } =>
  beneath === undefined
    ? { catalog }
    : {
        beneath: beneath.statement,
        catalog: {
          tables: [...new Set([...catalog.tables, ...beneath.catalog.tables])],
        },
      };

/** How the indexes of a statement can be tried, and the plan that those with them are compared to. */
interface Proving {
  readonly plan: Plan;
  readonly kind: ServerInfo["whatIf"];
  readonly whyNone?: Text;
}

/**
 * Costs are comparable when one planner tells both: a copy of the statistics may be of another version, so it plans the
 * statement without trial indexes too. Where the copy cannot, nothing is proven; where there is nothing to try, or the
 * copy would lack statistics that the server plans by, none is made.
 */
async function provingOf(
  { explained, beneath }: Asked,
  { kind, trials }: Way,
  signal: AbortSignal,
): Promise<Result<Proving, DatabaseError>> {
  const { statement, plan, catalog } = explained;
  if (kind !== "twin") return succeeded({ plan, kind });
  const own: Proving = { plan, kind: "none" };
  if (!hasCandidates({ statement, plan, ...beneathOf(beneath, catalog) }))
    return succeeded(own);
  if (notesOn({ explained, beneath }).length > 0)
    return succeeded({ ...own, whyNone: hiddenFromCopy });
  const answer = await trials.plan(statement, [], signal);
  if (!answer.ok)
    return answer.error.kind === "cancelled" ? answer : succeeded(own);
  const onCopy = parseExplain(answer.value.plan);
  return succeeded(onCopy.ok ? { plan: onCopy.value, kind } : own);
}

/** A plan for certain values is compared with plans for the same. */
const valuesIn = (
  parameters: ParameterHandling,
): readonly (string | null)[] | undefined =>
  parameters.kind === "given" ? parameters.values : undefined;

/** A way of trying indexes. */
interface Way {
  readonly kind: ServerInfo["whatIf"];
  readonly hypopgVersion: string | undefined;
  readonly trials: WhatIfSession;
}

interface Asked {
  readonly explained: ExplainedStatement;
  readonly beneath: Beneath | undefined;
}

const notesOn = ({ explained, beneath }: Asked): readonly Text[] =>
  noteHiddenStatistics(
    beneath?.statement ?? explained.statement,
    beneath?.catalog ?? explained.catalog,
  );

/** Where nothing came into question, nothing is poorer. */
function withNotes(advice: Advice, asked: Asked): Advice {
  const notes = notesOn(asked);
  const isAdvised =
    advice.suggestions.length + advice.rejected.length > 0 ||
    asked.explained.catalog.refused !== undefined;
  return isAdvised && notes.length > 0 ? { ...advice, notes } : advice;
}

/** A plan is worth showing without the catalog, which some servers hide from plain roles. */
async function readCatalog(
  { catalog }: ExplainPorts,
  { facts }: ParsedStatement,
  signal: AbortSignal,
): Promise<Result<Catalog, DatabaseError>> {
  const answer = await catalog.read(facts.tables, signal);
  return !answer.ok && answer.error.kind === "missingRight"
    ? succeeded({ tables: [], refused: answer.error.message })
    : answer;
}

/** `isUnproven`: nothing could be tried in this way at all. */
async function adviseBy(
  asked: Asked,
  way: Way,
  signal: AbortSignal,
): Promise<Result<Advice, DatabaseError> & { readonly isUnproven: boolean }> {
  const { explained, beneath } = asked;
  const { statement, catalog } = explained;
  const { hypopgVersion, trials } = way;
  try {
    const proving = await provingOf(asked, way, signal);
    if (!proving.ok) return { ...proving, isUnproven: true };
    const { plan, ...possible } = proving.value;
    const advice = await adviseStatement({
      statement,
      ...beneathOf(beneath, catalog),
      plan,
      prover: {
        ...possible,
        hypopgVersion,
        whatIf: (indexes) => trials.plan(statement, indexes, signal),
      },
    });
    return { ...advice, isUnproven: possible.kind === "none" };
  } finally {
    await trials.close();
  }
}

/** What HypoPG cannot try is tried on a copy of the statistics, where there is one to be had. */
async function proveOnCopy(
  ports: ExplainPorts,
  asked: Asked,
  own: Advice,
  signal: AbortSignal,
): Promise<Result<Advice, DatabaseError>> {
  const values = valuesIn(asked.explained.parameters);
  const trials = own.suggestions.some(isUntried)
    ? ports.database.openCopy?.(values)
    : undefined;
  if (trials === undefined) return succeeded(own);
  const way: Way = { kind: "twin", hypopgVersion: undefined, trials };
  const onCopy = await adviseBy(asked, way, signal);
  if (!onCopy.ok)
    return onCopy.error.kind === "cancelled" ? onCopy : succeeded(own);
  if (onCopy.isUnproven) return succeeded(own);
  const { tables } = asked.explained.catalog;
  const taken = (schema: string): readonly string[] =>
    tables
      .filter((table) => table.schema === schema)
      .flatMap(({ name, indexes }) => [
        name,
        ...indexes.map((one) => one.name),
      ]);
  return succeeded(mergeAdvice(own, onCopy.value, taken));
}

/** Indexes that would help the statement, proven as far as this database allows. */
export async function adviseOn(
  ports: ExplainPorts,
  explained: ExplainedStatement,
  signal: AbortSignal,
): Promise<Result<Advice, DatabaseError>> {
  const info = await ports.database.info(signal);
  if (!info.ok) return info;
  const { statement, catalog } = explained;
  const beneath = await lookBeneath(ports, { statement, catalog }, signal);
  if (!beneath.ok) return beneath;
  const asked: Asked = { explained, beneath: beneath.value };
  const { whatIf, hypopgVersion } = info.value;
  const trials = ports.database.openWhatIf(valuesIn(explained.parameters));
  const own = await adviseBy(
    asked,
    { kind: whatIf, hypopgVersion, trials },
    signal,
  );
  const advice =
    own.ok && whatIf === "hypopg"
      ? await proveOnCopy(ports, asked, own.value, signal)
      : own;
  return advice.ok ? succeeded(withNotes(advice.value, asked)) : advice;
}

/**
 * Turns a plan that the server gave into what people read: findings at their tokens,
 * and suggestions when asked for. The catalog comes from the cache where it can.
 */
export async function interpret(
  ports: ExplainPorts,
  statement: ParsedStatement,
  answer: ExplainAnswer,
  options: { readonly advise: boolean; readonly signal: AbortSignal },
): Explained {
  const plan = readPlan(answer);
  if (!plan.ok) return plan;
  const catalog = await readCatalog(ports, statement, options.signal);
  if (!catalog.ok) return failed({ kind: "database", error: catalog.error });
  const resolved = {
    ...statement,
    facts: resolveColumns(statement.facts, catalog.value),
  };
  const explained: ExplainedStatement = {
    statement: resolved,
    plan: plan.value,
    catalog: catalog.value,
    findings: findFindings({
      plan: plan.value,
      statement: resolved,
      catalog: catalog.value,
    }),
    advice: noAdvice,
    parameters: answer.parameters,
  };
  if (!options.advise) return succeeded(explained);
  const advice = await adviseOn(ports, explained, options.signal);
  return advice.ok
    ? succeeded({ ...explained, advice: advice.value })
    : failed({ kind: "database", error: advice.error });
}

/** Plans one statement (never runs it), finds what is slow about it, and suggests indexes. */
export async function explainStatement(
  ports: ExplainPorts,
  text: string,
  options: ExplainOptions,
  signal: AbortSignal,
): Explained {
  const statement = ports.parser.parse(text);
  if (!statement.ok) return failed({ kind: "parse", failure: statement.error });
  const answer = await ports.database.explain(
    statement.value,
    options.values,
    signal,
  );
  if (!answer.ok) return failed({ kind: "database", error: answer.error });
  return interpret(ports, statement.value, answer.value, {
    advise: options.advise,
    signal,
  });
}
