import type { Catalog, CatalogTable } from "../catalog.ts";
import type {
  ColumnUse,
  ComparedColumn,
  Construct,
  ScopeFacts,
  StatementFacts,
  TableReference,
} from "./statement.ts";

/**
 * The catalog's entry of a referenced table. A name without a schema is looked
 * for in `public` first: the search path is not known here.
 */
export function findCatalogTable(
  catalog: Catalog,
  reference: Pick<TableReference, "schema" | "name">,
): CatalogTable | undefined {
  const named = catalog.tables.filter((table) => table.name === reference.name);
  if (reference.schema !== undefined)
    return named.find((table) => table.schema === reference.schema);
  return named.find((table) => table.schema === "public") ?? named[0];
}

function holders(
  facts: StatementFacts,
  catalog: Catalog,
  use: ColumnUse,
  scope: number,
): readonly TableReference[] {
  return facts.tables.filter(
    (table) =>
      table.scope === scope &&
      findCatalogTable(catalog, table)?.columns.some(
        ({ name }) => name === use.column,
      ),
  );
}

const placeOf = ({ scope, column }: ColumnUse): string => `${scope} ${column}`;

/** The columns of JOIN … USING, by level: they are one to those who name them without a table. */
const findMerged = (facts: StatementFacts): ReadonlySet<string> =>
  new Set(
    facts.columns
      .filter(
        ({ role, column, against }) =>
          role === "join" &&
          against?.kind === "column" &&
          against.qualifier === undefined &&
          against.column === column,
      )
      .map(placeOf),
  );

/** The table of an unqualified column, from its level upwards; undefined when none or several have it. */
function resolve(
  facts: StatementFacts,
  catalog: Catalog,
  merged: ReadonlySet<string>,
  use: ColumnUse,
): number | undefined {
  let scope: number | undefined = use.scope;
  while (scope !== undefined) {
    const found = holders(facts, catalog, use, scope);
    const level: ScopeFacts | undefined = facts.scopes[scope];
    const isDecided = found.length === 1 || merged.has(placeOf(use));
    if (found.length > 0) return isDecided ? found[0]?.id : undefined;
    // A subquery in FROM may have a column of that name, and would come first.
    if (level?.hasDerivedSource === true) return undefined;
    scope = level?.parent;
  }
  return undefined;
}

/** The only table of its level was taken for its own; the catalog says that the table has no such column. */
function isMistaken(
  facts: StatementFacts,
  catalog: Catalog,
  use: ColumnUse,
): boolean {
  if (use.table === undefined || use.qualifier !== undefined) return false;
  const reference = facts.tables[use.table];
  const table = reference && findCatalogTable(catalog, reference);
  return (
    table !== undefined &&
    !table.columns.some(({ name }) => name === use.column)
  );
}

const rolesBetweenTables: Readonly<Record<string, ColumnUse["role"]>> = {
  "=": "join",
  "<": "range",
  ">": "range",
  "<=": "range",
  ">=": "range",
  BETWEEN: "range",
};

/** What a column is compared with, as columns; undefined where it is compared with none or with too many. */
function comparedColumns({
  against,
}: ColumnUse): readonly ComparedColumn[] | undefined {
  if (against?.kind === "column") return [against];
  return against?.kind === "expression" ? against.columns : undefined;
}

/** Another table's column, or one that a function or subquery in FROM has and this table has not. */
function isElsewhere(
  use: ColumnUse,
  partner: ColumnUse | undefined,
  columnsOf: (table: number) => ReadonlySet<string> | undefined,
): boolean {
  if (partner === undefined || use.table === undefined) return false;
  if (partner.table !== undefined) return partner.table !== use.table;
  const own = columnsOf(use.table);
  return (
    partner.qualifier === undefined &&
    own !== undefined &&
    !own.has(partner.column)
  );
}

/** A comparison that seemed to stay within a row, when its columns turn out to be of two tables. */
function settleRole(
  use: ColumnUse,
  partners: ReadonlyMap<string, ColumnUse>,
  columnsOf: (table: number) => ReadonlySet<string> | undefined,
): ColumnUse {
  const { against } = use;
  if (use.role !== "other") return use;
  if (against?.kind !== "column" && against?.kind !== "expression") return use;
  const role = rolesBetweenTables[against.operator ?? ""];
  const compared = comparedColumns(use);
  if (role === undefined || compared === undefined) return use;
  const isApart = compared.every((column) =>
    isElsewhere(use, partners.get(partnerKey(use.scope, column)), columnsOf),
  );
  return isApart ? { ...use, role } : use;
}

const partnerKey = (
  scope: number,
  { qualifier, column }: Pick<ColumnUse, "qualifier" | "column">,
): string => JSON.stringify([scope, qualifier ?? null, column]);

/** Very many columns of a statement have few names. */
function onceByPlace(
  facts: StatementFacts,
  catalog: Catalog,
): (use: ColumnUse) => number | undefined {
  const merged = findMerged(facts);
  const known = new Map<string, number | undefined>();
  return (use) => {
    const place = placeOf(use);
    if (!known.has(place))
      known.set(place, resolve(facts, catalog, merged, use));
    return known.get(place);
  };
}

const keyOfSpan = ({ start, end }: Construct["span"]): string =>
  `${start} ${end}`;

/** The subqueries between a column's level and that of its table, the inner ones first. */
function crossedBy(
  facts: StatementFacts,
  { table, scope }: ColumnUse,
): readonly Construct["span"][] {
  const home = table === undefined ? undefined : facts.tables[table]?.scope;
  const crossed: Construct["span"][] = [];
  let level = facts.scopes[scope];
  while (level !== undefined && level.id !== home) {
    if (level.subquery !== undefined) crossed.push(level.subquery);
    level = facts.scopes[level.parent ?? -1];
  }
  return level === undefined ? [] : crossed;
}

/** Subqueries one of whose columns, now that its table is known, turns out to be of a level above. */
function findCorrelated(
  facts: StatementFacts,
  columns: readonly ColumnUse[],
): readonly Construct[] {
  const known = new Set(
    facts.constructs
      .filter(({ kind }) => kind === "correlatedSubquery")
      .map(({ span }) => keyOfSpan(span)),
  );
  const found = new Map(
    columns
      .flatMap((use) => crossedBy(facts, use))
      .map((span) => [keyOfSpan(span), span]),
  );
  return [...found]
    .filter(([key]) => !known.has(key))
    .map(([, span]) => ({ kind: "correlatedSubquery", span }));
}

/** Facts with the tables of unqualified columns filled in from the catalog, where it decides, and what follows of that. */
export function resolveColumns(
  facts: StatementFacts,
  catalog: Catalog,
): StatementFacts {
  const resolveOnce = onceByPlace(facts, catalog);
  const settle = (use: ColumnUse): ColumnUse =>
    (use.table === undefined && use.qualifier === undefined) ||
    isMistaken(facts, catalog, use)
      ? { ...use, table: resolveOnce(use) }
      : use;
  const settled = facts.columns.map(settle);
  const partners = new Map(
    settled.map((use) => [partnerKey(use.scope, use), use]),
  );
  const names = facts.tables.map((reference) => {
    const table = findCatalogTable(catalog, reference);
    return table && new Set(table.columns.map(({ name }) => name));
  });
  const columns = settled.map((use) =>
    settleRole(use, partners, (table) => names[table]),
  );
  const correlated = findCorrelated(facts, columns);
  const known: StatementFacts = {
    ...facts,
    columns,
    constructs: [...facts.constructs, ...correlated],
  };
  return facts.implied === undefined
    ? known
    : { ...known, implied: facts.implied.map(settle) };
}
