import { estimateIndexBytes } from "../core/advice/size-model.ts";
import type { IndexDefinition } from "../core/advice/suggestion.ts";
import { diagnose, type Diagnosis } from "../core/advice/why-not/diagnose.ts";
import { readersOf, type Examined } from "../core/advice/why-not/examined.ts";
import type { PlannerFacts } from "../core/advice/why-not/planner-facts.ts";
import type { TriedPlans } from "../core/advice/why-not/planner-trial.ts";
import type { ReadIndex } from "../core/advice/why-not/read-index.ts";
import {
  chooseTrials,
  nothingTried,
  readTrials,
  type Tried,
} from "../core/advice/why-not/trials.ts";
import { toDefinition } from "../core/advice/why-not/to-definition.ts";
import type { Plan } from "../core/plan/plan.ts";
import { parseExplain } from "../core/postgres/parse-explain.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import {
  findCatalogTable,
  resolveColumns,
} from "../core/sql/resolve-columns.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import {
  findAskedIndex,
  type AskedIndex,
  type UnknownIndex,
} from "./asked-index.ts";
import type { Database, DatabaseError } from "./database.ts";
import type { ExplainFailure, ExplainPorts } from "./explain-statement.ts";

export type WhyNotFailure = ExplainFailure | UnknownIndex;

export interface WhyNotAnswer extends Diagnosis {
  readonly statement: ParsedStatement;
  readonly index: ReadIndex;
  /** False for one that was imagined. */
  readonly exists: boolean;
  /** Real size, or of an imagined one what a build would take, estimated from the statistics. */
  readonly sizeBytes: number | undefined;
}

const databaseFailure = (error: DatabaseError): Result<never, WhyNotFailure> =>
  failed({ kind: "database", error });

/** What speaks of the imagined index or of this server, not of the connection. */
const refusals = new Set<DatabaseError["kind"]>([
  "sql",
  "unsupported",
  "missingRight",
]);

interface Imagined {
  readonly plan: Plan;
  readonly name: string;
}

function readImagined(answer: TriedPlans): Imagined | undefined {
  const plan = parseExplain(answer.plans[0]);
  const [name] = answer.names;
  return plan.ok && name !== undefined ? { plan: plan.value, name } : undefined;
}

/** The plan with the imagined index; undefined where it cannot be imagined. */
async function imagine(
  database: Database,
  asked: AskedIndex,
  definition: IndexDefinition | undefined,
  signal: AbortSignal,
): Promise<Result<Imagined | undefined, WhyNotFailure>> {
  if (definition === undefined) return succeeded(undefined);
  const answer = await database.explainWith(
    asked.statement,
    { indexes: [definition], trials: [{ settings: {}, hidden: [] }] },
    signal,
  );
  if (answer.ok) return succeeded(readImagined(answer.value));
  return refusals.has(answer.error.kind)
    ? succeeded(undefined)
    : databaseFailure(answer.error);
}

async function tryAll(
  database: Database,
  examined: Examined,
  indexes: readonly IndexDefinition[],
  signal: AbortSignal,
): Promise<Result<Tried, WhyNotFailure>> {
  const isAnswered =
    readersOf(examined.plan, examined).length > 0 ||
    examined.existing?.valid === false;
  if (isAnswered) return succeeded(nothingTried);
  const trials = chooseTrials(examined);
  const answer = await database.explainWith(
    examined.statement,
    { indexes, trials },
    signal,
  );
  if (answer.ok)
    return succeeded(
      readTrials(withNames(examined, answer.value), trials, answer.value),
    );
  return refusals.has(answer.error.kind)
    ? succeeded(nothingTried)
    : databaseFailure(answer.error);
}

/** A hypothetical index may get another name each time. */
const withNames = (examined: Examined, { names }: TriedPlans): Examined => ({
  ...examined,
  names: new Set([...examined.names, ...names.flatMap((name) => name ?? [])]),
});

interface Ground {
  readonly chosen: Plan;
  readonly facts: PlannerFacts;
  readonly imagined: Imagined | undefined;
  readonly definition: IndexDefinition | undefined;
}

/** Everything that has to be known before trials are chosen. */
async function prepare(
  database: Database,
  asked: AskedIndex,
  signal: AbortSignal,
): Promise<Result<Ground, WhyNotFailure>> {
  const { statement, table, existing } = asked;
  const facts = await database.plannerFacts([table], signal);
  if (!facts.ok) return databaseFailure(facts.error);
  const answer = await database.explain(statement, undefined, signal);
  if (!answer.ok) return databaseFailure(answer.error);
  const chosen = parseExplain(answer.value.plan);
  if (!chosen.ok) return failed({ kind: "plan", detail: chosen.error.detail });
  const definition =
    existing === undefined ? toDefinition(asked.index, asked.table) : undefined;
  const imagined = await imagine(database, asked, definition, signal);
  return imagined.ok
    ? succeeded({
        chosen: chosen.value,
        facts: facts.value,
        imagined: imagined.value,
        definition,
      })
    : imagined;
}

function examine(asked: AskedIndex, ground: Ground): Examined {
  const { statement, table, index, existing } = asked;
  const own = ground.facts.indexes.find(({ name }) => name === existing?.name);
  const hypothetical = ground.imagined?.name;
  const names = [existing?.name, hypothetical, ...(own?.leaves ?? [])];
  return {
    statement,
    table,
    index,
    existing,
    plan: ground.imagined?.plan ?? ground.chosen,
    references: statement.facts.tables.filter(
      (reference) => findCatalogTable(asked.catalog, reference) === table,
    ),
    names: new Set(names.flatMap((name) => name ?? [])),
    facts: ground.facts,
  };
}

async function answer(
  database: Database,
  asked: AskedIndex,
  signal: AbortSignal,
): Promise<Result<WhyNotAnswer, WhyNotFailure>> {
  const ground = await prepare(database, asked, signal);
  if (!ground.ok) return ground;
  const examined = examine(asked, ground.value);
  const { imagined, definition, facts } = ground.value;
  const canTry = asked.existing !== undefined || imagined !== undefined;
  const tried = canTry
    ? await tryAll(
        database,
        examined,
        definition === undefined ? [] : [definition],
        signal,
      )
    : succeeded(nothingTried);
  if (!tried.ok) return tried;
  const real = facts.indexes.find(({ name }) => name === asked.existing?.name);
  return succeeded({
    ...diagnose(examined, tried.value),
    statement: asked.statement,
    index: asked.index,
    exists: asked.existing !== undefined,
    sizeBytes:
      real?.sizeBytes ??
      (definition && estimateIndexBytes(definition, asked.table)),
  });
}

/**
 * Why the planner does not use an index for a statement: `index` names an existing one, or is the
 * CREATE INDEX of one that is only imagined. Plans, under changed planner settings too; runs nothing.
 */
export async function whyNot(
  ports: ExplainPorts,
  asked: { readonly text: string; readonly index: string },
  signal: AbortSignal,
): Promise<Result<WhyNotAnswer, WhyNotFailure>> {
  const parsed = ports.parser.parse(asked.text);
  if (!parsed.ok) return failed({ kind: "parse", failure: parsed.error });
  // A fresh catalog: the index may have been made a moment ago.
  const catalog = await ports.database.catalog(
    parsed.value.facts.tables,
    signal,
  );
  if (!catalog.ok) return databaseFailure(catalog.error);
  const statement = {
    ...parsed.value,
    facts: resolveColumns(parsed.value.facts, catalog.value),
  };
  const found = findAskedIndex(statement, catalog.value, asked.index);
  return found.ok ? answer(ports.database, found.value, signal) : found;
}
