import type { Catalog, HiddenStatistics } from "../catalog.ts";
import { findCatalogTable } from "../sql/resolve-columns.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import { phrase, words, type Phrase } from "../words.ts";

/** Why nothing is tried on a copy that would lack what the server's planner goes by. */
export const hiddenFromCopy = words(
  "statistics are hidden from this role, so a copy of them would not plan as the server does",
);

/** A role that may select what a statement looks for sees enough; a view looks for more than its reader may. */
const concerns = (
  hidden: HiddenStatistics,
  used: ReadonlySet<string>,
): boolean =>
  hidden.by !== "columns" || hidden.columns.some((column) => used.has(column));

function noteOn(table: string, hidden: HiddenStatistics): Phrase {
  switch (hidden.by) {
    case "view":
      return phrase(
        "The statistics of the columns are hidden from this role, so sizes of indexes and the order of their columns are guesses. Have this run: {0}",
        hidden.remedy,
      );
    case "columns":
      return phrase(
        "Statistics of {0} are hidden from this role, so sizes of indexes on it and the order of their columns are guesses. Have this run: {1}",
        table,
        hidden.remedy,
      );
    case "rows":
      return phrase(
        "Row security hides the statistics of {0} from this role, so sizes of indexes on it and the order of their columns are guesses. Connect as its owner, or as a role with BYPASSRLS.",
        table,
      );
  }
}

/**
 * What makes the advice on a statement poorer because the role may not see it, each with what mends it. `statement` is
 * the one beneath the views, where there are any.
 */
export function noteHiddenStatistics(
  { facts }: Pick<ParsedStatement, "facts">,
  catalog: Catalog,
): readonly Phrase[] {
  if (catalog.refused !== undefined)
    return [
      phrase(
        "This role may not read the server's catalog ({0}), so no index is looked for. Ask the owner of the database for the right.",
        catalog.refused,
      ),
    ];
  const used = new Set(facts.columns.map(({ column }) => column));
  const notes = new Map<string, Phrase>();
  for (const reference of facts.tables) {
    const table = findCatalogTable(catalog, reference);
    const hidden = table?.hiddenStatistics;
    if (table === undefined || hidden === undefined) continue;
    const name = `${table.schema}.${table.name}`;
    if (concerns(hidden, used))
      notes.set(hidden.by === "view" ? "" : name, noteOn(name, hidden));
  }
  return [...notes.values()];
}
