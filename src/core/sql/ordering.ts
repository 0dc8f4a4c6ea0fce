import type { TextSpan } from "../text-span.ts";
import {
  findColumnNames,
  hasAggregate,
  readInnerQueries,
  readWrapped,
} from "./expressions.ts";
import { addColumn, addWrapped, readColumnName } from "./scope-columns.ts";
import { noteScope } from "./scopes.ts";
import type { ColumnDetails } from "./scope-columns.ts";
import type { Reading, Scope } from "./scopes.ts";
import {
  bodyOf,
  readBody,
  readList,
  readNumber,
  readText,
} from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

/** An expression of a list, and whether it stands in the list itself or was reached through the output list. */
interface Item {
  readonly expression: unknown;
  readonly isElsewhere: boolean;
}

function targetOf(select: Body, position: number): Body | undefined {
  return bodyOf(readList(select, "targetList")[position], "ResTarget");
}

const constantInteger = (node: unknown): number | undefined => {
  const constant = bodyOf(node, "A_Const");
  const value = constant && readBody(constant, "ival");
  return value && (readNumber(value, "ival") ?? 0);
};

/** `ORDER BY 2` and `ORDER BY total` mean what the output list says. */
export function followOutput(
  reading: Reading,
  select: Body,
  node: unknown,
): Item {
  const position = constantInteger(node);
  const named = readColumnName(reading, node);
  const isPlain = named !== undefined && named.qualifier === undefined;
  const targets = readList(select, "targetList").map((item) =>
    bodyOf(item, "ResTarget"),
  );
  const target =
    position === undefined
      ? targets.find(
          (item) => isPlain && item && readText(item, "name") === named.column,
        )
      : targetOf(select, position - 1);
  return target?.["val"] === undefined
    ? { expression: node, isElsewhere: false }
    : { expression: target["val"], isElsewhere: true };
}

/** Notes the columns of one sort or group item. */
function noteItem(
  reading: Reading,
  scope: Scope,
  item: Item & { readonly span: TextSpan },
  details: ColumnDetails,
): void {
  const { expression, isElsewhere, span } = item;
  const plain = readColumnName(reading, expression);
  // What grouping computes no index can deliver in order.
  const role = hasAggregate(expression) ? "other" : details.role;
  const place = isElsewhere ? { span } : {};
  const own = { ...details, role, ...place };
  const names = findColumnNames(reading, expression);
  if (plain) addColumn(reading, scope, plain, own);
  else addWrapped(reading, scope, readWrapped(reading, expression, names), own);
  if (!isElsewhere) readInnerQueries(reading, scope, expression);
}

export const nullsOf = (body: Body): "first" | "last" | undefined => {
  const nulls = readText(body, "sortby_nulls");
  if (nulls === "SORTBY_NULLS_FIRST") return "first";
  return nulls === "SORTBY_NULLS_LAST" ? "last" : undefined;
};

/** Notes the sort keys of a query in order. */
export function readSorting(
  reading: Reading,
  scope: Scope,
  select: Body,
): void {
  const items = readList(select, "sortClause").flatMap((item) => {
    const body = bodyOf(item, "SortBy");
    return body ? [body] : [];
  });
  if (items.length === 0) return;
  for (const [position, body] of items.entries()) {
    const item = followOutput(reading, select, body["node"]);
    const span = reading.text.nodeSpan(body["node"]);
    const isDescending = readText(body, "sortby_dir") === "SORTBY_DESC";
    noteItem(
      reading,
      scope,
      { ...item, span },
      {
        role: "sort",
        direction: isDescending ? "desc" : "asc",
        nulls: nullsOf(body),
        position,
      },
    );
  }
  const first = items[0]?.["node"];
  const { start } = reading.text.spanFromKeyword(first, ["order"], 8);
  const { end } = reading.text.nodeSpan(items.at(-1)?.["node"]);
  const words = ["asc", "desc", "nulls", "first", "last"];
  const span = reading.text.withFollowing({ start, end }, words);
  reading.constructs.push({ kind: "orderBy", span });
}

/** Notes GROUP BY and DISTINCT ON columns; grouping sets count as expressions. */
export function readGrouping(
  reading: Reading,
  scope: Scope,
  select: Body,
): void {
  const groups = readList(select, "groupClause");
  const distinct = readList(select, "distinctClause");
  if (groups.length > 0 || hasAggregate(readList(select, "targetList")))
    noteScope(reading, scope, { hasGrouping: true });
  if (distinct.length > 0) noteScope(reading, scope, { hasDistinct: true });
  // A bare DISTINCT is one empty item.
  const ordered = distinct.filter((node) => Object.keys(node ?? {}).length > 0);
  for (const list of [groups, ordered])
    for (const [position, node] of list.entries()) {
      const item = followOutput(reading, select, node);
      const span = reading.text.nodeSpan(node);
      noteItem(reading, scope, { ...item, span }, { role: "group", position });
    }
}

function readRows(node: unknown): number | undefined {
  const constant = bodyOf(node, "A_Const");
  const float = constant && readBody(constant, "fval");
  const text = float && readText(float, "fval");
  return text === undefined ? constantInteger(node) : Number(text);
}

const isNullConstant = (node: unknown): boolean =>
  bodyOf(node, "A_Const")?.["isnull"] === true;

/** Notes LIMIT and OFFSET with their keywords; LIMIT ALL is none. */
export function readLimits(reading: Reading, scope: Scope, select: Body): void {
  const count = select["limitCount"];
  const offset = select["limitOffset"];
  if (count !== undefined && !isNullConstant(count)) {
    noteScope(reading, scope, { hasLimit: true });
    const span = reading.text.spanFromKeyword(count, ["limit", "fetch"], 4);
    reading.constructs.push({ kind: "limit", span, rows: readRows(count) });
  }
  if (offset !== undefined) {
    const span = reading.text.spanFromKeyword(offset, ["offset"], 4);
    reading.constructs.push({ kind: "offset", span, rows: readRows(offset) });
  }
  for (const node of [count, offset]) readInnerQueries(reading, scope, node);
}
