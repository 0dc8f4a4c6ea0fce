import { quoteIdentifier } from "./quote-identifier.ts";
import type { ColumnName, Origin, Reading, Scope, Source } from "./scopes.ts";
import type { ColumnUse } from "./statement.ts";
import { bodyOf, readList, readNumber, readText } from "./syntax-tree.ts";

/** What is known of a use beside its column. */
export type ColumnDetails = Pick<ColumnUse, "role"> &
  Partial<Omit<ColumnUse, "table" | "qualifier" | "column" | "scope">>;

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
  addOrigins(reading, scope, use, origins);
}

/** Notes the same use of what is beneath a derived column. */
function addOrigins(
  reading: Reading,
  scope: Scope,
  use: Omit<ColumnUse, "table">,
  origins: readonly Origin[],
): void {
  for (const { table, column, computed } of origins) {
    const within = reading.tables[table]?.scope ?? scope.id;
    const wrappedIn = computed ?? use.wrappedIn;
    reading.implied.push({ ...use, table, column, wrappedIn, scope: within });
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

/** An expression over columns as written; `start` is where its text begins. */
export interface Wrapped {
  readonly names: readonly ColumnName[];
  readonly text: string;
  readonly start: number;
}

/** The expression with other texts in its names' places. */
function rewrite(
  { names, text, start }: Wrapped,
  origins: readonly Origin[],
): string {
  const places = names
    .map(({ span }, at) => ({ span, origin: origins[at] }))
    .sort((a, b) => a.span.start - b.span.start);
  let rewritten = "";
  let done = start;
  for (const { span, origin } of places) {
    const { column = "", computed } = origin ?? {};
    rewritten += text.slice(done - start, span.start - start);
    rewritten +=
      computed === undefined ? quoteIdentifier(column) : `(${computed})`;
    done = span.end;
  }
  return rewritten + text.slice(done - start);
}

/** What the expression is of each table that is beneath all its columns. */
export function findComputed(
  scope: Scope,
  wrapped: Wrapped,
): readonly Origin[] {
  const origins = wrapped.names.map((name) => findOrigins(scope, name));
  return (origins[0] ?? []).flatMap(({ table, column }) => {
    const own = origins.flatMap(
      (some) => some.find((origin) => origin.table === table) ?? [],
    );
    return own.length < origins.length
      ? []
      : [{ table, column, computed: rewrite(wrapped, own) }];
  });
}

/** Notes the columns of an expression; where they are derived, what that asks of the tables beneath, too. */
export function addWrapped(
  reading: Reading,
  scope: Scope,
  wrapped: Wrapped,
  details: ColumnDetails,
): void {
  const { names } = wrapped;
  for (const name of names)
    addColumn(reading, scope, name, { ...details, wrappedIn: wrapped.text });
  const [first] = names;
  const isDerived = names.some(
    (name) => resolveSource(scope, name)?.query !== undefined,
  );
  if (first !== undefined && isDerived)
    addOrigins(
      reading,
      scope,
      useOf(scope, first, details),
      findComputed(scope, wrapped),
    );
}
