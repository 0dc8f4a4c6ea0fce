import type { Advice } from "../core/advice/suggestion.ts";
import type { Catalog } from "../core/catalog.ts";
import type { Finding } from "../core/findings/finding.ts";
import type { Plan } from "../core/plan/plan.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import type { ParameterHandling } from "./database.ts";

/** All that a front end shows about one statement on one connection. */
export interface ExplainedStatement {
  readonly statement: ParsedStatement;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly findings: readonly Finding[];
  readonly advice: Advice;
  readonly parameters: ParameterHandling;
}
