import type { CatalogTable } from "../../catalog.ts";
import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { Search } from "../table-searches.ts";
import { methodsFor, type MethodChoice } from "./operator-classes.ts";

/** Scalars beside a search in one index take the classes of an extension. */
const scalarExtensions: Readonly<Partial<Record<string, string>>> = {
  gin: "btree_gin",
  gist: "btree_gist",
};

/**
 * More keys make the entries of a tree of boxes wide and the boxes overlap. One above the two that the cases of
 * test/bench/statements search by at once, not measured beyond them.
 */
const maximumSearches = 3;

interface Chosen {
  readonly method: IndexDefinition["method"];
  readonly keys: readonly IndexKey[];
}

function withClass({ key }: Search, { operatorClass }: MethodChoice): IndexKey {
  return { ...key, operatorClass };
}

const choicesOf = (
  { type, operator }: Search,
  { extensions = [] }: CatalogTable,
): readonly MethodChoice[] => methodsFor(type, operator, extensions);

/** Several searches that hold together, each key once, by the one method that finds by all of them at once. */
function togetherOf(
  table: CatalogTable,
  searches: readonly Search[],
): readonly Chosen[] {
  const keys = new Map<string, IndexKey>();
  for (const search of searches) {
    const choice = choicesOf(search, table).find(
      ({ method }) => method === "gist",
    );
    const isJoint = search.isConjunct && search.key.role !== "nearest";
    if (choice !== undefined && isJoint && !keys.has(search.key.text))
      keys.set(search.key.text, withClass(search, choice));
  }
  return keys.size < 2 || keys.size > maximumSearches
    ? []
    : [{ method: "gist", keys: [...keys.values()] }];
}

const aloneOf = (
  table: CatalogTable,
  searches: readonly Search[],
): readonly Chosen[] =>
  searches.flatMap((search) =>
    choicesOf(search, table).map((choice) => ({
      method: choice.method,
      keys: [withClass(search, choice)],
    })),
  );

/**
 * Indexes of the method that the operator asks for: for all searches at once, for each alone, and behind the columns
 * compared for equality.
 */
export function searchIndexesOf(
  table: CatalogTable,
  searches: readonly Search[],
  equality: readonly IndexKey[],
): readonly IndexDefinition[] {
  const { schema, name, extensions = [] } = table;
  const base = { schema, table: name, included: [], predicate: undefined };
  const plain = equality.filter((key) => !key.isExpression).slice(0, 2);
  const together = togetherOf(table, searches);
  return [...together, ...aloneOf(table, searches)].flatMap((chosen) => {
    const index = { ...base, ...chosen };
    const needed = scalarExtensions[chosen.method];
    const isAlone =
      plain.length === 0 ||
      needed === undefined ||
      !extensions.includes(needed);
    if (isAlone) return [index];
    const behind = { ...index, keys: [...plain, ...chosen.keys] };
    // Several searches are offered for what they find together, so the equality belongs to them.
    return together.includes(chosen) ? [behind, index] : [index, behind];
  });
}
