import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { AdviceState } from "../../protocol/advice-messages.ts";
import { commandTable } from "../command-ids.ts";
import type { MigrationActions } from "../editor/migration-actions.ts";
import { reportTo } from "../report.ts";
import type { QueryDocuments } from "../sidebar/query-documents.ts";
import type { WrittenSuggestion } from "../calibration.ts";
import type { Explainer } from "../editor/explainer.ts";
import { promisesOf, suggestionsOf } from "./advised-set.ts";
import { migrateSuggestions, placeOf } from "./advice-migrations.ts";
import { createAdvicePanel, type AdvicePanel } from "./advice-panel.ts";
import {
  keepAdvice,
  recallAdvice,
  type AdviceRecord,
} from "./advice-record.ts";
import { buildAdviceView } from "./advice-view.ts";
import { adviseOnWorkspace, type AdviserNeeds } from "./adviser.ts";
import { openStatement } from "./open-statement.ts";

export interface AdviceDeskNeeds extends AdviserNeeds {
  readonly explainer: Pick<Explainer, "ports" | "plan">;
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Hears what was written, with the plans it is to be compared with one day. */
  readonly written: (written: readonly WrittenSuggestion[]) => void;
  readonly migrations: Pick<MigrationActions, "forSuggestions">;
  readonly queries: QueryDocuments;
  readonly profile: (id: string) => ConnectionProfile | undefined;
}

type How = "preview" | "write";

/** The last advice of this workspace, its page, and what can be done with it. */
export interface AdviceDesk {
  readonly advise: (profile: ConnectionProfile) => Promise<void>;
  readonly show: () => void;
  /** One migration per index of the last advice, by id. Resolves to the first path when something was written. */
  readonly migrate: (
    ids: readonly number[],
    how: How,
  ) => Promise<string | undefined>;
  readonly last: () => AdviceRecord | undefined;
  readonly onDidChange: vscode.Event<void>;
  readonly dispose: () => void;
}

/** Plans, as they are now, the statements that the written indexes are for. */
async function tellWritten(
  needs: AdviceDeskNeeds,
  record: AdviceRecord,
  ids: readonly number[],
  profile: ConnectionProfile,
): Promise<void> {
  const { signal } = new AbortController();
  const written: WrittenSuggestion[] = [];
  for (const { text, suggestion } of promisesOf(record, ids)) {
    const planned = await needs.explainer.plan(profile, text, signal);
    if (!planned.ok) continue;
    const { explained } = planned.value;
    written.push({ suggestion, explained, profile });
  }
  needs.written(written);
}

/** Resolves to the first path when something was written. */
async function migrate(
  needs: AdviceDeskNeeds,
  record: AdviceRecord | undefined,
  ids: readonly number[],
  how: How,
): Promise<string | undefined> {
  if (record === undefined) return undefined;
  const profile = needs.profile(record.connectionId);
  if (profile === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "The connection {0} is gone, so what its tables have now cannot be read. Advise again on another one.",
        record.connection.name,
      ),
    );
    return undefined;
  }
  const all = suggestionsOf(record);
  const chosen = ids.flatMap((id) => all[id] ?? []);
  const path = await migrateSuggestions(needs, chosen, {
    profile,
    near: placeOf(record),
    how,
  });
  // Nobody waits for it.
  if (path !== undefined)
    tellWritten(needs, record, ids, profile).catch(reportTo(needs.log));
  return path;
}

/** What was written from which advice: the page may be away while the preview is shown. */
interface Written {
  readonly key: string;
  readonly path: string;
}

const stateOf = (
  record: AdviceRecord | undefined,
  written: Written | undefined,
): AdviceState =>
  record === undefined
    ? { kind: "empty" }
    : {
        kind: "advice",
        view: buildAdviceView(
          record,
          written?.key === record.key ? written.path : undefined,
        ),
      };

function createPage(
  needs: AdviceDeskNeeds,
  last: () => AdviceRecord | undefined,
): AdvicePanel {
  const run = (work: Thenable<unknown>): void => {
    work.then(undefined, reportTo(needs.log));
  };
  const writing =
    (how: How) =>
    ({ indexes }: { readonly indexes: readonly number[] }): void => {
      const record = last();
      run(
        migrate(needs, record, indexes, how).then((path) => {
          if (path === undefined || record === undefined) return;
          written = { key: record.key, path };
          panel.send("adviceWritten", { indexes, path });
        }),
      );
    };
  let written: Written | undefined;
  const panel = createAdvicePanel({
    extensionUri: needs.extensionUri,
    log: needs.log,
    state: () => stateOf(last(), written),
    handlers: {
      adviseAgain: () => {
        run(vscode.commands.executeCommand(commandTable.adviseWorkspace));
      },
      writeMigrations: writing("write"),
      previewMigrations: writing("preview"),
      openQuery: ({ query }) => {
        run(openStatement(last(), query, needs.queries));
      },
      copy: ({ text }) => {
        run(vscode.env.clipboard.writeText(text));
      },
    },
  });
  return panel;
}

export function createAdviceDesk(needs: AdviceDeskNeeds): AdviceDesk {
  const changed = new vscode.EventEmitter<void>();
  let record = recallAdvice(needs.memory);
  const page = createPage(needs, () => record);
  let isBusy = false;
  const advise = async (profile: ConnectionProfile): Promise<void> => {
    const found = await adviseOnWorkspace(needs, profile);
    if (found === undefined) return;
    record = found;
    page.show();
    changed.fire();
    await keepAdvice(needs.memory, found);
  };
  return {
    advise: async (profile) => {
      // Two searches at once would share one connection's trial indexes.
      if (isBusy) {
        void vscode.window.showInformationMessage(
          vscode.l10n.t("A search for indexes is running already."),
        );
        return;
      }
      isBusy = true;
      await advise(profile).finally(() => {
        isBusy = false;
      });
    },
    show: page.show,
    migrate: (ids, how) => migrate(needs, record, ids, how),
    last: () => record,
    onDidChange: changed.event,
    dispose: () => {
      page.dispose();
      changed.dispose();
    },
  };
}
