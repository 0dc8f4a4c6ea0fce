import { formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import {
  findReference,
  planAliasOf,
  toOriginalSpan,
} from "../../plan/references.ts";
import { mentionsColumn } from "../../plan/expression-columns.ts";
import type { ParsedStatement } from "../../sql/statement.ts";
import {
  type Examination,
  matters,
  metricsOf,
  type Rule,
  severityOf,
} from "../examination.ts";
import type { Finding, Sentence } from "../finding.ts";
import { columnsIn, filterOf, isSmall, rowsRead, spanOf } from "../scans.ts";
import { phrase } from "../../words.ts";
import { plain, sentence, strong } from "../sentence.ts";

/** `~~ '%…'` (LIKE) and `~~* '%…'` (ILIKE) as the server deparses them. */
const wildcardOperator = / ~~\*? '[%_]/u;

/** What stands left of an operator, back to the nearest parenthesis: `note` in `((note)::text ~~ …`. */
function leftOf(filter: string, operator: number): string {
  const text = filter.slice(0, operator);
  let end = text.endsWith("::text") ? operator - "::text".length : operator;
  while (text[end - 1] === ")") end -= 1;
  const open = text.lastIndexOf("(", end - 1);
  const close = text.lastIndexOf(")", end - 1);
  return text.slice(Math.max(open, close) + 1, end);
}

type Wildcard = Extract<
  ParsedStatement["facts"]["constructs"][number],
  { readonly kind: "leadingWildcard" }
>;

function findConstruct(
  examined: Examination,
  node: PlanNode,
  filter: string,
): Wildcard | undefined {
  const { statement } = examined;
  if (statement === undefined) return undefined;
  const reference = findReference(node, statement);
  return statement.facts.constructs.find(
    (construct): construct is Wildcard =>
      construct.kind === "leadingWildcard" &&
      (construct.qualifier === undefined ||
        construct.qualifier === (reference?.alias ?? reference?.name)) &&
      mentionsColumn(filter, construct.column, planAliasOf(node)),
  );
}

function describe(
  examined: Examination,
  node: PlanNode,
  column: string | undefined,
): Sentence {
  return sentence(
    column === undefined
      ? "A pattern that begins with a wildcard reads all {1} rows of {2}: a B-tree index finds beginnings only."
      : "A pattern that begins with a wildcard on {0} reads all {1} rows of {2}: a B-tree index finds beginnings only.",
    plain(column ?? ""),
    strong(formatCount(rowsRead(examined, node))),
    strong(node.relation?.name ?? phrase("the table")),
  );
}

function spanOfPattern(
  examined: Examination,
  node: PlanNode,
  construct: Wildcard | undefined,
  column: string | undefined,
): Finding["span"] {
  const { statement } = examined;
  return construct === undefined || statement === undefined
    ? spanOf(examined, node, column === undefined ? [] : [column])
    : toOriginalSpan(statement, construct.span);
}

function findOne(examined: Examination, node: PlanNode): Finding | undefined {
  const filter = filterOf(node) ?? "";
  const { share } = metricsOf(examined, node);
  const shown = wildcardOperator.exec(filter);
  if (shown === null || !matters(examined, node, share)) return undefined;
  if (isSmall(examined, node)) return undefined;
  const construct = findConstruct(examined, node, filter);
  const column =
    construct?.column ??
    columnsIn(examined, node, leftOf(filter, shown.index))[0]?.name;
  return {
    rule: "leading-wildcard",
    severity: severityOf(share),
    sentence: describe(examined, node, column),
    nodeId: node.id,
    share,
    span: spanOfPattern(examined, node, construct, column),
  };
}

/** LIKE with a wildcard in front, on a table that is read in full because of it. */
export const leadingWildcard: Rule = {
  id: "leading-wildcard",
  title: "Pattern that begins with a wildcard",
  find: (examined) =>
    examined.index.nodes
      .filter(({ kind }) => kind === "seqScan")
      .flatMap((node) => findOne(examined, node) ?? []),
};
