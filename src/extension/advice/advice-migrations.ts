import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Answer, Database } from "../../app/database.ts";
import type { Suggestion } from "../../core/advice/suggestion.ts";
import { succeeded } from "../../core/result.ts";
import type {
  MigrationActions,
  SuggestionPlace,
} from "../editor/migration-actions.ts";
import { tellDatabaseTrouble, type AdviserNeeds } from "./adviser.ts";
import type { AdviceRecord } from "./advice-record.ts";

export interface AdviceMigrationNeeds extends Pick<
  AdviserNeeds,
  "explainer" | "log"
> {
  readonly migrations: Pick<MigrationActions, "forSuggestions">;
}

/** A file of the workload decides between the folders of a workspace. */
export function placeOf(
  record: AdviceRecord | undefined,
): vscode.Uri | undefined {
  const inFile = record?.statements.find(({ place }) => place.kind === "file");
  return inFile?.place.kind === "file"
    ? vscode.Uri.parse(inFile.place.uri)
    : undefined;
}

/** With the tables as they are now: what stands in the way may be new. */
async function placesFor(
  suggestions: readonly Suggestion[],
  near: vscode.Uri,
  database: Pick<Database, "catalog">,
): Answer<readonly SuggestionPlace[]> {
  const tables = new Map(
    suggestions.map(({ index: { schema, table } }) => [
      JSON.stringify([schema, table]),
      { schema, name: table },
    ]),
  );
  const { signal } = new AbortController();
  const catalog = await database.catalog([...tables.values()], signal);
  if (!catalog.ok) return catalog;
  return succeeded(
    suggestions.map((suggestion) => ({
      suggestion,
      catalog: catalog.value,
      near,
    })),
  );
}

/** Previews or writes one migration each. Resolves to the first path when something was written. */
export async function migrateSuggestions(
  needs: AdviceMigrationNeeds,
  suggestions: readonly Suggestion[],
  wanted: {
    readonly profile: ConnectionProfile;
    readonly near: vscode.Uri | undefined;
    readonly how: "preview" | "write";
  },
): Promise<string | undefined> {
  const { profile, how } = wanted;
  const near =
    wanted.near ??
    vscode.workspace.workspaceFolders?.[0]?.uri ??
    vscode.Uri.file("/");
  const ports = await needs.explainer.ports(profile);
  const places = ports.ok
    ? await placesFor(suggestions, near, ports.value.database)
    : ports;
  if (places.ok) return needs.migrations.forSuggestions(places.value, how);
  await tellDatabaseTrouble(places.error, profile, needs.log);
  return undefined;
}
