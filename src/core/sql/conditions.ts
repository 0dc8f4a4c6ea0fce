import {
  membersOf,
  namesOf,
  noteSide,
  noteWrapped,
  readPair,
  readPairs,
} from "./comparisons.ts";
import type { Place } from "./comparisons.ts";
import {
  readAgainst,
  readExpression,
  readInnerQueries,
  readSide,
  readString,
  readSubLink,
} from "./expressions.ts";
import { addColumn, readColumnName } from "./scope-columns.ts";
import type { ColumnName, Reading, Scope } from "./scopes.ts";
import type { ColumnRole, ColumnUse } from "./statement.ts";
import {
  bodyOf,
  readList,
  readNames,
  readText,
  tagged,
} from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";

function readAnyOfColumn(place: Place, body: Body): boolean {
  const isAny = readText(body, "kind") === "AEXPR_OP_ANY";
  const side = isAny ? readSide(place.reading, body["rexpr"]) : undefined;
  if (!side || namesOf(side).length === 0) return false;
  // `$1 = ANY (tags)`: the array's column can use no index in this form.
  noteOther(place, { A_Expr: body });
  return true;
}

function noteOther(place: Place, node: unknown): void {
  const { reading, scope, underOr } = place;
  readExpression(reading, scope, node, { role: "other", underOr });
}

/** What a column is tested for, beside nothing. */
interface Test {
  readonly role: ColumnRole;
  readonly text?: string;
  readonly operator?: string;
}

function noteTest(
  place: Place,
  node: unknown,
  { role, text, ...named }: Test,
): void {
  const side = readSide(place.reading, node);
  const against =
    text === undefined ? undefined : ({ kind: "constant", text } as const);
  noteSide(place, side, role, { against, ...named });
  readInnerQueries(place.reading, place.scope, node);
}

const booleanTests: Readonly<Partial<Record<string, Test>>> = {
  IS_TRUE: { role: "equality", text: "true" },
  IS_FALSE: { role: "equality", text: "false" },
  IS_NOT_TRUE: { role: "inequality", text: "true", operator: "IS NOT" },
  IS_NOT_FALSE: { role: "inequality", text: "false", operator: "IS NOT" },
};

function readBooleanTest(place: Place, body: Body): void {
  const test = booleanTests[readText(body, "booltesttype") ?? ""];
  if (test) noteTest(place, body["arg"], test);
  else noteOther(place, body["arg"]);
}

/** `starts_with(name, 'A')`, which a B-tree serves as it does a LIKE (from PostgreSQL 15 on). */
function readCall(place: Place, body: Body): void {
  const [left, right, ...more] = readList(body, "args");
  const isBeginning =
    readNames(body, "funcname").at(-1) === "starts_with" &&
    more.length === 0 &&
    readString(right) !== undefined;
  if (isBeginning)
    readPair(place, { left, right, role: "prefixLike", operator: "^@" });
  else noteOther(place, { FuncCall: body });
}

function readOperation(place: Place, body: Body): void {
  if (readAnyOfColumn(place, body)) return;
  for (const pair of readPairs(body)) readPair(place, pair);
}

function readNullTest(place: Place, body: Body): void {
  const isNull = readText(body, "nulltesttype") === "IS_NULL";
  noteTest(place, body["arg"], { role: isNull ? "isNull" : "isNotNull" });
}

/** `x IN (…)`; `x < ANY (…)` has an operator. */
const isIn = (link: Body): boolean =>
  readText(link, "subLinkType") === "ANY_SUBLINK" &&
  readList(link, "operName").length === 0;

/** `x IN (SELECT y …)`: a join between x and y, both with the other against. */
function readSubquery(place: Place, body: Body): void {
  const { reading, scope, underOr } = place;
  const isJoin = /^(?:ANY|EXISTS)_/.test(readText(body, "subLinkType") ?? "");
  const isFlattened = isJoin && !underOr;
  const { scope: inner, output } = readSubLink(
    reading,
    scope,
    body,
    isFlattened,
  );
  if (!isIn(body)) {
    noteOther(place, body["testexpr"]);
    return;
  }
  const members = membersOf(body["testexpr"]);
  const joined = members.length === 1 ? output : undefined;
  for (const member of members) joinMember(place, member, joined);
  if (joined)
    addColumn(reading, inner, joined, {
      role: "join",
      against: readAgainst(readSide(reading, members[0])),
      underOr,
    });
}

function joinMember(
  place: Place,
  member: unknown,
  output: ColumnName | undefined,
): void {
  const side = readSide(place.reading, member);
  const against: ColumnUse["against"] = output
    ? { kind: "column", qualifier: output.qualifier, column: output.column }
    : { kind: "expression" };
  noteSide(place, side, "join", { against });
  noteWrapped(place, member, side);
}

function readNot(place: Place, argument: unknown): void {
  const column = readColumnName(place.reading, argument);
  if (column) {
    noteTest(place, argument, { role: "equality", text: "false" });
    return;
  }
  const link = bodyOf(argument, "SubLink");
  if (link && readText(link, "subLinkType") === "ANY_SUBLINK") {
    const span = place.reading.text.nodeSpan(argument);
    if (isIn(link))
      place.reading.constructs.push({ kind: "notInSubquery", span });
    // NOT IN is never turned into a join (PostgreSQL, pull_up_sublinks).
    readSubquery({ ...place, underOr: true }, link);
    return;
  }
  // NOT EXISTS is an anti-join.
  if (link && !place.underOr) readSubquery(place, link);
  else readNode({ ...place, underOr: true }, argument);
}

function readBoolean(place: Place, body: Body): void {
  const items = readList(body, "args");
  const operator = readText(body, "boolop");
  if (operator === "NOT_EXPR") {
    readNot(place, items[0]);
    return;
  }
  if (operator !== "OR_EXPR") {
    for (const item of items) readNode(place, item);
    return;
  }
  for (const item of items) {
    place.reading.arms.count += 1;
    const arm = place.reading.arms.count;
    readNode({ ...place, underOr: true, arm }, item);
  }
}

function readTagged(place: Place, node: Tagged): void {
  const { tag, body } = node;
  const whole = { [tag]: body };
  switch (tag) {
    case "BoolExpr":
      readBoolean(place, body);
      break;
    case "A_Expr":
      readOperation(place, body);
      break;
    case "NullTest":
      readNullTest(place, body);
      break;
    case "BooleanTest":
      readBooleanTest(place, body);
      break;
    case "SubLink":
      readSubquery(place, body);
      break;
    case "ColumnRef":
      noteTest(place, whole, { role: "equality", text: "true" });
      break;
    case "FuncCall":
      readCall(place, body);
      break;
    default:
      noteOther(place, whole);
  }
}

function readNode(place: Place, condition: unknown): void {
  const node = tagged(condition);
  if (node) readTagged(place, node);
}

/** Notes the columns of a WHERE or ON condition with their roles, and what hides them. */
export function readCondition(
  reading: Reading,
  scope: Scope,
  condition: unknown,
): void {
  readNode({ reading, scope, underOr: false }, condition);
}
