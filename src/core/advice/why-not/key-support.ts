import type { CatalogColumn } from "../../catalog.ts";
import type { ColumnRole } from "../../sql/statement.ts";
import type { ReadKey } from "./read-index.ts";

type Roles = ReadonlySet<ColumnRole>;

const rolesOf = (...roles: readonly ColumnRole[]): Roles => new Set(roles);

const ordered = rolesOf(
  "equality",
  "range",
  "join",
  "isNull",
  "isNotNull",
  "prefixLike",
);

/** Character by character: LIKE and equality, but neither `<` nor an order by the collation. */
const byPattern = rolesOf(
  "equality",
  "join",
  "isNull",
  "isNotNull",
  "prefixLike",
);

const byMethod: Readonly<Record<string, Roles>> = {
  hash: rolesOf("equality", "join"),
  brin: rolesOf("equality", "range", "join", "isNull", "isNotNull"),
};

const bySearch = rolesOf("containment", "textSearch");

const byTrigram = rolesOf("prefixLike", "leadingWildcardLike", "equality");

/** Types whose GIN classes know only searches within the value (of the types without: btree_gin). */
const searchedTypes = /^(?:jsonb|tsvector)$|\[\]$/u;

/** What the operator class of a key can look up; undefined where the class is too free to tell, as in GiST. */
function supportedBy(
  method: string,
  key: ReadKey,
  column: CatalogColumn | undefined,
): Roles | undefined {
  const { operatorClass = "" } = key;
  if (operatorClass.endsWith("_trgm_ops")) return byTrigram;
  if (method === "btree")
    return operatorClass.endsWith("_pattern_ops") ? byPattern : ordered;
  if (method !== "gin") return byMethod[method];
  return searchedTypes.test(column?.type ?? "jsonb") ? bySearch : undefined;
}

/** Whether method and operator class know the operator. */
export const knowsOperator = (
  method: string,
  key: ReadKey,
  role: ColumnRole,
  column: CatalogColumn | undefined,
): boolean => supportedBy(method, key, column)?.has(role) ?? true;

const isByteOrder = (collation: string | undefined): boolean =>
  collation === "C" || collation === "POSIX";

/** Whether the order of the key is the one that the operator asks for. */
export function fitsCollation(
  method: string,
  key: ReadKey,
  role: ColumnRole,
): boolean {
  if (method !== "btree") return true;
  if (role === "prefixLike")
    return (
      isByteOrder(key.collation) ||
      key.operatorClass?.endsWith("_pattern_ops") === true
    );
  // DDL names a collation only where it is not the column's own.
  return (
    key.collation === undefined || role === "isNull" || role === "isNotNull"
  );
}
