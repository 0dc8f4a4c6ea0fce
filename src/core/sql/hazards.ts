import {
  bodyOf,
  isBody,
  readBody,
  readNames,
  readText,
  visit,
} from "./syntax-tree.ts";
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

/** Each once; the last word of a name is its own, the one before its schema. */
function unrepeated(
  names: readonly (readonly string[])[],
): readonly QualifiedName[] {
  const found = new Map<string, QualifiedName>();
  for (const words of names) {
    const name = words.at(-1);
    // Also told apart: "a.b".f and a."b.f".
    if (name !== undefined)
      found.set(JSON.stringify(words), { schema: words.at(-2), name });
  }
  return [...found.values()];
}

type NamesOf = (node: Tagged) => readonly (readonly string[])[];

function findNames(
  statement: unknown,
  namesOf: NamesOf,
): readonly QualifiedName[] {
  const names: (readonly string[])[] = [];
  visit(statement, (node) => {
    names.push(...namesOf(node));
    return undefined;
  });
  return unrepeated(names);
}

/** Functions that the statement calls by name, each once. */
export const findFunctions = (statement: unknown): readonly QualifiedName[] =>
  findNames(statement, ({ tag, body }) =>
    tag === "FuncCall" ? [readNames(body, "funcname")] : [],
  );

const between = [[">="], ["<="]];
const outside = [["<"], [">"]];

/** What the server puts in the place of the words, found by the search_path like any other operator. */
const standsFor: Readonly<Record<string, readonly (readonly string[])[]>> = {
  AEXPR_BETWEEN: between,
  AEXPR_BETWEEN_SYM: between,
  AEXPR_NOT_BETWEEN: outside,
  AEXPR_NOT_BETWEEN_SYM: outside,
};

const equality = [["="]];

/** By the node that they stand in. */
const operatorsOf: Readonly<
  Record<string, (body: Body) => readonly (readonly string[])[]>
> = {
  A_Expr: (body) =>
    standsFor[readText(body, "kind") ?? ""] ?? [readNames(body, "name")],
  SubLink: (body) => {
    const written = readNames(body, "operName");
    const isIn = body["subLinkType"] === "ANY_SUBLINK" && written.length === 0;
    return isIn ? equality : [written];
  },
  SortBy: (body) => [readNames(body, "useOp")],
  CaseExpr: ({ arg }) => (arg === undefined ? [] : equality),
  JoinExpr: ({ isNatural, usingClause }) =>
    isNatural === true || usingClause !== undefined ? equality : [],
};

/** Operators that the statement writes or means, each once; a function of the server stands behind every one. */
export const findOperators = (statement: unknown): readonly QualifiedName[] =>
  findNames(statement, ({ tag, body }) => operatorsOf[tag]?.(body) ?? []);

/** Every TypeName stands untagged in a field of this name, at times below another untagged one. */
function findTypeNames(statement: unknown): readonly Body[] {
  const found: Body[] = [];
  const pending: unknown[] = [statement];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value !== "object" || value === null) continue;
    const type = isBody(value) ? readBody(value, "typeName") : undefined;
    if (type !== undefined) found.push(type);
    for (const child of Object.values(value)) pending.push(child);
  }
  return found;
}

/** Types that the statement names, each once: a cast, and a domain's CHECK, may call functions. */
export const findTypes = (statement: unknown): readonly QualifiedName[] =>
  unrepeated(findTypeNames(statement).map((type) => readNames(type, "names")));

/** Names behind a dot, each once: `row.name` and `(row).name` call name(row) where there is no such column. */
export function findMembers(statement: unknown): readonly string[] {
  const found = new Set<string>();
  visit(statement, ({ tag, body }) => {
    if (tag === "ColumnRef")
      for (const name of readNames(body, "fields").slice(1)) found.add(name);
    if (tag === "A_Indirection")
      for (const name of readNames(body, "indirection")) found.add(name);
    return undefined;
  });
  return [...found];
}
