import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import { formatCost } from "../../core/format.ts";
import type { StatementSpan } from "../../core/sql/statement.ts";
import { commandTable } from "../command-ids.ts";
import { readSettings } from "../settings.ts";
import type { Explainer } from "./explainer.ts";
import { gainPercent } from "./finding-words.ts";
import { sqlSelector, type StatementDocuments } from "./statements.ts";

export interface CodeLensNeeds {
  readonly statements: StatementDocuments;
  readonly explainer: Explainer;
  readonly active: (uri: vscode.Uri) => ConnectionProfile | undefined;
  /** Fires when a lens may read differently. */
  readonly changed: vscode.Event<void>;
}

type LensKind = "explain" | "analyze" | "cost" | "suggestions";

/** Carries what resolving needs; titles are made only for the lenses on screen. */
class StatementLens extends vscode.CodeLens {
  readonly kind: LensKind;
  readonly document: vscode.TextDocument;
  readonly span: StatementSpan;
  constructor(
    range: vscode.Range,
    kind: LensKind,
    at: {
      readonly document: vscode.TextDocument;
      readonly span: StatementSpan;
    },
  ) {
    super(range);
    this.kind = kind;
    this.document = at.document;
    this.span = at.span;
  }
}

function costTitle(needs: CodeLensNeeds, lens: StatementLens): string {
  const profile = needs.active(lens.document.uri);
  const { text } = needs.statements.read(lens.document, lens.span);
  const known =
    profile === undefined ? undefined : needs.explainer.peek(profile, text);
  const cost = known?.ok
    ? known.value.explained.plan.root.estimate?.totalCost
    : undefined;
  return cost === undefined ? "" : vscode.l10n.t("cost {0}", formatCost(cost));
}

function suggestionTitle(needs: CodeLensNeeds, lens: StatementLens): string {
  const profile = needs.active(lens.document.uri);
  const { text } = needs.statements.read(lens.document, lens.span);
  const advice =
    profile === undefined
      ? undefined
      : needs.explainer.peekAdvice(profile, text);
  if (advice === undefined) return "";
  const count = advice.suggestions.length;
  const gain = gainPercent(advice);
  const words =
    count === 1
      ? vscode.l10n.t("1 suggestion")
      : vscode.l10n.t("{0} suggestions", count);
  return gain === undefined ? words : `${words}: ${gain}`;
}

function resolve(needs: CodeLensNeeds, lens: StatementLens): vscode.Command {
  const argument = {
    uri: lens.document.uri.toString(),
    offset: lens.span.start,
  };
  const command = (
    name: keyof typeof commandTable,
    title: string,
  ): vscode.Command => ({
    command: commandTable[name],
    title,
    arguments: [argument],
  });
  switch (lens.kind) {
    case "explain":
      return command("explain", `$(play) ${vscode.l10n.t("Explain")}`);
    case "analyze":
      return command("analyze", vscode.l10n.t("Analyze…"));
    case "cost":
      return command("explain", costTitle(needs, lens));
    case "suggestions":
      return command("writeMigration", suggestionTitle(needs, lens));
  }
}

function kindsFor(
  needs: CodeLensNeeds,
  document: vscode.TextDocument,
): (span: StatementSpan) => readonly LensKind[] {
  const profile = needs.active(document.uri);
  const always: readonly LensKind[] =
    profile?.target.engine === "bundle" ? ["explain"] : ["explain", "analyze"];
  if (profile === undefined) return () => always;
  const text = document.getText();
  return (span) => {
    const statement = text.slice(span.start, span.end);
    const planned = needs.explainer.peek(profile, statement);
    if (planned?.ok !== true) return always;
    const advice = needs.explainer.peekAdvice(profile, statement);
    return (advice?.suggestions.length ?? 0) > 0
      ? [...always, "cost", "suggestions"]
      : [...always, "cost"];
  };
}

export function registerCodeLens(needs: CodeLensNeeds): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(sqlSelector, {
    onDidChangeCodeLenses: needs.changed,
    provideCodeLenses: (document) => {
      if (!readSettings(document.uri).codeLens) return [];
      const kinds = kindsFor(needs, document);
      return needs.statements.spans(document).flatMap((span) => {
        if (span.kind !== "sql") return [];
        const at = document.positionAt(span.start);
        const range = new vscode.Range(at, at);
        return kinds(span).map(
          (kind) => new StatementLens(range, kind, { document, span }),
        );
      });
    },
    resolveCodeLens: (lens) => {
      if (lens instanceof StatementLens) lens.command = resolve(needs, lens);
      return lens;
    },
  });
}
