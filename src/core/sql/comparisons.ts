import {
  comparisonRole,
  isOneSided,
  servedByIndex,
  specialOperator,
  turnedRound,
} from "./comparison-roles.ts";
import { readAgainst, readInnerQueries, readSide } from "./expressions.ts";
import type { Side } from "./expressions.ts";
import { addColumn, addWrapped, resolveTable } from "./scope-columns.ts";
import type { ColumnName, Reading, Scope } from "./scopes.ts";
import type { ColumnRole, ColumnUse } from "./statement.ts";
import { bodyOf, readList, readOperator, readText } from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

/** Where a condition stands. */
export interface Place {
  readonly reading: Reading;
  readonly scope: Scope;
  readonly underOr: boolean;
  /** Number of the OR's arm. */
  readonly arm?: number;
}

/** One operator between two expressions. */
export interface ComparedPair {
  readonly left: unknown;
  readonly right: unknown;
  readonly role: ColumnRole;
  readonly operator: string;
}

/** The members of `(a, b)`, or the one expression there is. */
export const membersOf = (node: unknown): readonly unknown[] => {
  const row = bodyOf(node, "RowExpr");
  return row ? readList(row, "args") : [node];
};

/** `(a, b) > ($1, $2)` is read pair by pair; `(a, b) IN (…)` member by member. */
export function readPairs(body: Body): readonly ComparedPair[] {
  const role = comparisonRole(body);
  const isDistinct = readText(body, "kind") === "AEXPR_DISTINCT";
  const operator = isDistinct ? "IS DISTINCT FROM" : readOperator(body);
  const right = body["rexpr"];
  const others = bodyOf(right, "RowExpr") ? membersOf(right) : undefined;
  return membersOf(body["lexpr"]).map((left, index) => ({
    left,
    right: others ? others[index] : right,
    role,
    operator,
  }));
}

/** The columns that one side of a comparison names. */
export const namesOf = (side: Side): readonly ColumnName[] => {
  if (side.kind === "column") return [side.name];
  return side.kind === "wrapped" ? side.names : [];
};

/** A plain comparison as it reads from the right. */
const commuted: Readonly<Record<string, string>> = {
  "=": "=",
  "<>": "<>",
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
};

/** Columns on both sides: of one table they compare within a row, of two they join. */
function sharedRole(
  place: Place,
  pair: ComparedPair,
  sides: readonly [Side, Side],
): ColumnRole {
  const { role } = pair;
  const [left, right] = sides.map((side) =>
    namesOf(side).map((name) => resolveTable(place.scope, name)),
  );
  const known = new Set([...(left ?? []), ...(right ?? [])]);
  const isOneTable = known.size === 1 && !known.has(undefined);
  if (isOneTable) return "other";
  return role === "equality" ? "join" : role;
}

/** Notes the columns of one side with their role. */
export function noteSide(
  place: Place,
  side: Side,
  role: ColumnRole,
  other: Pick<ColumnUse, "against" | "operator">,
): void {
  const { reading, scope, underOr, arm } = place;
  const where = arm === undefined ? {} : { arm };
  const details = { role, ...other, underOr, ...where };
  if (side.kind === "column") addColumn(reading, scope, side.name, details);
  if (side.kind === "wrapped") addWrapped(reading, scope, side, details);
}

const named = (operator: string | undefined): Pick<ColumnUse, "operator"> =>
  operator === undefined ? {} : { operator };

/** Notes that an expression hides a column from its index. */
export function noteWrapped(place: Place, node: unknown, side: Side): void {
  const [name] = side.kind === "wrapped" ? side.names : [];
  if (side.kind !== "wrapped" || !name) return;
  place.reading.constructs.push({
    kind: "wrappedColumn",
    span: place.reading.text.nodeSpan(node),
    column: name.column,
    qualifier: name.qualifier,
    wrapper: side.wrapper,
  });
}

function noteWildcard(place: Place, pair: ComparedPair, side: Side): void {
  const [name] = namesOf(side);
  if (!name || pair.role !== "leadingWildcardLike") return;
  place.reading.constructs.push({
    kind: "leadingWildcard",
    span: place.reading.text.nodeSpan(pair.right),
    column: name.column,
    qualifier: name.qualifier,
  });
}

/** Notes the columns of both sides with their roles, and what hides them. */
export function readPair(place: Place, pair: ComparedPair): void {
  const { reading, scope } = place;
  const left = readSide(reading, pair.left);
  const right = readSide(reading, pair.right);
  const isShared = namesOf(left).length > 0 && namesOf(right).length > 0;
  const role = isShared ? sharedRole(place, pair, [left, right]) : pair.role;
  noteSide(place, left, role, {
    against: readAgainst(right, pair.operator),
    ...named(specialOperator(pair.operator)),
  });
  const rightRole = isOneSided(role) ? "other" : role;
  noteSide(place, right, rightRole, {
    against: readAgainst(left, commuted[pair.operator]),
    ...named(turnedRound(pair.operator)),
  });
  if (servedByIndex.has(role)) noteWrapped(place, pair.left, left);
  if (servedByIndex.has(rightRole)) noteWrapped(place, pair.right, right);
  noteWildcard(place, pair, left);
  for (const node of [pair.left, pair.right])
    readInnerQueries(reading, scope, node);
}
