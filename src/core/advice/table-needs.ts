import type { Catalog, CatalogColumn, CatalogTable } from "../catalog.ts";
import type {
  ColumnUse,
  ParsedStatement,
  StatementFacts,
  TableReference,
} from "../sql/statement.ts";
import { findCatalogTable } from "../sql/resolve-columns.ts";
import { keyTextOf } from "./own-expression.ts";
import { predicateOf } from "./partial-predicate.ts";
import { findSearches, type Search } from "./table-searches.ts";
import type { IndexKey } from "./suggestion.ts";

/** What one mention of a table asks of an index, by role; conjuncts only unless said otherwise. */
export interface TableNeeds {
  readonly reference: TableReference;
  readonly table: CatalogTable;
  /** Most selective first. */
  readonly equality: readonly IndexKey[];
  readonly join: readonly IndexKey[];
  readonly range: readonly IndexKey[];
  readonly prefix: readonly IndexKey[];
  /** Leading part of the ORDER BY that lies in this table. */
  readonly sort: readonly IndexKey[];
  readonly group: readonly IndexKey[];
  /** Keys under OR, each useful alone in a bitmap. */
  readonly alternatives: readonly IndexKey[];
  /** The keys of each arm of an OR, equality first: a bitmap per arm. */
  readonly arms: readonly (readonly IndexKey[])[];
  /** Orders that windows, DISTINCT, min and max would profit from. */
  readonly orders: readonly (readonly IndexKey[])[];
  /** Comparisons that only some index methods serve. */
  readonly searches: readonly Search[];
  /** SQL predicates that are a property of the data: IS NULL, booleans, status-like literals. */
  readonly predicates: readonly {
    readonly text: string;
    readonly column: string;
  }[];
  /** Columns the statement reads; undefined when all (SELECT *). */
  readonly needed: readonly string[] | undefined;
}

const columnOf = (
  table: CatalogTable,
  name: string,
): CatalogColumn | undefined =>
  table.columns.find((column) => column.name === name);

/** In the order of bytes the plain index finds a beginning, in any other it takes a class of its own. */
function patternClass(column: CatalogColumn): string | undefined {
  if (column.sortsByBytes === true) return undefined;
  if (column.type.startsWith("character(")) return "bpchar_pattern_ops";
  return column.type.startsWith("character varying")
    ? "varchar_pattern_ops"
    : "text_pattern_ops";
}

const keyRoles = {
  equality: "equality",
  isNull: "equality",
  join: "join",
  range: "range",
  prefixLike: "prefix",
  sort: "sort",
  group: "group",
  order: "sort",
} as const;

type KeyedRole = keyof typeof keyRoles;

const isKeyed = (role: ColumnUse["role"]): role is KeyedRole =>
  role in keyRoles;

const distance = /<->|<#>|<=>|<\+>|<~>/;

