import { createCatalogCache } from "../app/catalog-cache.ts";
import type { Database } from "../app/database.ts";
import {
  explainStatement,
  type ExplainFailure,
  type ExplainPorts,
} from "../app/explain-statement.ts";
import { loadSqlParser } from "../core/sql/parse.ts";
import type { StatementReport } from "./report.ts";
import type { FileStatement } from "./sql-files.ts";

/** Where a failure lies in the text as it was written; undefined where nobody tells. */
function placeOfFailure(
  { parser }: ExplainPorts,
  text: string,
  failure: ExplainFailure,
): number | undefined {
  if (failure.kind === "parse")
    return failure.failure.kind === "syntax" ? failure.failure.at : undefined;
  const isOfStatement =
    failure.kind === "database" && failure.error.kind === "sql";
  const at = isOfStatement ? failure.error.at : undefined;
  const parsed = parser.parse(text);
  return at === undefined || !parsed.ok
    ? undefined
    : parsed.value.toOriginal(at);
}

/** Explains the statements one after the other. */
export async function* explainFiles(
  database: Database,
  statements: readonly FileStatement[],
  options: { readonly advise: boolean },
  signal: AbortSignal,
): AsyncGenerator<StatementReport> {
  const ports: ExplainPorts = {
    database,
    catalog: createCatalogCache(database),
    parser: await loadSqlParser(),
  };
  for (const statement of statements) {
    const { text } = statement;
    const asked = { values: undefined, advise: options.advise };
    const outcome = await explainStatement(ports, text, asked, signal);
    const failedAt = outcome.ok
      ? undefined
      : placeOfFailure(ports, text, outcome.error);
    yield { ...statement, outcome, failedAt };
    if (signal.aborted) return;
  }
}
