import type { TextSpan } from "../text-span.ts";
import { readSqlText } from "./node-spans.ts";
import type { SqlText } from "./node-spans.ts";
import type {
  ColumnUse,
  Construct,
  ScopeFacts,
  TableReference,
} from "./statement.ts";
import { readBody, readNumber, readText } from "./syntax-tree.ts";
import type { Body } from "./syntax-tree.ts";

/** Something in FROM that columns may belong to; `table` is undefined for a subquery, a CTE or a function. */
export interface Source {
  readonly name: string;
  readonly schema: string | undefined;
  readonly table: number | undefined;
  /** The query that a subquery or CTE stands for. */
  readonly query?: Scope | undefined;
}

/** A column of a table beneath a derived one. */
export interface Origin {
  readonly table: number;
  /** Of an expression any one that it names. */
  readonly column: string;
  /** The expression over the table's columns that the derived column is; absent for the column itself. */
  readonly computed?: string;
}

/** CTEs in sight, by name. */
export type Ctes = ReadonlyMap<string, Scope | undefined>;

/** A column of a query's result: named, or all columns of a source. */
export type Output =
  | {
      readonly kind: "column";
      readonly name: string | undefined;
      readonly origins: readonly Origin[];
    }
  | { readonly kind: "star"; readonly sources: readonly Source[] };

/** A query level while it is being read. */
export interface Scope {
  readonly id: number;
  /** Whose columns are visible too; not the enclosing level for a CTE or a plain subquery in FROM. */
  readonly parent: Scope | undefined;
  readonly sources: Source[];
  /** The CTEs in sight by name; without a query while a recursive one is being read. */
  readonly ctes: Map<string, Scope | undefined>;
  /** Where each output column comes from, by name and in order; more than one table under UNION. */
  readonly outputs: Output[];
  /** It uses a column of a level above. */
  isCorrelated: boolean;
}

/** A subquery that was read: its level, and its output column when that is a plain one. */
export interface Subquery {
  readonly scope: Scope;
  readonly output: ColumnName | undefined;
}

/** What has been read so far; one per statement. */
export interface Reading {
  /** Reads a query inside an expression; handed in, since queries hold expressions in turn. */
  readonly readQuery: (
    query: unknown,
    parent: Scope | undefined,
    ctes: Ctes,
  ) => Subquery;
  readonly text: SqlText;
  readonly tables: TableReference[];
  readonly columns: ColumnUse[];
  readonly implied: ColumnUse[];
  readonly constructs: Construct[];
  readonly scopes: ScopeFacts[];
  /** Arms of ORs so far, and lists of implied orders. */
  readonly arms: { count: number };
  readonly lists: { count: number };
}

/** A column as written. */
export interface ColumnName {
  readonly schema: string | undefined;
  readonly qualifier: string | undefined;
  readonly column: string;
  readonly span: TextSpan;
}

export const startReading = (
  sql: string,
  readQuery: (
    reading: Reading,
    ...rest: Parameters<Reading["readQuery"]>
  ) => Subquery,
): Reading => {
  const reading: Reading = {
    readQuery: (...rest) => readQuery(reading, ...rest),
    text: readSqlText(sql),
    tables: [],
    columns: [],
    implied: [],
    constructs: [],
    scopes: [],
    arms: { count: 0 },
    lists: { count: 0 },
  };
  return reading;
};

/** Opens a level; CTE names in sight come from `ctes`, columns in sight from `parent`. */
export function openScope(
  reading: Reading,
  parent: Scope | undefined,
  ctes: Ctes,
): Scope {
  const id = reading.scopes.length;
  reading.scopes.push({
    id,
    parent: parent?.id,
    hasLimit: false,
    hasGrouping: false,
    hasDistinct: false,
  });
  return {
    id,
    parent,
    sources: [],
    ctes: new Map(ctes),
    outputs: [],
    isCorrelated: false,
  };
}

export function noteScope(
  reading: Reading,
  scope: Scope,
  facts: Partial<ScopeFacts>,
): void {
  const known = reading.scopes[scope.id];
  if (known) reading.scopes[scope.id] = { ...known, ...facts };
}

export function addDerivedSource(
  reading: Reading,
  scope: Scope,
  name: string | undefined,
  query?: Scope,
): void {
  scope.sources.push({
    name: name ?? "",
    schema: undefined,
    table: undefined,
    query,
  });
  noteScope(reading, scope, { hasDerivedSource: true });
}

/** A name in FROM or a target: a table, unless a CTE has the name. */
export function addTable(
  reading: Reading,
  scope: Scope,
  body: Body,
  isTarget: boolean,
): void {
  const name = readText(body, "relname") ?? "";
  const schema = readText(body, "schemaname");
  const aliasBody = readBody(body, "alias");
  const alias = aliasBody && readText(aliasBody, "aliasname");
  // A target is always a table, also when a CTE has its name.
  if (schema === undefined && !isTarget && scope.ctes.has(name)) {
    addDerivedSource(reading, scope, alias ?? name, scope.ctes.get(name));
    return;
  }
  const id = reading.tables.length;
  const span = reading.text.nameSpan(readNumber(body, "location"));
  reading.tables.push({
    id,
    schema,
    name,
    alias,
    span,
    scope: scope.id,
    isTarget,
  });
  scope.sources.push({
    name: alias ?? name,
    schema: alias === undefined ? schema : undefined,
    table: id,
  });
}
