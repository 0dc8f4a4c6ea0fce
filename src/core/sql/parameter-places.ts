import { readSqlText } from "./node-spans.ts";
import type { SqlText } from "./node-spans.ts";
import { readOffsets } from "./offsets.ts";
import {
  isBody,
  readList,
  readNumber,
  readOperator,
  readText,
  tagged,
  visit,
} from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";

/** Where a parameter stands, as far as that decides its type. */
export interface ParameterPlace {
  readonly number: number;
  /** `count`: LIMIT, OFFSET, FETCH. `operand`: of an arithmetic operator. */
  readonly kind: "count" | "operand" | "other";
  /**
   * Offsets in ParsedStatement.sql at which the server reports a wrong or ambiguous type of this parameter: its
   * own, and those of the functions and operators its value flows into unchanged or by arithmetic, inner first.
   */
  readonly feeds: readonly number[];
}

/**
 * A parameter whose value the statement tells in another place: `SELECT f(a, $1) … GROUP BY f(a, $2)` is right only
 * when both are one, and pg_stat_statements prints `GROUP BY f(a, 7)` as it was written.
 */
export interface ParameterTwin {
  readonly number: number;
  /** What stands for it: a parameter of a lower number, or the literal. */
  readonly as: string;
}

/** A chain of operators is as long as the statement; an error names one of the nearest. */
const mostFeeds = 12;

const arithmetic = /^[-+*/%^]$/;
const counts = ["limitCount", "limitOffset"];

interface Pending {
  readonly value: unknown;
  readonly feeds: readonly number[];
  readonly kind: ParameterPlace["kind"];
}

const fresh = (value: unknown): Pending => ({
  value,
  feeds: [],
  kind: "other",
});

/** What an operator or a function does with what is below it. */
function belowOperator(body: Body, from: Pending, at: number): Pending {
  const isNullif = readText(body, "kind") === "AEXPR_NULLIF";
  if (isNullif) return { ...from, feeds: further(from, at) };
  return arithmetic.test(readOperator(body))
    ? { value: body, feeds: further(from, at), kind: "operand" }
    : { value: body, feeds: [at], kind: "other" };
}

const further = (from: Pending, at: number): readonly number[] =>
  [at, ...from.feeds].slice(0, mostFeeds);

/** Nodes whose value is one of those below them. */
const choices = new Set(["CoalesceExpr", "MinMaxExpr", "A_ArrayExpr"]);
/** Nodes that only hold others. */
const holders = new Set(["ResTarget", "List"]);

/** What is below a node, with the places each part's value flows into. */
function below(node: Tagged, from: Pending, at: number): readonly Pending[] {
  const { tag, body } = node;
  const passAll = (as: Pending): readonly Pending[] =>
    Object.values(body).map((value) => ({ ...as, value }));
  if (tag === "A_Expr") return passAll(belowOperator(body, from, at));
  if (tag === "FuncCall")
    return passAll({ value: body, feeds: [at], kind: "other" });
  if (tag === "CaseExpr") return belowCase(body, from, at);
  if (choices.has(tag)) return passAll({ ...from, feeds: further(from, at) });
  if (holders.has(tag)) return passAll(from);
  return Object.entries(body).map(([field, value]) =>
    counts.includes(field) ? { value, feeds: [], kind: "count" } : fresh(value),
  );
}

function belowCase(body: Body, from: Pending, at: number): readonly Pending[] {
  const passOn = (value: unknown): Pending => ({
    ...from,
    value,
    feeds: further(from, at),
  });
  return [
    passOn(body["defresult"]),
    ...readList(body, "args").flatMap((item) => belowWhen(item, passOn)),
    { value: body["arg"], feeds: [at], kind: "other" },
  ];
}

function belowWhen(
  item: unknown,
  passOn: (value: unknown) => Pending,
): readonly Pending[] {
  const when = tagged(item)?.body ?? {};
  return [passOn(when["result"]), fresh(when["expr"])];
}

function childrenOf(pending: Pending, at: number): readonly Pending[] {
  const { value } = pending;
  const node = tagged(value);
  if (node) return below(node, pending, at);
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).map((inner: unknown) => ({
    ...pending,
    value: inner,
  }));
}

const locationOf = (value: unknown): number =>
  readNumber(tagged(value)?.body ?? {}, "location") ?? 0;

/** Every parameter of a statement with its place; `sql` is the text the tree was read from. */
export function findParameterPlaces(
  statement: unknown,
  sql: string,
): readonly ParameterPlace[] {
  const places: ParameterPlace[] = [];
  const offsets = readOffsets(sql);
  const waiting: Pending[] = [fresh(statement)];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, feeds, kind } = next;
    const at = offsets.fromByte(locationOf(value));
    const node = tagged(value);
    if (node?.tag === "ParamRef")
      places.push({
        number: readNumber(node.body, "number") ?? 0,
        kind,
        feeds: [at, ...feeds],
      });
    else for (const child of childrenOf(next, at)) waiting.push(child);
  }
  return places;
}

/** A parameter's number or a literal's text. */
type Leaf = number | string;

