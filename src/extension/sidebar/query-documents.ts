import * as vscode from "vscode";
import type { SlowQuery } from "../../app/database.ts";
import { slowQueryLabel } from "./slow-query-words.ts";

const queryScheme = "planlens-query";

/** Read-only documents for queries that are in no file. */
export interface QueryDocuments {
  readonly dispose: () => void;
  /** Same query, same address. */
  readonly uriFor: (
    connectionId: string,
    query: Pick<SlowQuery, "queryId" | "text">,
  ) => vscode.Uri;
}

// Enough for every list a person scrolls through; the oldest texts go first.
const maximumKept = 500;

export function createQueryDocuments(): QueryDocuments {
  const texts = new Map<string, string>();
  const providing = vscode.workspace.registerTextDocumentContentProvider(
    queryScheme,
    {
      provideTextDocumentContent: (uri) =>
        texts.get(uri.toString()) ??
        `-- ${vscode.l10n.t("This query is no longer in the list; refresh Slow Queries.")}\n`,
    },
  );
  return {
    uriFor: (connectionId, query) => {
      const name = slowQueryLabel(query.text).replace(/[^\w.]+/gu, "-");
      const uri = vscode.Uri.from({
        scheme: queryScheme,
        authority: connectionId.replace(/[^\w-]+/gu, "-").toLowerCase(),
        path: `/${query.queryId}/${name}.sql`,
      });
      texts.set(uri.toString(), `${query.text.trim().replace(/;?$/u, ";")}\n`);
      const oldest = texts.keys().next();
      if (texts.size > maximumKept && oldest.done !== true)
        texts.delete(oldest.value);
      return uri;
    },
    dispose: () => {
      providing.dispose();
      texts.clear();
    },
  };
}
