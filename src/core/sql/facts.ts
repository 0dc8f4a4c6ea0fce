import { readCondition } from "./conditions.ts";
import { readExpression } from "./expressions.ts";
import { readFrom, readWith } from "./from-clause.ts";
import {
  findFunctions,
  findMembers,
  findOperators,
  findTypes,
} from "./hazards.ts";
import { readGrouping, readLimits, readSorting } from "./ordering.ts";
import { readImpliedOrders } from "./implied-orders.ts";
import { noteBranchOutputs, readOutput } from "./output-list.ts";
import { findParameterPlaces, findParameterTwins } from "./parameter-places.ts";
import { addColumn } from "./scope-columns.ts";
import {
  addDerivedSource,
  addTable,
  openScope,
  startReading,
} from "./scopes.ts";
import type { ColumnName, Ctes, Reading, Scope, Subquery } from "./scopes.ts";
import type { StatementFacts } from "./statement.ts";
import {
  bodyOf,
  isBody,
  readBody,
  readList,
  readNumber,
  readText,
  tagged,
} from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";

const noNames: Ctes = new Map();

function readBranches(reading: Reading, scope: Scope, select: Body): void {
  for (const branch of ["larg", "rarg"]) {
    const body = readBody(select, branch);
    if (!body) continue;
    const query = { SelectStmt: body };
    const branchOf = reading.readQuery(query, scope.parent, scope.ctes);
    noteBranchOutputs(scope, branchOf.scope);
  }
  // Sort keys of a UNION are its own output columns.
  if (readBody(select, "larg")) addDerivedSource(reading, scope, undefined);
}

function readSelect(
  reading: Reading,
  scope: Scope,
  select: Body,
): ColumnName | undefined {
  readWith(reading, scope, select);
  readBranches(reading, scope, select);
  readFrom(reading, scope, readList(select, "fromClause"));
  const output = readOutput(reading, scope, readList(select, "targetList"));
  readCondition(reading, scope, select["whereClause"]);
  readGrouping(reading, scope, select);
  readExpression(reading, scope, select["havingClause"], { role: "other" });
  readExpression(reading, scope, select["windowClause"], { role: "other" });
  readExpression(reading, scope, select["valuesLists"], { role: "output" });
  readSorting(reading, scope, select);
  readLimits(reading, scope, select);
  readImpliedOrders(reading, scope, select);
  return output;
}

/** Notes the columns that INSERT, UPDATE or MERGE set, and the values they are set to. */
function readAssignments(
  reading: Reading,
  scope: Scope,
  targets: readonly unknown[],
): void {
  for (const item of targets) {
    const body = bodyOf(item, "ResTarget");
    const column = body && readText(body, "name");
    if (column === undefined) continue;
    const span = reading.text.nameSpan(readNumber(body ?? {}, "location"));
    const [target] = scope.sources;
    const name = { schema: undefined, qualifier: undefined, column, span };
    addColumn(reading, { ...scope, sources: target ? [target] : [] }, name, {
      role: "assigned",
    });
  }
  for (const item of targets)
    readExpression(reading, scope, bodyOf(item, "ResTarget")?.["val"], {
      role: "other",
    });
}

function readConflict(reading: Reading, scope: Scope, statement: Body): void {
  const conflict = readBody(statement, "onConflictClause");
  if (!conflict) return;
  // `excluded` is the proposed row, not a table that is read.
  const inner = { ...scope, sources: [...scope.sources] };
  readAssignments(reading, inner, readList(conflict, "targetList"));
  readCondition(reading, inner, conflict["whereClause"]);
}

function readMergeActions(
  reading: Reading,
  scope: Scope,
  statement: Body,
): void {
  for (const item of readList(statement, "mergeWhenClauses")) {
    const action = bodyOf(item, "MergeWhenClause");
    if (!action) continue;
    readExpression(reading, scope, action["condition"], { role: "other" });
    readAssignments(reading, scope, readList(action, "targetList"));
    readExpression(reading, scope, action["values"], { role: "other" });
  }
}

/** INSERT, UPDATE, DELETE, MERGE: a target, sources beside it, conditions, assignments. */
function readChange(
  reading: Reading,
  scope: Scope,
  node: Tagged,
): ColumnName | undefined {
  const { body } = node;
  readWith(reading, scope, body);
  const target = readBody(body, "relation");
  if (target) addTable(reading, scope, target, true);
  const source = isBody(body["sourceRelation"]) ? [body["sourceRelation"]] : [];
  const others = ["fromClause", "usingClause"].flatMap((field) =>
    readList(body, field),
  );
  readFrom(reading, scope, [...others, ...source]);
  readAssignments(reading, scope, readList(body, "cols"));
  if (node.tag === "UpdateStmt")
    readAssignments(reading, scope, readList(body, "targetList"));
  if (body["selectStmt"] !== undefined)
    reading.readQuery(body["selectStmt"], undefined, scope.ctes);
  readCondition(reading, scope, body["joinCondition"]);
  readCondition(reading, scope, body["whereClause"]);
  readConflict(reading, scope, body);
  readMergeActions(reading, scope, body);
  const returning = readBody(body, "returningClause");
  return readOutput(
    reading,
    scope,
    returning ? readList(returning, "exprs") : [],
  );
}

function readQuery(
  reading: Reading,
  query: unknown,
  parent: Scope | undefined,
  ctes: Ctes,
): Subquery {
  const scope = openScope(reading, parent, ctes);
  const node = tagged(query);
  if (!node) return { scope, output: undefined };
  const output =
    node.tag === "SelectStmt"
      ? readSelect(reading, scope, node.body)
      : readChange(reading, scope, node);
  return { scope, output };
}

function readParameters(
  statement: unknown,
  sql: string,
): Pick<StatementFacts, "parameterPlaces" | "parameterTwins"> {
  if (!/\$\d/.test(sql)) return {};
  return {
    parameterPlaces: findParameterPlaces(statement, sql),
    parameterTwins: findParameterTwins(statement, sql),
  };
}

const wrappers = new Set(["CreateTableAsStmt", "DeclareCursorStmt"]);

/**
 * What a statement reads, by level: tables, columns with their roles, and the
 * constructs that findings point at. Columns whose table only the catalog can
 * tell have `table` undefined; see `resolveColumns`. Spans are in UTF-16 units
 * of `sql`.
 */
export function readFacts(statement: unknown, sql: string): StatementFacts {
  const reading = startReading(sql, readQuery);
  const node = tagged(statement);
  const query = node && wrappers.has(node.tag) ? node.body["query"] : statement;
  reading.readQuery(query, undefined, noNames);
  const { tables, columns, implied, constructs, scopes } = reading;
  return {
    tables,
    columns,
    ...(implied.length === 0 ? {} : { implied }),
    constructs,
    scopes,
    functions: findFunctions(statement),
    operators: findOperators(statement),
    types: findTypes(statement),
    members: findMembers(statement),
    ...readParameters(statement, sql),
  };
}