/** Functions of pg_trgm, fuzzystrmatch and text search that measure against a value of the call: each asks for another key. */
const measure =
  /\b(?:(?:strict_)?(?:word_)?similarity|levenshtein\w*|ts_rank\w*)\s*\(/i;

/** As an expression it would hold for one value only; a distance is ordered by GiST. */
const holdsForOneValue = (text: string, role: IndexKey["role"]): boolean =>
  measure.test(text) || (role === "sort" && distance.test(text));

interface KeyedUse {
  readonly use: ColumnUse;
  readonly key: IndexKey;
}

function nullsOf(use: ColumnUse): "first" | "last" | undefined {
  const usual = use.direction === "desc" ? "first" : "last";
  return use.nulls === usual ? undefined : use.nulls;
}

function toKey(
  facts: StatementFacts,
  use: ColumnUse,
  reference: TableReference,
  table: CatalogTable,
): KeyedUse[] {
  if (!isKeyed(use.role)) return [];
  const wrapped = keyTextOf(facts, use, reference, table);
  const column = columnOf(table, use.column);
  if (wrapped === undefined || column === undefined) return [];
  const role = keyRoles[use.role];
  if (wrapped.isExpression && holdsForOneValue(wrapped.text, role)) return [];
  const isSort = role === "sort";
  const key: IndexKey = {
    ...wrapped,
    role,
    descending: isSort && use.direction === "desc",
    nulls: isSort ? nullsOf(use) : undefined,
    operatorClass: role === "prefix" ? patternClass(column) : undefined,
  };
  return [{ use, key }];
}

function distinctKeys(keys: readonly IndexKey[]): readonly IndexKey[] {
  const seen = new Map<string, IndexKey>();
  for (const key of keys) {
    const identity = `${key.text} ${key.collation ?? ""}`;
    if (!seen.has(identity)) seen.set(identity, key);
  }
  return [...seen.values()];
}

/** Uses at positions 0, 1, 2 … of one list as long as all are keys of this table. */
function leadingKeys(
  list: readonly ColumnUse[],
  keyed: readonly KeyedUse[],
): readonly IndexKey[] {
  const keys: IndexKey[] = [];
  for (let position = 0; ; position += 1) {
    const here = list.filter((use) => use.position === position);
    const own = keyed.find(({ use }) => here.includes(use));
    const isShared = here.some(
      (use) => own === undefined || use.table !== own.use.table,
    );
    if (isShared || own === undefined) return distinctKeys(keys);
    keys.push(own.key);
  }
}

/** The ORDER BY of the reference's own level, else that of a level which reads it as a derived table. */
function sortListOf(
  facts: StatementFacts,
  reference: TableReference,
): readonly ColumnUse[] {
  const isSort = (use: ColumnUse): boolean =>
    use.role === "sort" && use.scope === reference.scope;
  const direct = facts.columns.filter(isSort);
  return direct.length > 0 ? direct : (facts.implied ?? []).filter(isSort);
}

/** Each window's, DISTINCT's or extreme's order, as far as it lies in this table. */
function impliedOrders(
  facts: StatementFacts,
  keyed: readonly KeyedUse[],
): readonly (readonly IndexKey[])[] {
  const uses = (facts.implied ?? []).filter(({ role }) => role === "order");
  const lists = [...new Set(uses.map(({ list }) => list))];
  return lists
    .map((list) =>
      leadingKeys(
        uses.filter((use) => use.list === list),
        keyed,
      ),
    )
    .filter((keys) => keys.length > 0);
}

const armOrder: readonly IndexKey["role"][] = ["equality", "join", "range"];

/** Conditions of one arm of an OR together, equality before range. */
function armsOf(uses: readonly KeyedUse[]): readonly (readonly IndexKey[])[] {
  const arms = new Map<number, IndexKey[]>();
  for (const { use, key } of uses) {
    if (use.arm === undefined || !isOrdered(key)) continue;
    arms.set(use.arm, [...(arms.get(use.arm) ?? []), key]);
  }
  const rank = (key: IndexKey): number =>
    (armOrder.indexOf(key.role) + armOrder.length + 1) % (armOrder.length + 1);
  return [...arms.values()]
    .map((keys) => distinctKeys(keys.sort((a, b) => rank(a) - rank(b))))
    .filter((keys) => keys.length > 1);
}

/** Columns of the table that the statement reads; undefined when a star asks for all. */
function neededColumns(
  facts: StatementFacts,
  reference: TableReference,
  table: CatalogTable,
): readonly string[] | undefined {
  const names = [reference.alias ?? reference.name, undefined];
  const readsAll = facts.constructs.some(
    (construct) =>
      construct.kind === "selectStar" &&
      construct.scope === reference.scope &&
      names.includes(construct.qualifier),
  );
  if (readsAll) return undefined;
  // A name whose table is not decided may be this one's.
  const isOwn = (use: ColumnUse): boolean =>
    use.table === reference.id ||
    (use.table === undefined &&
      use.qualifier === undefined &&
      columnOf(table, use.column) !== undefined);
  const uses = [...facts.columns, ...(facts.implied ?? [])];
  return [...new Set(uses.filter(isOwn).map((use) => use.column))];
}

type KeyLists = Omit<
  TableNeeds,
  "reference" | "table" | "predicates" | "needed" | "searches"
>;

function keyListsOf(
  facts: StatementFacts,
  reference: TableReference,
  table: CatalogTable,
  keyed: readonly KeyedUse[],
): KeyLists {
  const isConjunct = ({ use }: KeyedUse): boolean => !use.underOr;
  const keysOf = (
    uses: readonly KeyedUse[],
    role: IndexKey["role"],
  ): readonly IndexKey[] =>
    distinctKeys(uses.map(({ key }) => key).filter((key) => key.role === role));
  const conjuncts = keyed.filter(
    (one) => isConjunct(one) && one.use.role !== "order",
  );
  const others = keyed.filter((one) => !isConjunct(one));
  const nullTests = new Set(
    conjuncts
      .filter(({ use }) => use.role === "isNull")
      .map(({ key }) => key.text),
  );
  const selectivity = (key: IndexKey): number =>
    nullTests.has(key.text)
      ? 0
      : (columnOf(table, key.text)?.distinctValues ?? 0);
  const equality = [...keysOf(conjuncts, "equality")];
  return {
    equality: equality.sort((a, b) => selectivity(b) - selectivity(a)),
    join: keysOf(conjuncts, "join"),
    range: keysOf(conjuncts, "range"),
    prefix: keysOf(conjuncts, "prefix"),
    sort: leadingKeys(sortListOf(facts, reference), keyed),
    group: keysOf(conjuncts, "group"),
    alternatives: distinctKeys(others.map(({ key }) => key).filter(isOrdered)),
    arms: armsOf(others),
    orders: impliedOrders(facts, keyed),
  };
}

function needsOf(
  facts: StatementFacts,
  reference: TableReference,
  table: CatalogTable,
): TableNeeds {
  const own = [...facts.columns, ...(facts.implied ?? [])].filter(
    (use) => use.table === reference.id,
  );
  const keyed = own.flatMap((use) => toKey(facts, use, reference, table));
  return {
    reference,
    table,
    ...keyListsOf(facts, reference, table, keyed),
    predicates: own.flatMap((use) => {
      const text = predicateOf(use, columnOf(table, use.column));
      return text === undefined ? [] : [{ text, column: use.column }];
    }),
    needed: neededColumns(facts, reference, table),
    searches: findSearches(facts, own, reference, table),
  };
}

const isOrdered = (key: IndexKey): boolean => key.role !== "sort";

/** Needs per mention of a real table; views, foreign tables and unknown names are left out. */
export function collectNeeds(
  statement: ParsedStatement,
  catalog: Catalog,
): readonly TableNeeds[] {
  return statement.facts.tables.flatMap((reference) => {
    const table = findCatalogTable(catalog, reference);
    if (
      table === undefined ||
      table.kind === "view" ||
      table.kind === "foreign"
    )
      return [];
    return [needsOf(statement.facts, reference, table)];
  });
}
