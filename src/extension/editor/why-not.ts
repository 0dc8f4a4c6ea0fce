import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { ExplainedStatement } from "../../app/explain-statement.ts";
import type { WhyNotAnswer, WhyNotFailure } from "../../app/why-not.ts";
import { readIndex } from "../../core/advice/why-not/read-index.ts";
import type { CatalogIndex, CatalogTable } from "../../core/catalog.ts";
import { walk } from "../../core/plan/walk.ts";
import { failed, type Result } from "../../core/result.ts";
import { sayText } from "../../core/words.ts";
import type { ReportPages } from "../report-pages.ts";
import { abortOn } from "./cancellation.ts";
import type { Explainer } from "./explainer.ts";
import { describeFailure } from "./finding-words.ts";
import type { EditorStatement } from "./statements.ts";
import { createWhyNotMarks } from "./why-not-marks.ts";
import { renderWhyNot } from "./why-not-text.ts";

export interface WhyNotNeeds {
  readonly explainer: Explainer;
  readonly pages: ReportPages;
}

/** Asks which index, finds out why it is not used, shows it beside and marks the tokens. */
export interface WhyNotQuestion {
  readonly dispose: () => void;
  readonly ask: (
    statement: EditorStatement,
    profile: ConnectionProfile,
  ) => Promise<void>;
}

/** An index as it is picked; undefined for one to be typed. */
interface IndexItem extends vscode.QuickPickItem {
  readonly index: string | undefined;
}

function itemOf(
  table: CatalogTable,
  index: CatalogIndex,
  used: ReadonlySet<string>,
): IndexItem {
  const notes = [
    ...(index.valid ? [] : ["INVALID"]),
    ...(used.has(index.name) ? [vscode.l10n.t("used by the plan")] : []),
    ...(index.predicate === undefined ? [] : [`WHERE ${index.predicate}`]),
  ];
  return {
    label: index.name,
    description: `${table.name} (${index.keys.join(", ")})`,
    detail: notes.join(" · "),
    index: `${table.schema}.${index.name}`,
  };
}

/** Those that the plan leaves aside come first: they are what one asks about. */
function itemsOf({ plan, catalog }: ExplainedStatement): readonly IndexItem[] {
  const used = new Set([...walk(plan)].flatMap(({ index }) => index ?? []));
  const existing = catalog.tables.flatMap((table) =>
    table.indexes.map((index) => ({
      isUsed: used.has(index.name),
      item: itemOf(table, index, used),
    })),
  );
  return [
    {
      label: `$(edit) ${vscode.l10n.t("Type a CREATE INDEX…")}`,
      index: undefined,
    },
    ...existing
      .toSorted((a, b) => Number(a.isUsed) - Number(b.isUsed))
      .map(({ item }) => item),
  ];
}

const typeIndex = (table: string | undefined): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title: vscode.l10n.t("Why not this index?"),
    prompt: vscode.l10n.t(
      "The index is only imagined: nothing is created on the server.",
    ),
    value: `CREATE INDEX ON ${table ?? ""} ()`,
    ignoreFocusOut: true,
    validateInput: (text) => {
      const index = readIndex(text);
      return index.ok ? undefined : sayText(index.error, vscode.l10n.t);
    },
  });

/** Undefined when the person turned away. */
async function chooseIndex(
  explained: ExplainedStatement,
): Promise<string | undefined> {
  const item = await vscode.window.showQuickPick(itemsOf(explained), {
    title: vscode.l10n.t("Why not my index?"),
    placeHolder: vscode.l10n.t("The index that the plan should use"),
    matchOnDescription: true,
  });
  if (item === undefined) return undefined;
  return item.index ?? typeIndex(explained.catalog.tables[0]?.name);
}

const withProgress = <Value>(
  title: string,
  work: (signal: AbortSignal) => Promise<Value>,
): Thenable<Value> =>
  vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title,
      cancellable: true,
    },
    async (_progress, token) => {
      const { signal, dispose } = abortOn(token);
      try {
        return await work(signal);
      } finally {
        dispose();
      }
    },
  );

function tellFailure(failure: WhyNotFailure, profile: ConnectionProfile): void {
  if (failure.kind === "database" && failure.error.kind === "cancelled") return;
  const text =
    failure.kind === "index"
      ? sayText(failure.detail, vscode.l10n.t)
      : Object.values(
          describeFailure(failure, profile.name, vscode.l10n.t),
        ).join(" ");
  void vscode.window.showErrorMessage(text);
}

/** Undefined when it failed, which was told, or when the person turned away. */
async function answerFor(
  explainer: Explainer,
  statement: EditorStatement,
  profile: ConnectionProfile,
): Promise<WhyNotAnswer | undefined> {
  const planned = await withProgress(
    vscode.l10n.t("Planning on {0}…", profile.name),
    (signal) => explainer.plan(profile, statement.text, signal),
  );
  if (!planned.ok) {
    tellFailure(planned.error, profile);
    return undefined;
  }
  const index = await chooseIndex(planned.value.explained);
  if (index === undefined) return undefined;
  const answer = await withProgress(
    vscode.l10n.t("Trying the index on {0}…", profile.name),
    (signal) => find(explainer, { statement, index }, profile, signal),
  );
  if (answer.ok) return answer.value;
  tellFailure(answer.error, profile);
  return undefined;
}

async function find(
  explainer: Explainer,
  asked: { readonly statement: EditorStatement; readonly index: string },
  profile: ConnectionProfile,
  signal: AbortSignal,
): Promise<Result<WhyNotAnswer, WhyNotFailure>> {
  const ports = await explainer.ports(profile);
  if (!ports.ok) return failed({ kind: "database", error: ports.error });
  const { whyNot } = await import("../../app/why-not.ts");
  const { text } = asked.statement;
  return whyNot(ports.value, { text, index: asked.index }, signal);
}

export function createWhyNot({
  explainer,
  pages,
}: WhyNotNeeds): WhyNotQuestion {
  const marks = createWhyNotMarks();
  return {
    ask: async (statement, profile) => {
      const answer = await answerFor(explainer, statement, profile);
      if (answer === undefined) return;
      marks.show(statement, answer);
      await pages.show(
        vscode.l10n.t("Why not my index?"),
        renderWhyNot(answer, {
          connection: profile.name,
          firstLine: statement.document.positionAt(statement.start).line + 1,
        }),
      );
    },
    dispose: marks.dispose,
  };
}