const isLeaf = (tag: string): boolean =>
  tag === "ParamRef" || tag === "A_Const";

/** Equal for expressions that differ in places, parameters and literals only. */
const shapeOf = (node: unknown): string =>
  JSON.stringify(node, (key, value: unknown) => {
    if (key === "location") return undefined;
    return isLeaf(tagged(value)?.tag ?? "") ? "?" : value;
  });

interface Key {
  readonly tag: string;
  readonly shape: string;
  readonly leaves: readonly Leaf[];
}

/** Reads the leaves of expressions of one text. */
type ReadLeaves = (node: unknown) => readonly Leaf[];

function leafReader(sql: string): ReadLeaves {
  // Most statements group by nothing that holds a leaf.
  let text: SqlText | undefined;
  return (node) => {
    const leaves: Leaf[] = [];
    visit(node, ({ tag, body }) => {
      if (!isLeaf(tag)) return undefined;
      text ??= readSqlText(sql);
      leaves.push(
        tag === "ParamRef"
          ? (readNumber(body, "number") ?? 0)
          : text.textOf({ [tag]: body }),
      );
      return false;
    });
    return leaves;
  };
}

/** Grouped expressions with parameters or literals, and under DISTINCT the sorted ones. */
function keysOf(select: Body, readLeaves: ReadLeaves): readonly Key[] {
  const keys: Key[] = [];
  const lists = [readList(select, "groupClause")];
  if (readList(select, "distinctClause").length > 0)
    lists.push(readList(select, "sortClause"));
  visit(lists, (node) => {
    if (node.tag === "GroupingSet" || node.tag === "SortBy") return undefined;
    const value = { [node.tag]: node.body };
    const leaves = isLeaf(node.tag) ? [] : readLeaves(value);
    if (leaves.length > 0)
      keys.push({ tag: node.tag, shape: shapeOf(value), leaves });
    return false;
  });
  return keys;
}

/** Leaves of the expressions that repeat a key, each with those of the key; the first of equal ones with the first. */
function repeatsIn(
  clause: unknown,
  keys: readonly Key[],
  readLeaves: ReadLeaves,
): readonly (readonly [Leaf, Leaf])[] {
  const found: (readonly [Leaf, Leaf])[] = [];
  const seen = new Map<string, number>();
  visit(clause, (node) => {
    if (!keys.some(({ tag }) => tag === node.tag)) return undefined;
    const value = { [node.tag]: node.body };
    const shape = shapeOf(value);
    const same = keys.filter((key) => key.shape === shape);
    const position = seen.get(shape) ?? 0;
    const key = same[position % same.length];
    if (key === undefined) return undefined;
    seen.set(shape, position + 1);
    readLeaves(value).forEach((leaf, at) => {
      found.push([leaf, key.leaves[at] ?? leaf]);
    });
    return false;
  });
  return found;
}

/** A SELECT and the branches of a UNION, which stand in the tree without their tag. */
function branchesOf(select: Body): readonly Body[] {
  const found: Body[] = [select];
  for (const body of found)
    for (const branch of ["larg", "rarg"]) {
      const inner = body[branch];
      if (isBody(inner)) found.push(inner);
    }
  return found;
}

/** Follows leaves to what stands for them. */
function createUnion(): {
  readonly rootOf: (leaf: Leaf) => Leaf;
  readonly unite: (one: Leaf, other: Leaf) => void;
  readonly numbers: () => readonly number[];
} {
  const roots = new Map<number, Leaf>();
  const rootOf = (leaf: Leaf): Leaf => {
    let root = leaf;
    while (typeof root === "number") {
      const next = roots.get(root);
      if (next === undefined) break;
      root = next;
    }
    return root;
  };
  const unite = (one: Leaf, other: Leaf): void => {
    const [a, b] = [rootOf(one), rootOf(other)];
    if (a === b) return;
    if (typeof a === "number" && typeof b === "number")
      roots.set(Math.max(a, b), Math.min(a, b));
    else if (typeof a === "number") roots.set(a, b);
    else if (typeof b === "number") roots.set(b, a);
  };
  return { rootOf, unite, numbers: () => [...roots.keys()] };
}

/** Parameters whose value the statement tells elsewhere; taken for free ones, the server refuses the statement. */
export function findParameterTwins(
  statement: unknown,
  sql: string,
): readonly ParameterTwin[] {
  const readLeaves = leafReader(sql);
  const { rootOf, unite, numbers } = createUnion();
  visit(statement, ({ tag, body }) => {
    if (tag !== "SelectStmt") return undefined;
    for (const select of branchesOf(body)) {
      const keys = keysOf(select, readLeaves);
      if (keys.length === 0) continue;
      for (const field of ["targetList", "havingClause", "sortClause"])
        for (const [one, other] of repeatsIn(select[field], keys, readLeaves))
          unite(one, other);
    }
    return undefined;
  });
  return numbers().map((number) => {
    const root = rootOf(number);
    return { number, as: typeof root === "number" ? `$${root}` : root };
  });
}
