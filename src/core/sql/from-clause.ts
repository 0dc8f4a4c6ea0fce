import { readCondition } from "./conditions.ts";
import { readExpression } from "./expressions.ts";
import { addColumn, addImplied } from "./scope-columns.ts";
import { addDerivedSource, addTable } from "./scopes.ts";
import type { Reading, Scope, Source } from "./scopes.ts";
import {
  bodyOf,
  readBody,
  readList,
  readNames,
  readText,
  tagged,
} from "./syntax-tree.ts";
import type { Body, Tagged } from "./syntax-tree.ts";

/** A condition waits until all of FROM is known: only then is it clear whose an unqualified column is. */
type Later = () => void;

interface From {
  readonly reading: Reading;
  readonly scope: Scope;
  readonly later: Later[];
}

const readAlias = (body: Body): string | undefined => {
  const alias = readBody(body, "alias");
  return alias && readText(alias, "aliasname");
};

function noteUsing(
  from: From,
  sources: readonly Source[],
  column: string,
  start: number,
): void {
  const [only] = sources;
  if (sources.length !== 1 || only === undefined) return;
  const { reading, scope } = from;
  const span = reading.text.wordSpan(column, start);
  const name = { schema: undefined, qualifier: only.name, column, span };
  const against = { kind: "column", qualifier: undefined, column } as const;
  if (only.table === undefined)
    addImplied(reading, scope, name, { role: "join", against });
  else addColumn(reading, scope, name, { role: "join", against });
}

function readJoin(from: From, body: Body): void {
  const { reading, scope, later } = from;
  const first = scope.sources.length;
  readItem(from, body["larg"]);
  const middle = scope.sources.length;
  readItem(from, body["rarg"]);
  const left = scope.sources.slice(first, middle);
  const right = scope.sources.slice(middle);
  later.push(() => {
    readCondition(reading, scope, body["quals"]);
  });
  const columns = readNames(body, "usingClause");
  const start =
    columns.length > 0 ? reading.text.nodeSpan(body["rarg"]).end : 0;
  for (const column of columns) {
    noteUsing(from, left, column, start);
    noteUsing(from, right, column, start);
  }
}

function readDerived(from: From, body: Body): void {
  const { reading, scope } = from;
  const parent = body["lateral"] === true ? scope : scope.parent;
  const query = reading.readQuery(body["subquery"], parent, scope.ctes);
  addDerivedSource(reading, scope, readAlias(body), query.scope);
}

function readOtherItem(from: From, node: Tagged): void {
  const { reading, scope, later } = from;
  addDerivedSource(reading, scope, readAlias(node.body));
  later.push(() => {
    readExpression(
      reading,
      scope,
      { [node.tag]: node.body },
      { role: "other" },
    );
  });
}

function readItem(from: From, item: unknown): void {
  const node = tagged(item);
  if (!node) return;
  switch (node.tag) {
    case "RangeVar":
      addTable(from.reading, from.scope, node.body, false);
      break;
    case "JoinExpr":
      readJoin(from, node.body);
      break;
    case "RangeSubselect":
      readDerived(from, node.body);
      break;
    case "RangeTableSample": {
      const table = bodyOf(node.body["relation"], "RangeVar");
      if (table) addTable(from.reading, from.scope, table, false);
      break;
    }
    default:
      readOtherItem(from, node);
  }
}

/** Adds the sources of a FROM or USING list to a level, then reads its join conditions. */
export function readFrom(
  reading: Reading,
  scope: Scope,
  items: readonly unknown[],
): void {
  const from: From = { reading, scope, later: [] };
  for (const item of items) readItem(from, item);
  for (const read of from.later) read();
}

/** Reads the queries of a WITH clause; their names are in sight from here on. */
export function readWith(reading: Reading, scope: Scope, body: Body): void {
  const clause = readBody(body, "withClause");
  if (!clause) return;
  const entries = readList(clause, "ctes").flatMap((entry) => {
    const cte = bodyOf(entry, "CommonTableExpr");
    return cte ? [cte] : [];
  });
  const nameOf = (cte: Body): string => readText(cte, "ctename") ?? "";
  if (clause["recursive"] === true)
    for (const cte of entries) scope.ctes.set(nameOf(cte), undefined);
  for (const cte of entries) {
    const query = reading.readQuery(cte["ctequery"], scope.parent, scope.ctes);
    scope.ctes.set(nameOf(cte), query.scope);
  }
}
