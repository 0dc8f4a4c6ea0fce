import type { CatalogTable } from "../../catalog.ts";
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
  tableOf,
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

/** Trigrams are looked up by three letters or digits in a row; the literal begins before its wildcard. */
const hasTrigram = (filter: string, operator: number): boolean => {
  const [literal = ""] = /'(?:[^']|'')*'/u.exec(filter.slice(operator)) ?? [];
  return /[\p{L}\p{N}]{3}/u.test(literal);
};

/** A type that gin_trgm_ops takes, in a database without it. */
const lacksClass = (
  table: CatalogTable | undefined,
  column: string | undefined,
): boolean =>
  table?.extensions?.includes("pg_trgm") !== true &&
  table?.columns.some(
    ({ name, type }) =>
      name === column && /^(?:text|character varying)/u.test(type),
  ) === true;

/** A trigram index would serve the pattern, and only the extension for it is missing. */
function lacksTrigrams(
  examined: Examination,
  node: PlanNode,
  column: string | undefined,
): boolean {
  const filter = filterOf(node) ?? "";
  const operator = wildcardOperator.exec(filter)?.index ?? 0;
  return (
    hasTrigram(filter, operator) && lacksClass(tableOf(examined, node), column)
  );
}

function describe(
  examined: Examination,
  node: PlanNode,
  column: string | undefined,
): Sentence {
  const values = [
    plain(column ?? ""),
    strong(formatCount(rowsRead(examined, node))),
    strong(node.relation?.name ?? phrase("the table")),
  ];
  if (lacksTrigrams(examined, node, column))
    return sentence(
      "A pattern that begins with a wildcard on {0} reads all {1} rows of {2}: a B-tree index finds beginnings only. A trigram index (GIN with gin_trgm_ops) finds parts; it needs CREATE EXTENSION pg_trgm, for which the right CREATE on the database is enough.",
      ...values,
    );
  return sentence(
    column === undefined
      ? "A pattern that begins with a wildcard reads all {1} rows of {2}: a B-tree index finds beginnings only."
      : "A pattern that begins with a wildcard on {0} reads all {1} rows of {2}: a B-tree index finds beginnings only.",
    ...values,
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
