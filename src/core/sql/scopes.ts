import type { TextSpan } from "../text-span.ts";
import { readSqlText } from "./node-spans.ts";
import type { SqlText } from "./node-spans.ts";
import type {
  ColumnUse,
  Construct,
  ScopeFacts,
  TableReference,
} from "./statement.ts";
import {
  bodyOf,
  readBody,
  readList,
  readNumber,
  readText,
} from "./syntax-tree.ts";
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
  readonly column: string;
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

export type ColumnDetails = Pick<ColumnUse, "role"> &
  Partial<Omit<ColumnUse, "table" | "qualifier" | "column" | "scope">>;

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

/** A column reference; undefined for any other node and for stars. */
export function readColumnName(
  reading: Reading,
  node: unknown,
): ColumnName | undefined {
  const body = bodyOf(node, "ColumnRef");
  if (!body) return undefined;
  const fields = readList(body, "fields").map((field) => {
    const name = bodyOf(field, "String");
    return name && readText(name, "sval");
  });
  const column = fields.at(-1);
  if (column === undefined) return undefined;
  const span = reading.text.nameSpan(readNumber(body, "location"));
  return { schema: fields.at(-3), qualifier: fields.at(-2), column, span };
}

const matches = (source: Source, name: ColumnName): boolean =>
  source.name === name.qualifier &&
  (name.schema === undefined ||
    source.schema === undefined ||
    source.schema === name.schema);

/** The source of a column within one level: by qualifier, or the only one there is. */
function findSource(scope: Scope, name: ColumnName): Source | undefined {
  if (name.qualifier !== undefined)
    return scope.sources.find((source) => matches(source, name));
  return scope.sources.length === 1 ? scope.sources[0] : undefined;
}

/** The source of a column, looked for from its level upwards; marks levels that it crosses as correlated. */
function resolveSource(scope: Scope, name: ColumnName): Source | undefined {
  const crossed: Scope[] = [];
  let level: Scope | undefined = scope;
  while (level) {
    const source = findSource(level, name);
    if (source) {
      for (const below of crossed) below.isCorrelated = true;
      return source;
    }
    // Among several sources only the catalog can tell whose it is.
    if (name.qualifier === undefined && level.sources.length > 0)
      return undefined;
    crossed.push(level);
    level = level.parent;
  }
  return undefined;
}

/** The table of a column, looked for from its level upwards. */
export const resolveTable = (
  scope: Scope,
  name: ColumnName,
): number | undefined => resolveSource(scope, name)?.table;

function originsIn(
  source: Source,
  column: string,
  seen: Set<Scope>,
): readonly Origin[] {
  if (source.table !== undefined) return [{ table: source.table, column }];
  const { query } = source;
  if (query === undefined || seen.has(query)) return [];
  // Each query once: a chain of CTEs that read the one before twice would double at every step.
  seen.add(query);
  const named = query.outputs.filter(
    (output) => output.kind === "column" && output.name === column,
  );
  return (named.length > 0 ? named : query.outputs).flatMap((output) => {
    if (output.kind === "column")
      return output.name === column ? output.origins : [];
    return output.sources.flatMap((inner) => originsIn(inner, column, seen));
  });
}

/** The table columns that a column may be: itself, or those beneath a subquery's output. */
export function findOrigins(scope: Scope, name: ColumnName): readonly Origin[] {
  const source = resolveSource(scope, name);
  return source === undefined ? [] : originsIn(source, name.column, new Set());
}

function useOf(
  scope: Scope,
  name: ColumnName,
  details: ColumnDetails,
): Omit<ColumnUse, "table"> {
  return {
    qualifier: name.qualifier,
    column: name.column,
    scope: scope.id,
    span: name.span,
    wrappedIn: undefined,
    against: undefined,
    direction: undefined,
    nulls: undefined,
    position: undefined,
    underOr: false,
    ...details,
  };
}

/** Notes what a use implies: the same of the table column beneath a derived one, or an order of its own. */
export function addImplied(
  reading: Reading,
  scope: Scope,
  name: ColumnName,
  details: ColumnDetails,
): void {
  const use = useOf(scope, name, details);
  const origins = findOrigins(scope, name);
  // Among several sources the catalog may tell whose an unqualified name is.
  if (resolveSource(scope, name) === undefined)
    reading.implied.push({ ...use, table: undefined });
  for (const { table, column } of origins) {
    const within = reading.tables[table]?.scope ?? scope.id;
    reading.implied.push({ ...use, table, column, scope: within });
  }
}

export function addColumn(
  reading: Reading,
  scope: Scope,
  name: ColumnName,
  details: ColumnDetails,
): void {
  const source = resolveSource(scope, name);
  const table = source?.table;
  reading.columns.push({ ...useOf(scope, name, details), table });
  // An expression names the derived columns, which the table does not have.
  if (source?.query !== undefined && details.wrappedIn === undefined)
    addImplied(reading, scope, name, details);
}
