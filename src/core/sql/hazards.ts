import { bodyOf, readBody, readNames, readText, visit } from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";
import type { Hazard, QualifiedName } from "./statement.ts";

const writers: Readonly<Record<string, string>> = {
  InsertStmt: "INSERT",
  UpdateStmt: "UPDATE",
  DeleteStmt: "DELETE",
  MergeStmt: "MERGE",
  CreateTableAsStmt: "CREATE TABLE AS",
  // What the prepared statement does is not in the text.
  ExecuteStmt: "EXECUTE",
};

const lockingClauses: Readonly<Record<string, string>> = {
  LCS_FORUPDATE: "FOR UPDATE",
  LCS_FORNOKEYUPDATE: "FOR NO KEY UPDATE",
  LCS_FORSHARE: "FOR SHARE",
  LCS_FORKEYSHARE: "FOR KEY SHARE",
};

function writeHazard(node: Tagged, isTop: boolean): Hazard | undefined {
  const what = writers[node.tag];
  if (what === undefined) return undefined;
  const isView = node.body["objtype"] === "OBJECT_MATVIEW";
  const named = isView ? "CREATE MATERIALIZED VIEW" : what;
  return { kind: isTop ? "writes" : "writesInCte", what: named };
}

const functionHazard = (body: Body): Hazard => ({
  kind: "callsFunction",
  name: readNames(body, "funcname").join("."),
});

function nodeHazard(node: Tagged, isTop: boolean): Hazard | undefined {
  switch (node.tag) {
    case "FuncCall":
      return functionHazard(node.body);
    case "LockingClause": {
      const strength = readText(node.body, "strength") ?? "";
      return {
        kind: "locksRows",
        clause: lockingClauses[strength] ?? strength,
      };
    }
    case "SelectStmt":
      return readBody(node.body, "intoClause") && { kind: "selectInto" };
    default:
      return writeHazard(node, isTop);
  }
}

/** Set operations and CREATE … AS keep their queries in untagged fields; `visit` sees nodes with tags alone. */
function hasUntaggedInto(statement: unknown): boolean {
  const select = bodyOf(statement, "SelectStmt");
  let branch = select;
  while (branch) {
    if (readBody(branch, "intoClause")) return true;
    branch = readBody(branch, "larg");
  }
  return false;
}

/**
 * Everything that keeps a statement from being plain reading, each once, in
 * order of appearance. Function calls are all listed: only the server knows
 * which of them are volatile.
 */
export function findHazards(statement: unknown): readonly Hazard[] {
  const found = new Map<string, Hazard>();
  const add = (hazard: Hazard): void => {
    const key = JSON.stringify(hazard);
    if (!found.has(key)) found.set(key, hazard);
  };
  let isTop = true;
  visit(statement, (node) => {
    const hazard = nodeHazard(node, isTop);
    isTop = false;
    if (hazard) add(hazard);
    return undefined;
  });
  if (hasUntaggedInto(statement)) add({ kind: "selectInto" });
  return [...found.values()];
}

const operatorFields: Readonly<Record<string, string>> = {
  A_Expr: "name",
  SubLink: "operName",
  SortBy: "useOp",
};

function findNames(
  statement: unknown,
  fieldOf: (tag: string) => string | undefined,
): readonly QualifiedName[] {
  const found = new Map<string, QualifiedName>();
  visit(statement, (node) => {
    const field = fieldOf(node.tag);
    const names = field === undefined ? [] : readNames(node.body, field);
    const name = names.at(-1);
    // Also told apart: "a.b".f and a."b.f".
    if (name !== undefined)
      found.set(JSON.stringify(names), { schema: names.at(-2), name });
    return undefined;
  });
  return [...found.values()];
}

/** Functions that the statement calls by name, each once. */
export const findFunctions = (statement: unknown): readonly QualifiedName[] =>
  findNames(statement, (tag) => (tag === "FuncCall" ? "funcname" : undefined));

/** Operators that the statement writes, each once; a function of the server stands behind every one. */
export const findOperators = (statement: unknown): readonly QualifiedName[] =>
  findNames(statement, (tag) => operatorFields[tag]);
