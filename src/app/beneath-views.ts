import type { Catalog, CatalogTable } from "../core/catalog.ts";
import {
  findCatalogTable,
  resolveColumns,
} from "../core/sql/resolve-columns.ts";
import { replaceViews } from "../core/sql/replace-views.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import { succeeded } from "../core/result.ts";
import type { CatalogCache } from "./catalog-cache.ts";
import type { Answer } from "./database.ts";

/** A statement with its views replaced by their queries, and the tables that those read. */
export interface Beneath {
  readonly statement: ParsedStatement;
  readonly catalog: Catalog;
}

/** Views over views end somewhere; deeper than this no advice is worth the round trips. */
const maximumDepth = 5;

export interface BeneathPorts {
  readonly catalog: CatalogCache;
  readonly parser: SqlParser;
}

const definitionsOf = (
  statement: ParsedStatement,
  catalog: Catalog,
): ReadonlyMap<number, string> =>
  new Map(
    statement.facts.tables.flatMap((reference) => {
      const table: CatalogTable | undefined = findCatalogTable(
        catalog,
        reference,
      );
      return table?.definition === undefined || reference.isTarget
        ? []
        : [[reference.id, table.definition] as const];
    }),
  );

/**
 * Looks through the views that a statement reads. Undefined where it reads none. What cannot be
 * parsed with the views replaced is left as it is.
 */
export async function lookBeneath(
  { catalog, parser }: BeneathPorts,
  asked: Beneath,
  signal: AbortSignal,
): Answer<Beneath | undefined> {
  let current = asked;
  for (let depth = 0; depth < maximumDepth; depth += 1) {
    const definitions = definitionsOf(current.statement, current.catalog);
    if (definitions.size === 0) break;
    const text = replaceViews(current.statement, definitions);
    const parsed = parser.parse(text);
    if (!parsed.ok) break;
    const answer = await catalog.read(parsed.value.facts.tables, signal);
    if (!answer.ok) return answer;
    const { facts } = parsed.value;
    current = {
      statement: {
        ...parsed.value,
        facts: resolveColumns(facts, answer.value),
      },
      catalog: answer.value,
    };
  }
  return succeeded(current === asked ? undefined : current);
}
