import type { StatementFacts } from "./statement.ts";
import { findFunctions } from "./hazards.ts";

/** Placeholder walker: replaced by the scope walker. */
export function readFacts(statement: unknown): StatementFacts {
  return {
    tables: [],
    columns: [],
    constructs: [],
    scopes: [],
    functions: findFunctions(statement),
  };
}
