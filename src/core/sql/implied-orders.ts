import { findColumnNames } from "./expressions.ts";
import { followOutput, nullsOf } from "./ordering.ts";
import { addImplied, readColumnName, resolveTable } from "./scope-columns.ts";
import type { ColumnDetails } from "./scope-columns.ts";
import type { Reading, Scope } from "./scopes.ts";
import {
  bodyOf,
  readBody,
  readList,
  readNames,
  readOperator,
  readText,
  visit,
} from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

/** Operators that PostgreSQL and its bundled extensions order by distance with. */
const distances = new Set(["<->", "<#>", "<=>", "<+>", "<~>", "<<->", "<->>"]);

interface Item {
  readonly expression: unknown;
  readonly details: Partial<ColumnDetails>;
}

/** Notes the leading plain columns of a list; what follows an expression no index delivers. */
function noteList(
  reading: Reading,
  scope: Scope,
  items: readonly Item[],
): void {
  reading.lists.count += 1;
  const list = reading.lists.count;
  for (const [position, { expression, details }] of items.entries()) {
    const name = readColumnName(reading, expression);
    if (name === undefined) return;
    const own = { role: "order", direction: "asc", ...details } as const;
    addImplied(reading, scope, name, { ...own, position, list });
  }
}

const plainItem = (expression: unknown): Item => ({ expression, details: {} });

function sortItem(node: unknown): readonly Item[] {
  const body = bodyOf(node, "SortBy");
  if (!body) return [];
  const isDescending = readText(body, "sortby_dir") === "SORTBY_DESC";
  const direction = isDescending ? "desc" : "asc";
  const details = { direction, nulls: nullsOf(body) } as const;
  return [{ expression: body["node"], details }];
}

/** A window's rows come partition by partition, each in its order. */
function noteWindow(reading: Reading, scope: Scope, window: Body): void {
  const items = [
    ...readList(window, "partitionClause").map(plainItem),
    ...readList(window, "orderClause").flatMap(sortItem),
  ];
  if (items.length > 0) noteList(reading, scope, items);
}

/** What a call asks for within each group: the first value or the last, or each value once. */
const asksForOrder = (call: Body): boolean =>
  readBody(call, "over") === undefined &&
  (call["agg_distinct"] === true ||
    /^(?:min|max)$/.test(readNames(call, "funcname").at(-1) ?? ""));

/** Windows written at their call, and aggregates that an order within each group serves. */
function noteCalls(reading: Reading, scope: Scope, select: Body): void {
  const groups = readList(select, "groupClause").map(
    (node) => followOutput(reading, select, node).expression,
  );
  visit(readList(select, "targetList"), (node) => {
    if (node.tag === "SubLink") return false;
    if (node.tag !== "FuncCall") return undefined;
    const window = readBody(node.body, "over");
    if (window) noteWindow(reading, scope, window);
    const [value] = readList(node.body, "args");
    if (asksForOrder(node.body) && value !== undefined)
      noteList(reading, scope, [...groups, value].map(plainItem));
    return undefined;
  });
}

/** A bare DISTINCT compares all output columns. */
function noteDistinct(reading: Reading, scope: Scope, select: Body): void {
  const distinct = readList(select, "distinctClause");
  const isBare =
    distinct.length > 0 && Object.keys(distinct[0] ?? {}).length === 0;
  if (!isBare) return;
  const values = readList(select, "targetList").map(
    (target) => bodyOf(target, "ResTarget")?.["val"],
  );
  noteList(reading, scope, values.map(plainItem));
}

/** A distance between columns of one row orders by no index; one from another table's column is a value for each of its rows. */
function isWithinRow(
  reading: Reading,
  scope: Scope,
  side: unknown,
  other: unknown,
): boolean {
  const [own] = findColumnNames(reading, side);
  const table = own && resolveTable(scope, own);
  return findColumnNames(reading, other).some(
    (name) =>
      table === undefined ||
      name.qualifier === undefined ||
      resolveTable(scope, name) === table,
  );
}

/** A column, or an expression over columns of tables: what a subquery calls them, no table has. */
function noteNearest(
  reading: Reading,
  scope: Scope,
  side: unknown,
  details: ColumnDetails,
): void {
  const plain = readColumnName(reading, side);
  if (plain !== undefined) {
    addImplied(reading, scope, plain, details);
    return;
  }
  const wrappedIn = reading.text.textOf(side);
  for (const name of findColumnNames(reading, side))
    if (resolveTable(scope, name) !== undefined)
      addImplied(reading, scope, name, { ...details, wrappedIn });
}

/** `ORDER BY at <-> point '(1,2)'`: rows by their distance from a value that is no column. */
function noteDistance(reading: Reading, scope: Scope, select: Body): void {
  const [first] = readList(select, "sortClause").flatMap(sortItem);
  const { expression } = followOutput(reading, select, first?.expression);
  const body = bodyOf(expression, "A_Expr");
  if (!body || !distances.has(readOperator(body))) return;
  const sides = [body["lexpr"], body["rexpr"]];
  const operator = readOperator(body);
  for (const [at, side] of sides.entries()) {
    const other = sides[1 - at];
    if (isWithinRow(reading, scope, side, other)) continue;
    noteNearest(reading, scope, side, {
      role: "nearest",
      operator,
      position: 0,
    });
  }
}

/** Notes the orders that a query would profit from beside its ORDER BY. */
export function readImpliedOrders(
  reading: Reading,
  scope: Scope,
  select: Body,
): void {
  for (const node of readList(select, "windowClause")) {
    const window = bodyOf(node, "WindowDef");
    if (window) noteWindow(reading, scope, window);
  }
  noteCalls(reading, scope, select);
  noteDistinct(reading, scope, select);
  noteDistance(reading, scope, select);
}
