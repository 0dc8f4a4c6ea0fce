import * as vscode from "vscode";
import type { ConnectionProfile } from "../../../app/connection.ts";
import type { AdviceDesk } from "../../advice/advice-desk.ts";
import type { Suggestion } from "../../../core/advice/suggestion.ts";
import { suggestionsOf } from "../../advice/advised-set.ts";
import {
  migrateSuggestions,
  placeOf,
  type AdviceMigrationNeeds,
} from "../../advice/advice-migrations.ts";
import type { IndexCommandNeeds } from "./index-commands.ts";
import type { SuggestedIndex } from "./index-rows.ts";
import { createIndexView, type IndexViewNeeds } from "./index-view.ts";
import { isSameIndex, mergeSuggested } from "./merge-suggested.ts";
import type { SuggestionMemory } from "./suggestion-memory.ts";

export interface StartIndexesNeeds
  extends
    AdviceMigrationNeeds,
    Pick<
      IndexViewNeeds,
      "active" | "isOpen" | "connectionsChanged" | "report" | "open"
    > {
  readonly advice: Pick<AdviceDesk, "last" | "onDidChange" | "migrate">;
  readonly suggestions: SuggestionMemory;
  /** A plan or an advice was made. */
  readonly explained: vscode.Event<void>;
}

/** Those of the advised set first, then what was suggested for single statements. */
function suggestedFor(
  { advice, suggestions }: StartIndexesNeeds,
  profile: ConnectionProfile,
): readonly SuggestedIndex[] {
  const record = advice.last();
  const advised =
    record?.connectionId === profile.id
      ? suggestionsOf(record).slice(0, record.advice.indexes.length)
      : [];
  return mergeSuggested(advised, suggestions.of(profile));
}

/** Of the advice for the workspace when it is in there: its promises are kept with it. */
async function migrate(
  needs: StartIndexesNeeds,
  suggestion: Suggestion,
  profile: ConnectionProfile,
): Promise<void> {
  const record = needs.advice.last();
  const id =
    record?.connectionId === profile.id
      ? suggestionsOf(record).findIndex(({ index }) =>
          isSameIndex(index, suggestion.index),
        )
      : -1;
  if (id >= 0) await needs.advice.migrate([id], "preview");
  else
    await migrateSuggestions(needs, [suggestion], {
      profile,
      near: placeOf(record),
      how: "preview",
    });
}

/** The Indexes view and what its commands need. */
export function startIndexes(
  needs: StartIndexesNeeds,
): IndexCommandNeeds & { readonly dispose: () => void } {
  const changed = new vscode.EventEmitter<void>();
  const announce = (): void => {
    changed.fire();
  };
  const view = createIndexView({
    ...needs,
    suggested: (profile) => suggestedFor(needs, profile),
    suggestionsChanged: changed.event,
    now: Date.now,
  });
  const parts = vscode.Disposable.from(
    changed,
    needs.advice.onDidChange(announce),
    needs.explained(announce),
    view,
  );
  return {
    view,
    migrate: (suggestion, profile) => migrate(needs, suggestion, profile),
    dispose: () => {
      parts.dispose();
    },
  };
}
