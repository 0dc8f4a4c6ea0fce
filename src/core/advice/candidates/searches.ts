import type { CatalogTable } from "../../catalog.ts";
import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { Search } from "../table-searches.ts";
import { methodsFor, type MethodChoice } from "./operator-classes.ts";

/** Scalars beside a search in one index take the classes of an extension. */
const scalarExtensions: Readonly<Partial<Record<string, string>>> = {
  gin: "btree_gin",
  gist: "btree_gist",
};

function withClass({ key }: Search, { operatorClass }: MethodChoice): IndexKey {
  return { ...key, operatorClass };
}

/** Indexes of the method that the operator asks for: alone, and behind the columns compared for equality. */
export function searchIndexesOf(
  table: CatalogTable,
  searches: readonly Search[],
  equality: readonly IndexKey[],
): readonly IndexDefinition[] {
  const { schema, name, extensions = [] } = table;
  const base = { schema, table: name, included: [], predicate: undefined };
  const plain = equality.filter((key) => !key.isExpression).slice(0, 2);
  return searches.flatMap((search) =>
    methodsFor(search.type, search.operator, extensions).flatMap((choice) => {
      const { method } = choice;
      const key = withClass(search, choice);
      const alone = { ...base, method, keys: [key] };
      const needed = scalarExtensions[method];
      const isAlone =
        plain.length === 0 ||
        needed === undefined ||
        !extensions.includes(needed);
      return isAlone
        ? [alone]
        : [alone, { ...base, method, keys: [...plain, key] }];
    }),
  );
}
