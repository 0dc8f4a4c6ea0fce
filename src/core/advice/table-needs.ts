import type { Catalog, CatalogColumn, CatalogTable } from "../catalog.ts";
import type {
  ColumnUse,
  ParsedStatement,
  StatementFacts,
  TableReference,
} from "../sql/statement.ts";
import { findCatalogTable } from "../sql/resolve-columns.ts";
import { quoteIdentifier } from "./render-ddl.ts";
import { predicateOf } from "./partial-predicate.ts";
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
  readonly containment: readonly IndexKey[];
  readonly textSearch: readonly IndexKey[];
  /** Keys under OR, each useful alone in a bitmap. */
  readonly alternatives: readonly IndexKey[];
  /** SQL predicates that are a property of the data: IS NULL, booleans, status-like literals. */
  readonly predicates: readonly {
    readonly text: string;
    readonly column: string;
  }[];
  /** Columns the statement reads; undefined when all (SELECT *). */
  readonly needed: readonly string[] | undefined;
}

interface Wrapped {
  readonly text: string;
  readonly isExpression: boolean;
}

const literal = /'(?:[^']|'')*'/g;

/** Function or cast text without the alias, or undefined when it cannot be an index key of this table. */
function ownExpression(
  use: ColumnUse,
  reference: TableReference,
): string | undefined {
  const text = use.wrappedIn ?? "";
  if (/\$\d|\bselect\b/i.test(text.replaceAll(literal, ""))) return undefined;
  const names = [reference.alias, reference.name, use.qualifier].filter(
    (name) => name !== undefined,
  );
  const qualifiers = names.flatMap((name) => [
    name,
    quoteIdentifier(name),
    `"${name}"`,
  ]);
  let bare = text;
  for (const qualifier of new Set(qualifiers)) {
    const escaped = qualifier.replaceAll(
      /[.*+?^${}()|[\]\\]/g,
      String.raw`\$&`,
    );
    bare = bare.replaceAll(
      new RegExp(String.raw`(?<![\w".'])${escaped}\s*\.\s*(?=[\w"])`, "gi"),
      "",
    );
  }
  const foreign = /[\w"]+\s*\.\s*[\w"]+\s*(?!\s*\()(?![\w"])/;
  return foreign.test(bare.replaceAll(literal, "")) ? undefined : bare;
}

function keyText(
  use: ColumnUse,
  reference: TableReference,
): Wrapped | undefined {
  if (use.wrappedIn === undefined)
    return { text: use.column, isExpression: false };
  const text = ownExpression(use, reference);
  return text === undefined ? undefined : { text, isExpression: true };
}

const columnOf = (
  table: CatalogTable,
  name: string,
): CatalogColumn | undefined =>
  table.columns.find((column) => column.name === name);

function patternClass(column: CatalogColumn | undefined): string {
  return column?.type.startsWith("character(") === true
    ? "bpchar_pattern_ops"
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
  containment: "containment",
  textSearch: "textSearch",
} as const;

type KeyedRole = keyof typeof keyRoles;

const isKeyed = (role: ColumnUse["role"]): role is KeyedRole =>
  role in keyRoles;

interface KeyedUse {
  readonly use: ColumnUse;
  readonly key: IndexKey;
}

function nullsOf(use: ColumnUse): "first" | "last" | undefined {
  const usual = use.direction === "desc" ? "first" : "last";
  return use.nulls === usual ? undefined : use.nulls;
}

/** GIN has default classes for jsonb, arrays and tsvector; ranges and geometry ask for other methods. */
function isSearchable(
  role: IndexKey["role"],
  key: Wrapped,
  column: CatalogColumn,
): boolean {
  if (role !== "containment" && role !== "textSearch") return true;
  return key.isExpression || /^(?:jsonb|tsvector)$|\[\]$/.test(column.type);
}

function toKey(
  use: ColumnUse,
  reference: TableReference,
  table: CatalogTable,
): KeyedUse[] {
  if (!isKeyed(use.role)) return [];
  const wrapped = keyText(use, reference);
  const column = columnOf(table, use.column);
  if (wrapped === undefined || column === undefined) return [];
  const role = keyRoles[use.role];
  if (!isSearchable(role, wrapped, column)) return [];
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
  for (const key of keys) if (!seen.has(key.text)) seen.set(key.text, key);
  return [...seen.values()];
}

/** ORDER BY positions 0, 1, 2 … as long as all lie in this table, in the reference's own scope. */
function leadingSort(
  facts: StatementFacts,
  reference: TableReference,
  keyed: readonly KeyedUse[],
) {
  const sort: IndexKey[] = [];
  for (let position = 0; ; position += 1) {
    const others = facts.columns.some(
      (use) =>
        use.role === "sort" &&
        use.scope === reference.scope &&
        use.position === position &&
        use.table !== reference.id,
    );
    const own = keyed.find(
      ({ use }) =>
        use.role === "sort" &&
        use.scope === reference.scope &&
        use.position === position,
    );
    if (others || own === undefined) return distinctKeys(sort);
    sort.push(own.key);
  }
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
  return [...new Set(facts.columns.filter(isOwn).map((use) => use.column))];
}

type KeyLists = Omit<
  TableNeeds,
  "reference" | "table" | "predicates" | "needed"
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
  const conjuncts = keyed.filter(isConjunct);
  const alternatives = keyed
    .filter((use) => !isConjunct(use))
    .map(({ key }) => key);
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
    sort: leadingSort(facts, reference, keyed),
    group: keysOf(conjuncts, "group"),
    containment: keysOf(keyed, "containment"),
    textSearch: keysOf(keyed, "textSearch"),
    alternatives: distinctKeys(alternatives.filter(isOrdered)),
  };
}

function needsOf(
  facts: StatementFacts,
  reference: TableReference,
  table: CatalogTable,
): TableNeeds {
  const own = facts.columns.filter((use) => use.table === reference.id);
  const keyed = own.flatMap((use) => toKey(use, reference, table));
  return {
    reference,
    table,
    ...keyListsOf(facts, reference, table, keyed),
    predicates: own.flatMap((use) => {
      const text = predicateOf(use, columnOf(table, use.column));
      return text === undefined ? [] : [{ text, column: use.column }];
    }),
    needed: neededColumns(facts, reference, table),
  };
}

const isOrdered = (key: IndexKey): boolean =>
  key.role !== "containment" &&
  key.role !== "textSearch" &&
  key.role !== "sort";

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
