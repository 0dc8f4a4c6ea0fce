import type { Catalog } from "../catalog.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";
import { collectNeeds, type TableNeeds } from "./table-needs.ts";

/** Every key that a mention of the table asks for; what finds rows comes before what only arranges them. */
const keysOf = (needs: TableNeeds): readonly IndexKey[] => [
  ...needs.equality,
  ...needs.join,
  ...needs.arms.flat(),
  ...needs.alternatives,
  ...needs.range,
  ...needs.prefix,
  ...needs.searches.map(({ key }) => key),
  ...needs.sort,
  ...needs.orders.flat(),
  ...needs.group,
];

const rolesOf = (
  asked: readonly IndexKey[],
  { text }: IndexKey,
): readonly IndexKey["role"][] =>
  asked.filter((key) => key.text === text).map(({ role }) => role);

/**
 * The index with the roles that its keys have for the statements which read it, the most important statement first. An
 * index that several queries have brought up has the roles of the one that brought it first, and that may be one which
 * does not read it in the end.
 */
export function withRolesFor(
  index: IndexDefinition,
  readers: readonly ParsedStatement[],
  catalog: Catalog,
): IndexDefinition {
  const asked = readers.map((statement) =>
    collectNeeds(statement, catalog)
      .filter(
        ({ table }) =>
          table.schema === index.schema &&
          (table.name === index.table ||
            table.children?.some(({ name }) => name === index.table)),
      )
      .flatMap(keysOf),
  );
  const keys = index.keys.map((key): IndexKey => {
    const known = asked.map((keys) => rolesOf(keys, key));
    const roles = known.find((some) => some.length > 0) ?? [key.role];
    const [first = key.role] = roles;
    // Groups arrive together in any order of rows that were found; that is the weakest reason.
    const isOwn = key.role !== "group" && roles.includes(key.role);
    return { ...key, role: isOwn ? key.role : first };
  });
  return { ...index, keys };
}
