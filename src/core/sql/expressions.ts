import { addColumn, readColumnName } from "./scope-columns.ts";
import { noteScope } from "./scopes.ts";
import type { ColumnDetails, Wrapped } from "./scope-columns.ts";
import type { ColumnName, Reading, Scope, Subquery } from "./scopes.ts";
import type { ColumnUse } from "./statement.ts";
import {
  bodyOf,
  readBody,
  readList,
  readNames,
  readNumber,
  readOperator,
  readText,
  tagged,
  visit,
} from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

/** PostgreSQL's built-in aggregates that people sort by, from its aggregate function tables. */
const aggregates = new Set(
  `count sum avg min max array_agg string_agg json_agg jsonb_agg
  json_object_agg jsonb_object_agg bool_and bool_or every bit_and bit_or
  stddev stddev_pop stddev_samp variance var_pop var_samp percentile_cont
  percentile_disc mode corr any_value`.split(/\s+/),
);

/** One side of a comparison. */
export type Side =
  | { readonly kind: "column"; readonly name: ColumnName }
  /** An expression over columns, its text, and what wraps them. */
  | (Wrapped & { readonly kind: "wrapped"; readonly wrapper: string })
  | Exclude<ColumnUse["against"], { readonly kind: "column" } | undefined>;

function countsAll(body: Body): boolean {
  const isCount = readNames(body, "funcname").at(-1) === "count";
  return isCount && body["agg_star"] === true;
}

/** Reads a subquery within an expression; `isFlattened` when the planner turns it into a join. */
export function readSubLink(
  reading: Reading,
  scope: Scope,
  body: Body,
  isFlattened: boolean,
): Subquery {
  const subquery = reading.readQuery(body["subselect"], scope, scope.ctes);
  if (isFlattened) return subquery;
  const span = reading.text.nodeSpan({ SubLink: body });
  noteScope(reading, subquery.scope, { subquery: span });
  if (subquery.scope.isCorrelated)
    reading.constructs.push({ kind: "correlatedSubquery", span });
  return subquery;
}

/** Notes every column of an expression, its subqueries included. */
export function readExpression(
  reading: Reading,
  scope: Scope,
  expression: unknown,
  details: ColumnDetails,
): void {
  visit(expression, (node) => {
    if (node.tag === "SubLink") {
      readSubLink(reading, scope, node.body, false);
      readExpression(reading, scope, node.body["testexpr"], details);
      return false;
    }
    if (node.tag === "FuncCall" && countsAll(node.body)) {
      const span = reading.text.nodeSpan({ FuncCall: node.body });
      reading.constructs.push({ kind: "countStar", span });
    }
    if (node.tag !== "ColumnRef") return undefined;
    const name = readColumnName(reading, { ColumnRef: node.body });
    if (name) addColumn(reading, scope, name, details);
    return undefined;
  });
}

/** The columns of an expression, those of its subqueries left out. */
export function findColumnNames(
  reading: Reading,
  expression: unknown,
): readonly ColumnName[] {
  const names: ColumnName[] = [];
  visit(expression, (node) => {
    if (node.tag === "SubLink") return false;
    const name = readColumnName(reading, { [node.tag]: node.body });
    if (name) names.push(name);
    return undefined;
  });
  return names;
}

/** True when a value is known only after grouping or windowing. */
export function hasAggregate(expression: unknown): boolean {
  let found = false;
  visit(expression, (node) => {
    if (node.tag === "SubLink") return false;
    if (node.tag === "FuncCall")
      found ||=
        aggregates.has(readNames(node.body, "funcname").at(-1) ?? "") ||
        readBody(node.body, "over") !== undefined;
    return undefined;
  });
  return found;
}

/** What hides the columns of an expression: a function's name, `::type`, an operator. */
function readWrapper(expression: unknown): string {
  const node = tagged(expression);
  if (!node) return "";
  switch (node.tag) {
    case "FuncCall":
      return readNames(node.body, "funcname").at(-1) ?? "";
    case "TypeCast": {
      const type = readBody(node.body, "typeName");
      return `::${(type && readNames(type, "names").at(-1)) ?? ""}`;
    }
    case "A_Expr":
      return readOperator(node.body);
    default:
      return node.tag.replace(/(?:Expr|Clause)$/, "").toLowerCase();
  }
}

/** A constant, also behind a cast, a sign or a COLLATE. */
function isConstant(node: unknown): boolean {
  const cast = bodyOf(node, "TypeCast");
  if (cast) return isConstant(cast["arg"]);
  const list = bodyOf(node, "List");
  if (list) return readList(list, "items").every(isConstant);
  const array = bodyOf(node, "A_ArrayExpr");
  if (array) return readList(array, "elements").every(isConstant);
  return bodyOf(node, "A_Const") !== undefined;
}

function findParameter(node: unknown): number | undefined {
  const cast = bodyOf(node, "TypeCast");
  if (cast) return findParameter(cast["arg"]);
  const list = bodyOf(node, "List");
  if (list)
    return readList(list, "items")
      .map(findParameter)
      .find((number) => number !== undefined);
  const parameter = bodyOf(node, "ParamRef");
  return parameter && (readNumber(parameter, "number") ?? 0);
}

/** An expression with the columns that it names. */
export function readWrapped(
  reading: Reading,
  node: unknown,
  names: readonly ColumnName[],
): Wrapped {
  const { start, end } = reading.text.nodeSpan(node);
  return { names, text: reading.text.sql.slice(start, end), start };
}

/** Tells what one side of a comparison is. Reads no subqueries. */
export function readSide(reading: Reading, node: unknown): Side {
  const name = readColumnName(reading, node);
  if (name) return { kind: "column", name };
  const names = findColumnNames(reading, node);
  if (names.length > 0) {
    const wrapped = readWrapped(reading, node, names);
    return { kind: "wrapped", ...wrapped, wrapper: readWrapper(node) };
  }
  const number = findParameter(node);
  if (number !== undefined) return { kind: "parameter", number };
  if (!isConstant(node)) return { kind: "expression" };
  return { kind: "constant", text: reading.text.textOf(node) };
}

/** An expression over more columns is a generated one, and each of them would be looked up for each on the other side. */
const mostCompared = 8;

/** What a comparison with that side is against; `operator` as it reads towards the side. */
export function readAgainst(
  side: Side,
  operator?: string,
): ColumnUse["against"] {
  const compared = operator === undefined ? {} : { operator };
  if (side.kind === "wrapped") {
    const columns = side.names.map(({ qualifier, column }) => ({
      qualifier,
      column,
    }));
    return columns.length > mostCompared
      ? { kind: "expression" }
      : { kind: "expression", ...compared, columns };
  }
  if (side.kind !== "column") return side;
  const { qualifier, column } = side.name;
  return { kind: "column", qualifier, column, ...compared };
}

/** Reads only the subqueries of an expression whose columns are noted elsewhere. */
export function readInnerQueries(
  reading: Reading,
  scope: Scope,
  expression: unknown,
): void {
  visit(expression, (node) => {
    if (node.tag !== "SubLink") return undefined;
    readSubLink(reading, scope, node.body, false);
    readExpression(reading, scope, node.body["testexpr"], { role: "other" });
    return false;
  });
}

/** Text of a string constant, undefined for anything else. */
export function readString(node: unknown): string | undefined {
  const cast = bodyOf(node, "TypeCast");
  if (cast) return readString(cast["arg"]);
  const constant = bodyOf(node, "A_Const");
  const value = constant && readBody(constant, "sval");
  return value && (readText(value, "sval") ?? "");
}
