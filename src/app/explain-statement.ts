import type { Advice } from "../core/advice/suggestion.ts";
import type { Catalog } from "../core/catalog.ts";
import { findFindings } from "../core/findings/catalogue.ts";
import type { Finding } from "../core/findings/finding.ts";
import type { Plan } from "../core/plan/plan.ts";
import { parseExplain } from "../core/postgres/parse-explain.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { resolveColumns } from "../core/sql/resolve-columns.ts";
import type { ParsedStatement, ParseFailure } from "../core/sql/statement.ts";
import type { Text } from "../core/words.ts";
import {
  adviseOn,
  type AdvisePorts,
  type PlannedStatement,
} from "./advise-statement.ts";
import type { DatabaseError, ExplainAnswer } from "./database.ts";

/** All that a front end shows about one statement on one connection. */
export interface ExplainedStatement extends PlannedStatement {
  readonly findings: readonly Finding[];
  readonly advice: Advice;
}

export type ExplainFailure =
  | { readonly kind: "parse"; readonly failure: ParseFailure }
  | { readonly kind: "database"; readonly error: DatabaseError }
  | { readonly kind: "plan"; readonly detail: Text };

export type ExplainPorts = AdvisePorts;

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
