import { noteHiddenStatistics } from "../core/advice/hidden-statistics.ts";
import { resolveColumns } from "../core/sql/resolve-columns.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import { english, sayText, type Phrase } from "../core/words.ts";
import { lookBeneath } from "./beneath-views.ts";
import { createCatalogCache } from "./catalog-cache.ts";
import type { Database } from "./database.ts";

/** What makes advice on these statements poorer, because the database hides it from this role; each told once. */
export async function findHiddenStatistics(
  {
    database,
    parser,
  }: {
    readonly database: Pick<Database, "catalog">;
    readonly parser: SqlParser;
  },
  texts: readonly string[],
  signal: AbortSignal,
): Promise<readonly Phrase[]> {
  const catalog = createCatalogCache(database);
  const notes = new Map<string, Phrase>();
  for (const text of texts) {
    const parsed = parser.parse(text);
    if (!parsed.ok) continue;
    const { facts } = parsed.value;
    const read = await catalog.read(facts.tables, signal);
    // The advice itself says what is wrong.
    if (!read.ok) return [];
    const own = {
      statement: { ...parsed.value, facts: resolveColumns(facts, read.value) },
      catalog: read.value,
    };
    const beneath = await lookBeneath({ catalog, parser }, own, signal);
    if (!beneath.ok) return [];
    const asked = beneath.value ?? own;
    for (const note of noteHiddenStatistics(asked.statement, asked.catalog))
      notes.set(sayText(note, english), note);
  }
  return [...notes.values()];
}
