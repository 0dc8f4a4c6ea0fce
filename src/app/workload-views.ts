import type { ResolvedQuery } from "../core/advice/workload/advise-workload.ts";
import type { Catalog, CatalogTable } from "../core/catalog.ts";
import { succeeded } from "../core/result.ts";
import { lookBeneath } from "./beneath-views.ts";
import { createCatalogCache } from "./catalog-cache.ts";
import type { Answer } from "./database.ts";
import type { WorkloadPorts } from "./read-workload.ts";

interface Resolved {
  readonly queries: readonly ResolvedQuery[];
  readonly catalog: Catalog;
}

const keyOf = ({ schema, name }: CatalogTable): string =>
  JSON.stringify([schema, name]);

/**
 * Queries that read views, with what they read beneath them, and a catalog that has those tables too.
 * A view that cannot be looked through leaves its query as it is.
 */
export async function readBeneathViews<Read extends Resolved>(
  { database, parser }: WorkloadPorts,
  workload: Read,
  signal: AbortSignal,
): Answer<Read> {
  const catalog = createCatalogCache(database);
  const tables = new Map(
    workload.catalog.tables.map((table) => [keyOf(table), table]),
  );
  const queries: ResolvedQuery[] = [];
  for (const query of workload.queries) {
    const asked = { statement: query.statement, catalog: workload.catalog };
    const beneath = await lookBeneath({ catalog, parser }, asked, signal);
    if (!beneath.ok) return beneath;
    if (beneath.value === undefined) queries.push(query);
    else {
      queries.push({ ...query, reads: beneath.value.statement });
      for (const table of beneath.value.catalog.tables)
        tables.set(keyOf(table), table);
    }
  }
  return succeeded({
    ...workload,
    queries,
    catalog: { tables: [...tables.values()] },
  });
}
