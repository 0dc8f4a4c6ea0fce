import * as vscode from "vscode";
import type { QueryDocuments } from "../sidebar/query-documents.ts";
import type { AdvisedStatement, AdviceRecord } from "./advice-record.ts";

async function documentOf(
  statement: AdvisedStatement,
  record: AdviceRecord,
  queries: QueryDocuments,
): Promise<vscode.TextDocument> {
  const { place, text } = statement;
  if (place.kind === "file")
    return vscode.workspace.openTextDocument(vscode.Uri.parse(place.uri, true));
  const document = await vscode.workspace.openTextDocument(
    queries.uriFor(record.connectionId, { queryId: place.queryId, text }),
  );
  return vscode.languages.setTextDocumentLanguage(document, "sql");
}

/** Shows a statement of the workload where it stands now, beside the advice. */
export async function openStatement(
  record: AdviceRecord | undefined,
  position: number,
  queries: QueryDocuments,
): Promise<void> {
  const statement = record?.statements[position];
  if (record === undefined || statement === undefined) return;
  const document = await documentOf(statement, record, queries);
  const found = document.getText().indexOf(statement.text);
  const { place } = statement;
  const offset = place.kind === "file" && found === -1 ? place.offset : found;
  const start = document.positionAt(Math.max(0, offset));
  await vscode.window.showTextDocument(document, {
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(start, start),
    preview: true,
  });
}
