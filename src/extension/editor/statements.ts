import * as vscode from "vscode";
import {
  splitStatements,
  statementAt,
  updateSplit,
} from "../../core/sql/split.ts";
import type { StatementSpan } from "../../core/sql/statement.ts";
import { previewScheme } from "./migration-preview.ts";
import { findSuppressed } from "./suppressions.ts";

/** Ids under which editors know SQL files. */
const sqlLanguages = ["sql", "pgsql", "postgres"] as const;

export const sqlSelector: vscode.DocumentSelector = sqlLanguages.map(
  (language) => ({ language }),
);

export const isSqlDocument = (document: vscode.TextDocument): boolean =>
  (sqlLanguages as readonly string[]).includes(document.languageId);

/** One statement as it stands in a document now. Offsets are UTF-16. */
export interface EditorStatement {
  readonly document: vscode.TextDocument;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly suppressed: ReadonlySet<string>;
}

/** The statements of the open documents, kept as they are edited. */
export interface StatementDocuments {
  readonly dispose: () => void;
  readonly spans: (document: vscode.TextDocument) => readonly StatementSpan[];
  readonly at: (
    document: vscode.TextDocument,
    offset: number,
  ) => EditorStatement | undefined;
  readonly read: (
    document: vscode.TextDocument,
    span: StatementSpan,
  ) => EditorStatement;
}

interface Split {
  readonly version: number;
  readonly text: string;
  readonly spans: readonly StatementSpan[];
}

export const rangeOf = (statement: EditorStatement): vscode.Range =>
  new vscode.Range(
    statement.document.positionAt(statement.start),
    statement.document.positionAt(statement.end),
  );

function follow(
  split: Split,
  event: vscode.TextDocumentChangeEvent,
): Split | undefined {
  const [change] = event.contentChanges;
  if (change === undefined || event.contentChanges.length > 1) return undefined;
  const text = event.document.getText();
  return {
    version: event.document.version,
    text,
    spans: updateSplit(split.spans, text, {
      start: change.rangeOffset,
      oldEnd: change.rangeOffset + change.rangeLength,
      newEnd: change.rangeOffset + change.text.length,
    }),
  };
}

/** Splits by document; each is read again only when it changed in a way that cannot be followed. */
function createSplits(): {
  readonly of: (document: vscode.TextDocument) => Split;
  readonly dispose: () => void;
} {
  const splits = new Map<string, Split>();
  const watching = vscode.Disposable.from(
    vscode.workspace.onDidChangeTextDocument((event) => {
      const key = event.document.uri.toString();
      const known = splits.get(key);
      if (known === undefined || known.version === event.document.version)
        return;
      const isNext = known.version === event.document.version - 1;
      const next = isNext ? follow(known, event) : undefined;
      if (next === undefined) splits.delete(key);
      else splits.set(key, next);
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      splits.delete(document.uri.toString());
    }),
  );
  return {
    of: (document) => {
      const key = document.uri.toString();
      const known = splits.get(key);
      if (known?.version === document.version) return known;
      const text = document.getText();
      const spans = splitStatements(text);
      const fresh = { version: document.version, text, spans };
      splits.set(key, fresh);
      return fresh;
    },
    dispose: () => {
      watching.dispose();
      splits.clear();
    },
  };
}

export function createStatementDocuments(): StatementDocuments {
  const splits = createSplits();
  const read = (
    document: vscode.TextDocument,
    span: StatementSpan,
  ): EditorStatement => {
    const { text, spans } = splits.of(document);
    const before = spans[span.index - 1]?.end ?? 0;
    return {
      document,
      start: span.start,
      end: span.end,
      text: text.slice(span.start, span.end),
      suppressed: findSuppressed(text.slice(before, span.start)),
    };
  };
  // What a preview shows is no query of anybody's: nothing is said over it.
  const spansOf = (document: vscode.TextDocument): readonly StatementSpan[] =>
    document.uri.scheme === previewScheme ? [] : splits.of(document).spans;
  return {
    spans: spansOf,
    at: (document, offset) => {
      const span = statementAt(spansOf(document), offset);
      return span?.kind === "sql" ? read(document, span) : undefined;
    },
    read,
    dispose: splits.dispose,
  };
}
