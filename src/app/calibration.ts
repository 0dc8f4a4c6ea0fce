import type {
  CalibrationEntry,
  OutcomeEntry,
  PromiseEntry,
} from "../core/advice/calibration/entry.ts";
import { pairUp } from "../core/advice/calibration/entry.ts";
import { redactLiterals } from "../core/advice/calibration/redact.ts";
import { findPromised } from "../core/advice/calibration/same-index.ts";
import { shapeOf } from "../core/advice/calibration/shape.ts";
import { renderCreateIndex } from "../core/advice/render-ddl.ts";
import type { Suggestion } from "../core/advice/suggestion.ts";
import type { CatalogIndex, CatalogTable } from "../core/catalog.ts";
import { walk } from "../core/plan/walk.ts";
import { parseExplain } from "../core/postgres/parse-explain.ts";
import { succeeded } from "../core/result.ts";
import type { Answer, Database } from "./database.ts";
import type { ExplainedStatement } from "./explain-statement.ts";

/** Where promises and outcomes are kept; several processes may write at once. */
export interface CalibrationLog {
  /** All that can be read; empty when nothing was kept yet. */
  readonly read: () => Promise<readonly CalibrationEntry[]>;
  /** Adds what `choose` makes of the entries as they are then, with nobody writing in between. */
  readonly add: (
    choose: (
      entries: readonly CalibrationEntry[],
    ) => readonly CalibrationEntry[],
  ) => Promise<void>;
}

/** Which connection, and when. */
export interface Occasion {
  readonly connection: string;
  /** ISO time. */
  readonly at: string;
}

const tableOf = (
  { catalog }: ExplainedStatement,
  { schema, table }: { readonly schema: string; readonly table: string },
): CatalogTable | undefined =>
  catalog.tables.find((one) => one.schema === schema && one.name === table);

function promisedShape({ planAfter }: Suggestion): readonly string[] {
  const plan = planAfter === undefined ? undefined : parseExplain(planAfter);
  return plan?.ok === true ? shapeOf(plan.value) : [];
}

/** The promise that a suggestion makes for a statement. */
export function promiseOf(
  suggestion: Suggestion,
  explained: ExplainedStatement,
  { connection, server, at }: Occasion & { readonly server: string },
): PromiseEntry {
  const { statement, parameters } = explained;
  const { index, name } = suggestion;
  const ddl = renderCreateIndex(index, name, { concurrently: false });
  return {
    kind: "promise",
    id: `${at} ${statement.fingerprint} ${name}`,
    at,
    connection,
    server,
    fingerprint: statement.fingerprint,
    statement: redactLiterals(statement.sql),
    schema: index.schema,
    table: index.table,
    ddl: redactLiterals(ddl),
    name,
    proof: suggestion.proof.kind,
    costBefore: suggestion.costBefore,
    costAfter: suggestion.costAfter,
    sizeBytes: suggestion.sizeBytes,
    shape: promisedShape(suggestion),
    parameters: parameters.kind,
    tableRows: tableOf(explained, index)?.estimatedRows,
  };
}

/** Keeps promises that are to be compared one day. */
export const keepPromises = (
  log: CalibrationLog,
  promises: readonly PromiseEntry[],
): Promise<void> => log.add(() => promises);

interface Due {
  readonly promise: PromiseEntry;
  readonly table: CatalogTable;
  readonly index: CatalogIndex;
}

/** Open promises of this statement on this connection whose index exists by now; tells it from the catalog at hand. */
function findDue(
  entries: readonly CalibrationEntry[],
  explained: ExplainedStatement,
  connection: string,
): readonly Due[] {
  return pairUp(entries).flatMap(({ promise, outcome }) => {
    const isOpen =
      outcome === undefined &&
      promise.connection === connection &&
      promise.fingerprint === explained.statement.fingerprint &&
      promise.parameters === explained.parameters.kind;
    const table = isOpen ? tableOf(explained, promise) : undefined;
    const index = table && findPromised(promise, table.indexes);
    return table === undefined || index === undefined
      ? []
      : [{ promise, table, index }];
  });
}

function outcomeOf(
  { promise, table, index }: Due,
  explained: ExplainedStatement,
  { server, at }: { readonly server: string; readonly at: string },
  size: { readonly sizeBytes: number; readonly leaves: readonly string[] },
): OutcomeEntry {
  const { plan } = explained;
  const names = new Set([index.name, ...size.leaves]);
  return {
    kind: "outcome",
    id: promise.id,
    at,
    server,
    name: index.name,
    cost: plan.root.estimate?.totalCost,
    sizeBytes: size.sizeBytes,
    isUsed: [...walk(plan)].some((node) => names.has(node.index ?? "")),
    shape: shapeOf(plan),
    tableRows: table.estimatedRows,
  };
}

/**
 * Compares what was promised for this statement with what came, once per promise. Without a promise whose
 * index exists by now it asks the server nothing; with one, its size and the server's version.
 */
export async function checkPromises(
  ports: {
    readonly log: CalibrationLog;
    readonly database: Pick<Database, "plannerFacts" | "info">;
  },
  explained: ExplainedStatement,
  occasion: Occasion,
  signal: AbortSignal,
): Answer<number> {
  const entries = await ports.log.read();
  const due = findDue(entries, explained, occasion.connection);
  if (due.length === 0) return succeeded(0);
  const tables = due.map(({ table }) => table);
  const facts = await ports.database.plannerFacts(tables, signal);
  if (!facts.ok) return facts;
  const info = await ports.database.info(signal);
  if (!info.ok) return info;
  const circumstances = { server: info.value.versionText, at: occasion.at };
  const outcomes = due.flatMap((one) => {
    const size = facts.value.indexes.find(
      ({ schema, table, name }) =>
        schema === one.table.schema &&
        table === one.table.name &&
        name === one.index.name,
    );
    return size === undefined
      ? []
      : [outcomeOf(one, explained, circumstances, size)];
  });
  await ports.log.add((now) => {
    const told = new Set(
      now.flatMap((entry) => (entry.kind === "outcome" ? [entry.id] : [])),
    );
    return outcomes.filter(({ id }) => !told.has(id));
  });
  return succeeded(outcomes.length);
}
