import * as vscode from "vscode";
import type { Answer, Database } from "../../app/database.ts";
import type { Suggestion } from "../../core/advice/suggestion.ts";
import { succeeded } from "../../core/result.ts";
import type {
  AdvisedIndex,
  WorkloadAdvice,
} from "../../core/advice/workload/workload-advice.ts";
import type { SuggestionPlace } from "../editor/migration-actions.ts";
import type { AdviceRecord } from "./advice-record.ts";

/** As a suggestion; its costs are those of the whole workload, without this index alone and with all. */
const suggestionOf = (
  advised: AdvisedIndex,
  { cost }: WorkloadAdvice,
): Suggestion => ({
  index: advised.index,
  name: advised.name,
  costBefore: cost + advised.gain,
  costAfter: cost,
  sizeBytes: advised.sizeBytes,
  proof: advised.proof,
  planAfter: undefined,
  why: advised.why,
});

function near({ statements }: AdviceRecord): vscode.Uri | undefined {
  const inFile = statements.flatMap(({ place }) =>
    place.kind === "file" ? [vscode.Uri.parse(place.uri)] : [],
  );
  return inFile[0] ?? vscode.workspace.workspaceFolders?.[0]?.uri;
}

/** Advised indexes as suggestions for the migration path, with the tables as they are now: what stands in the way may be new. */
export async function placesFor(
  record: AdviceRecord,
  indexes: readonly AdvisedIndex[],
  database: Pick<Database, "catalog">,
  signal: AbortSignal,
): Answer<readonly SuggestionPlace[]> {
  const tables = new Map(
    indexes.map(({ index: { schema, table } }) => [
      JSON.stringify([schema, table]),
      { schema, name: table },
    ]),
  );
  const catalog = await database.catalog([...tables.values()], signal);
  if (!catalog.ok) return catalog;
  const place = near(record) ?? vscode.Uri.file("/");
  return succeeded(
    indexes.map((advised) => ({
      suggestion: suggestionOf(advised, record.advice),
      catalog: catalog.value,
      near: place,
    })),
  );
}
