import type {
  IndexDefinition,
  IndexKey,
} from "../../../src/core/advice/suggestion.ts";
import type {
  CatalogColumn,
  CatalogIndex,
  CatalogTable,
} from "../../../src/core/catalog.ts";

/** A plain ascending key. */
export function keyOf(
  text: string,
  overrides: Partial<IndexKey> = {},
): IndexKey {
  return {
    text,
    isExpression: false,
    descending: false,
    nulls: undefined,
    operatorClass: undefined,
    role: "equality",
    ...overrides,
  };
}

/** A B-tree on public.users. */
export function indexOf(
  keys: readonly (IndexKey | string)[],
  overrides: Partial<IndexDefinition> = {},
): IndexDefinition {
  return {
    schema: "public",
    table: "users",
    method: "btree",
    keys: keys.map((key) => (typeof key === "string" ? keyOf(key) : key)),
    included: [],
    predicate: undefined,
    ...overrides,
  };
}

/** An index of the catalog, told by the server's definition from USING on. */
export function existingIndex(
  using: string,
  overrides: Partial<CatalogIndex> = {},
): CatalogIndex {
  return {
    name: "existing",
    method: /^\w+/.exec(using)?.[0] ?? "btree",
    keys: [],
    descending: [],
    included: [],
    predicate: undefined,
    unique: false,
    primary: false,
    valid: true,
    definition: `CREATE INDEX existing ON public.users USING ${using}`,
    ...overrides,
  };
}

export function columnOf(
  name: string,
  overrides: Partial<CatalogColumn> = {},
): CatalogColumn {
  return {
    name,
    type: "bigint",
    notNull: true,
    distinctValues: 1000,
    nullFraction: 0,
    averageBytes: 8,
    correlation: 0,
    ...overrides,
  };
}

export function tableOf(
  name: string,
  columns: readonly CatalogColumn[],
  overrides: Partial<CatalogTable> = {},
): CatalogTable {
  return {
    schema: "public",
    name,
    kind: "table",
    estimatedRows: 100_000,
    pages: 1000,
    columns,
    indexes: [],
    foreignKeys: [],
    referencedBy: [],
    ...overrides,
  };
}
