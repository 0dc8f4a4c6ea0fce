import type { CatalogColumn } from "../../catalog.ts";
import { escapePattern } from "../../escape-pattern.ts";
import { formatCount, shortened } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { planAliasOf, toOriginalSpan } from "../../plan/references.ts";
import { withoutLiterals } from "../../plan/expression-columns.ts";
import { isRelabelled } from "../../plan/relabelled.ts";
import type { ColumnUse } from "../../sql/statement.ts";
import type { TextSpan } from "../../text-span.ts";
import {
  type Examination,
  metricsOf,
  type Rule,
  severityOf,
  tableOf,
} from "../examination.ts";
import type { DateRange } from "../date-range.ts";
import type { Finding, Sentence } from "../finding.ts";
import {
  columnsIn,
  conditionUses,
  filterOf,
  indexesOn,
  isSmall,
  rowsRead,
  spanOf,
} from "../scans.ts";
import { phrase } from "../../words.ts";
import { plain, sentence, strong } from "../sentence.ts";
import { worthShare } from "../thresholds.ts";
import { mainWrapped, readFilter } from "../read-filter.ts";

interface Hidden {
  readonly column: string;
  /** The expression around the column as SQL. */
  readonly wrapper: string;
  readonly span: TextSpan | undefined;
  /** What asks for the same rows and does not hide the column. */
  readonly range: DateRange | undefined;
}

/**
 * Arguments before and after the column: a call with longer ones is no key for an index anyway, and without
 * a bound each mention of the column would read to the end of a long list again.
 */
const before = "[^()=<>~]{0,1000}";
const after = "[^()]{0,1000}";

/** The cast or call the server shows around the column in its filter, implicit ones included. */
function findWrapper(
  filter: string,
  column: CatalogColumn,
  alias: string | undefined,
): string | undefined {
  const name = escapePattern(column.name);
  const qualified = `(?:"?${alias ?? ""}"?\\.)?"?${name}"?`;
  const text = withoutLiterals(filter);
  const cast = new RegExp(`\\(${qualified}\\)::([a-z][a-z ]*[a-z])`, "u").exec(
    text,
  );
  if (cast !== null && !isRelabelled(column, cast[1] ?? "")) return cast[0];
  const zoned = new RegExp(`(?<![\\w."])${qualified} AT TIME ZONE`, "u");
  if (zoned.test(text)) return `${column.name} AT TIME ZONE`;
  const call = new RegExp(
    `(?<![\\w.])(?!ANY|ALL|ROW)([a-z_][a-z0-9_.]*)\\((?:${before}[^()=<>~\\w."])?\\(?${qualified}(?:\\)::[a-z ]+)?(?:,${after})?\\)`,
    "u",
  ).exec(text);
  return call?.[0];
}

const isHiding = (use: ColumnUse, column: string): boolean =>
  use.column === column && use.wrappedIn !== undefined;

function findHidden(
  examined: Examination,
  node: PlanNode,
  filter: string,
): Hidden | undefined {
  const table = tableOf(examined, node);
  const uses = conditionUses(examined, node);
  for (const column of columnsIn(examined, node, filter)) {
    if (indexesOn(table, [column.name]).length === 0) continue;
    const wrapper = findWrapper(filter, column, planAliasOf(node));
    if (wrapper === undefined) continue;
    const use = uses.find((candidate) => isHiding(candidate, column.name));
    const span =
      use === undefined || examined.statement === undefined
        ? spanOf(examined, node, [column.name])
        : toOriginalSpan(examined.statement, use.span);
    const condition = mainWrapped(readFilter(examined, node, filter));
    return {
      column: column.name,
      wrapper: use?.wrappedIn ?? wrapper,
      span,
      range:
        condition?.column.name === column.name ? condition.range : undefined,
    };
  }
  return undefined;
}

function describe(
  examined: Examination,
  node: PlanNode,
  { column, wrapper, range }: Hidden,
): Sentence {
  const index = indexesOn(tableOf(examined, node), [column])[0];
  const values = [
    strong(shortened(wrapper)),
    plain(column),
    strong(index?.name ?? ""),
    plain(formatCount(rowsRead(examined, node))),
    plain(node.relation?.name ?? phrase("the table")),
  ];
  if (range === undefined)
    return sentence(
      "{0} hides {1} from index {2}: all {3} rows of {4} are read.",
      ...values,
    );
  if (range.beginning !== undefined)
    return sentence(
      range.isOfZone
        ? "{0} hides {1} from index {2}: all {3} rows of {4} are read. The index can serve {5}, which goes by the session's time zone like the condition and asks for the same rows as long as {6} is where such a span begins, but for an hour where clocks are set back to midnight."
        : "{0} hides {1} from index {2}: all {3} rows of {4} are read. The index can serve {5}, which asks for the same rows as long as {6} is where such a span begins.",
      ...values,
      strong(range.text),
      plain(range.beginning),
    );
  return sentence(
    range.isOfZone
      ? "{0} hides {1} from index {2}: all {3} rows of {4} are read. The index can serve {5}, which goes by the session's time zone like the condition and asks for the same rows, but for an hour where clocks are set back to midnight."
      : "{0} hides {1} from index {2}: all {3} rows of {4} are read. The index can serve {5}, which asks for the same rows.",
    ...values,
    strong(range.text),
  );
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const filter = filterOf(node);
  const { share, neverExecuted } = metricsOf(examined, node);
  if (filter === undefined || neverExecuted || share < worthShare)
    return undefined;
  if (isSmall(examined, node)) return undefined;
  const hidden = findHidden(examined, node, filter);
  if (hidden === undefined) return undefined;
  return {
    rule: "hidden-column",
    severity: severityOf(share),
    sentence: describe(examined, node, hidden),
    nodeId: node.id,
    share,
    span: hidden.span,
  };
}

/** A function or cast around a column that has an index, which therefore cannot be used. */
export const hiddenColumn: Rule = {
  id: "hidden-column",
  title: "Column hidden from its index",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => kind === "seqScan")
      .flatMap((node) => findOne(examined, node) ?? []),
};
