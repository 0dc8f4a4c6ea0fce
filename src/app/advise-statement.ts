import { adviseStatement, hasCandidates } from "../core/advice/advise.ts";
import { isUntried } from "../core/advice/by-rule.ts";
import {
  hiddenFromCopy,
  noteHiddenStatistics,
} from "../core/advice/hidden-statistics.ts";
import { mergeAdvice } from "../core/advice/merge-advice.ts";
import { noteUnanalyzed } from "../core/advice/supposed-size.ts";
import type { Advice } from "../core/advice/suggestion.ts";
import type { Catalog } from "../core/catalog.ts";
import type { Plan } from "../core/plan/plan.ts";
import { parseExplain } from "../core/postgres/parse-explain.ts";
import { succeeded, type Result } from "../core/result.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import type { Text } from "../core/words.ts";
import {
  lookBeneath,
  type Beneath,
  type BeneathPorts,
} from "./beneath-views.ts";
import type {
  Database,
  DatabaseError,
  ParameterHandling,
  ServerInfo,
  WhatIfSession,
} from "./database.ts";
import { supposeSizes } from "./suppose-sizes.ts";

export interface AdvisePorts extends BeneathPorts {
  readonly database: Database;
}

/** A statement with the plan that the server gave it. */
export interface PlannedStatement {
  /** Its columns resolved against the catalog. */
  readonly statement: ParsedStatement;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly parameters: ParameterHandling;
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
  readonly explained: PlannedStatement;
  readonly beneath: Beneath | undefined;
}

const notesOn = ({ explained, beneath }: Asked): readonly Text[] =>
  noteHiddenStatistics(
    beneath?.statement ?? explained.statement,
    beneath?.catalog ?? explained.catalog,
  );

/** Where nothing came into question, nothing is poorer. */
function withNotes(
  advice: Advice,
  asked: Asked,
  supposed: readonly Text[],
): Advice {
  const notes = [...notesOn(asked), ...supposed];
  const isAdvised =
    advice.suggestions.length + advice.rejected.length > 0 ||
    asked.explained.catalog.refused !== undefined;
  return isAdvised && notes.length > 0 ? { ...advice, notes } : advice;
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
  ports: AdvisePorts,
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

/** The catalogs with sizes for the tables that nobody counted, and what is to be said of those. */
async function sizeTables(
  { database, parser }: AdvisePorts,
  { explained, beneath }: Asked,
  signal: AbortSignal,
): Promise<{ readonly asked: Asked; readonly notes: readonly Text[] }> {
  const ports = {
    parser,
    plan: (statement: ParsedStatement) =>
      database.explain(statement, undefined, signal),
    shouldStop: () => signal.aborted,
  };
  const { size } = await supposeSizes(ports, [
    ...explained.catalog.tables,
    ...(beneath?.catalog.tables ?? []),
  ]);
  const asked: Asked = {
    explained: { ...explained, catalog: size(explained.catalog) },
    beneath: beneath && { ...beneath, catalog: size(beneath.catalog) },
  };
  const { tables } = (asked.beneath ?? asked.explained).catalog;
  return { asked, notes: noteUnanalyzed(tables) };
}

/** Indexes that would help the statement, proven as far as this database allows. */
export async function adviseOn(
  ports: AdvisePorts,
  explained: PlannedStatement,
  signal: AbortSignal,
): Promise<Result<Advice, DatabaseError>> {
  const info = await ports.database.info(signal);
  if (!info.ok) return info;
  const { statement, catalog } = explained;
  const beneath = await lookBeneath(ports, { statement, catalog }, signal);
  if (!beneath.ok) return beneath;
  const sized = await sizeTables(
    ports,
    { explained, beneath: beneath.value },
    signal,
  );
  const { asked } = sized;
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
  return advice.ok
    ? succeeded(withNotes(advice.value, asked, sized.notes))
    : advice;
}
