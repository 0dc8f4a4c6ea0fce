import { collapse } from "./collapse.ts";
import { examine, type Rule } from "./examination.ts";
import type { Finding, RuleInput } from "./finding.ts";
import { correlatedSubquery } from "./rules/correlated-subquery.ts";
import { costlyInnerSide } from "./rules/costly-inner-side.ts";
import { foreignKeyWithoutIndex } from "./rules/foreign-key-without-index.ts";
import { fullRead } from "./rules/full-read.ts";
import { hiddenColumn } from "./rules/hidden-column.ts";
import { indexFiltersMost } from "./rules/index-filters-most.ts";
import { leadingWildcard } from "./rules/leading-wildcard.ts";
import { offset } from "./rules/offset.ts";
import { rowEstimateOff } from "./rules/row-estimate-off.ts";
import { sortWithoutIndex } from "./rules/sort-without-index.ts";
import { unhashedList } from "./rules/unhashed-list.ts";

/** Every rule there is; a specific cause before the general one it explains. */
export const rules: readonly Rule[] = [
  hiddenColumn,
  leadingWildcard,
  foreignKeyWithoutIndex,
  correlatedSubquery,
  unhashedList,
  costlyInnerSide,
  offset,
  sortWithoutIndex,
  indexFiltersMost,
  fullRead,
  rowEstimateOff,
];

/** What a person should know about the plan, largest share first; one finding for one cause. Front ends show the first three. */
export function findFindings(input: RuleInput): readonly Finding[] {
  const examined = examine(input);
  const found = rules.flatMap((rule) => rule.find(examined));
  return collapse(examined, found).toSorted((a, b) => b.share - a.share);
}
