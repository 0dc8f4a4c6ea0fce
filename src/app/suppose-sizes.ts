import {
  isUncounted,
  sizeQuestion,
  withSupposedSize,
} from "../core/advice/supposed-size.ts";
import type { Catalog, CatalogTable } from "../core/catalog.ts";
import type { Result } from "../core/result.ts";
import type { SqlParser } from "../core/sql/parse.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";

export interface SupposePorts<Failure> {
  readonly parser: SqlParser;
  readonly plan: (
    statement: ParsedStatement,
  ) => Promise<Result<{ readonly plan: unknown }, Failure>>;
  readonly shouldStop: () => boolean;
}

export interface Supposed {
  /** The catalog with a size for every table that was asked about, as far as the planner supposes one. */
  readonly size: (catalog: Catalog) => Catalog;
  /** EXPLAINs sent. */
  readonly plannings: number;
}

/**
 * Asks the planner for the size of every table that was never counted, one EXPLAIN each. A table that it
 * does not tell of stays as it is.
 */
export async function supposeSizes<Failure>(
  { parser, plan, shouldStop }: SupposePorts<Failure>,
  tables: Iterable<CatalogTable>,
): Promise<Supposed> {
  const sized = new Map<CatalogTable, CatalogTable>();
  let plannings = 0;
  for (const table of new Set(tables)) {
    const question = isUncounted(table)
      ? parser.parse(sizeQuestion(table))
      : undefined;
    if (question?.ok !== true || shouldStop()) continue;
    plannings += 1;
    const answer = await plan(question.value);
    if (answer.ok) sized.set(table, withSupposedSize(table, answer.value.plan));
  }
  return {
    size: (catalog) => ({
      ...catalog,
      tables: catalog.tables.map((table) => sized.get(table) ?? table),
    }),
    plannings,
  };
}
