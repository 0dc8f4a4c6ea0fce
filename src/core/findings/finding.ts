import type { Catalog } from "../catalog.ts";
import type { Plan } from "../plan/plan.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import type { TextSpan } from "../text-span.ts";
import type { Text } from "../words.ts";

export type RuleId =
  | "full-read"
  | "sort-without-index"
  | "row-estimate-off"
  | "index-filters-most"
  | "hidden-column"
  | "foreign-key-without-index"
  | "costly-inner-side"
  | "offset"
  | "leading-wildcard"
  | "correlated-subquery"
  | "unhashed-list";

export type Severity = "problem" | "warning" | "note";

/** A sentence in parts: front ends set `strong` parts bold. The English template is the key of its translations. */
export interface Sentence {
  /** `Reading all of {0} ({1} rows) to keep {2}: …`. */
  readonly template: string;
  readonly values: readonly {
    readonly text: Text;
    readonly strong: boolean;
  }[];
}

export interface Finding {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly sentence: Sentence;
  /** Plan node the finding is about. */
  readonly nodeId: number | undefined;
  /** Share of the statement's cost (or time when analyzed) that this node is responsible for, 0 to 1. */
  readonly share: number;
  /** Token that causes the trouble, in the statement's ORIGINAL text; the whole statement when undefined. */
  readonly span: TextSpan | undefined;
}

export interface RuleInput {
  readonly plan: Plan;
  readonly statement: ParsedStatement | undefined;
  readonly catalog: Catalog;
}
