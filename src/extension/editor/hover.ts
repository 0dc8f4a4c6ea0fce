import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import { commandTable, type StatementPlace } from "../command-ids.ts";
import { readSettings } from "../settings.ts";
import type { CopyQuestion } from "../twin/twin-host.ts";
import { abortOn, delay } from "./cancellation.ts";
import type { Explainer, Planned } from "./explainer.ts";
import { describeFailure, visibleFindings } from "./finding-words.ts";
import { renderHover, renderQuiet } from "./hover-text.ts";
import {
  rangeOf,
  sqlSelector,
  type EditorStatement,
  type StatementDocuments,
} from "./statements.ts";

export interface HoverNeeds {
  readonly statements: StatementDocuments;
  readonly explainer: Explainer;
  readonly active: (uri: vscode.Uri) => ConnectionProfile | undefined;
  readonly copyQuestion: Pick<CopyQuestion, "isOpen">;
  readonly now: () => number;
}

// A hover that comes late is missed: the plan is shown without the advice after this long.
const adviceWaitMs = 700;

// Where hovering may ask the server nothing, only what is known already is told.
const noAdvice: Advice = { suggestions: [], rejected: [] };

const trusted: readonly string[] = [
  commandTable.explain,
  commandTable.writeMigration,
  commandTable.openRule,
  commandTable.askToCopy,
];

export const placeOf = (statement: EditorStatement): StatementPlace => ({
  uri: statement.document.uri.toString(),
  offset: statement.start,
});

function hoverOf(statement: EditorStatement, markdown: string): vscode.Hover {
  const content = new vscode.MarkdownString(markdown);
  content.isTrusted = { enabledCommands: trusted };
  return new vscode.Hover(content, rangeOf(statement));
}

async function plannedHover(
  needs: HoverNeeds,
  statement: EditorStatement,
  found: { readonly profile: ConnectionProfile; readonly planned: Planned },
  signal: AbortSignal,
): Promise<vscode.Hover> {
  const { profile, planned } = found;
  const known =
    needs.explainer.peekAdvice(profile, statement.text) ??
    (profile.explainOnHover ? undefined : noAdvice);
  const asked = async (): Promise<Advice | undefined> => {
    const answer = await needs.explainer.advise(
      profile,
      statement.text,
      signal,
    );
    return answer.ok ? answer.value : undefined;
  };
  const advice = known ?? (await Promise.race([asked(), delay(adviceWaitMs)]));
  return hoverOf(
    statement,
    renderHover({
      planned,
      profile,
      advice,
      isCopyOpen: needs.copyQuestion.isOpen(profile),
      findings: visibleFindings(
        planned.explained.findings,
        statement.suppressed,
      ),
      place: placeOf(statement),
      nowMs: needs.now(),
      t: vscode.l10n.t,
    }),
  );
}

async function provide(
  needs: HoverNeeds,
  statement: EditorStatement,
  token: vscode.CancellationToken,
): Promise<vscode.Hover | undefined> {
  const { uri } = statement.document;
  const profile = readSettings(uri).hover ? needs.active(uri) : undefined;
  if (profile === undefined) return undefined;
  const known = needs.explainer.peek(profile, statement.text);
  if (known === undefined && !profile.explainOnHover) return undefined;
  const { signal, dispose } = abortOn(token);
  try {
    const outcome =
      known ?? (await needs.explainer.plan(profile, statement.text, signal));
    if (outcome.ok)
      return await plannedHover(
        needs,
        statement,
        { profile, planned: outcome.value },
        signal,
      );
    const { what } = describeFailure(
      outcome.error,
      profile.name,
      vscode.l10n.t,
    );
    return signal.aborted ? undefined : hoverOf(statement, renderQuiet(what));
  } finally {
    dispose();
  }
}

export function registerHover(needs: HoverNeeds): vscode.Disposable {
  return vscode.languages.registerHoverProvider(sqlSelector, {
    provideHover: (document, position, token) => {
      const offset = document.offsetAt(position);
      const statement = needs.statements.at(document, offset);
      return statement === undefined ||
        offset < statement.start ||
        offset > statement.end
        ? undefined
        : provide(needs, statement, token);
    },
  });
}
