import type { Catalog, CatalogTable } from "../core/catalog.ts";
import { succeeded } from "../core/result.ts";
import type { Answer, Database } from "./database.ts";

interface TableName {
  readonly schema: string | undefined;
  readonly name: string;
}

/** Catalog rows kept for one connection, so that a hover costs one round trip. */
export interface CatalogCache {
  readonly read: (
    tables: readonly TableName[],
    signal: AbortSignal,
  ) => Answer<Catalog>;
  /** Forget everything: after a migration, on refresh, and when the rows are old. */
  readonly forget: () => void;
}

const keyOf = (table: TableName): string =>
  JSON.stringify([table.schema ?? null, table.name]);

function found(
  tables: readonly CatalogTable[],
  asked: TableName,
): CatalogTable | undefined {
  return tables.find(
    (table) =>
      table.name === asked.name &&
      (asked.schema === undefined || table.schema === asked.schema),
  );
}

/**
 * Reads tables once. A name that the server did not know is asked again the next time:
 * it may have been created meanwhile.
 */
export function createCatalogCache(
  database: Pick<Database, "catalog">,
): CatalogCache {
  const known = new Map<string, CatalogTable>();
  return {
    read: async (tables, signal) => {
      const missing = tables.filter((table) => !known.has(keyOf(table)));
      if (missing.length > 0) {
        const answer = await database.catalog(missing, signal);
        if (!answer.ok) return answer;
        for (const table of missing) {
          const row = found(answer.value.tables, table);
          if (row !== undefined) known.set(keyOf(table), row);
        }
      }
      const rows = tables.flatMap((table) => known.get(keyOf(table)) ?? []);
      return succeeded({ tables: [...new Set(rows)] });
    },
    forget: () => {
      known.clear();
    },
  };
}
