import * as vscode from "vscode";

/** Where the demo's files lie in the extension, and where a person gets a copy to edit. */
export interface DemoFolders {
  readonly assets: vscode.Uri;
  readonly copy: vscode.Uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  return vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );
}

/** Copies the demo's queries once, outside the extension, and shows the first file. */
export async function openDemoQueries({
  assets,
  copy,
}: DemoFolders): Promise<void> {
  const queries = vscode.Uri.joinPath(copy, "queries");
  if (!(await exists(queries)))
    await vscode.workspace.fs.copy(
      vscode.Uri.joinPath(assets, "queries"),
      queries,
    );
  const names = (await vscode.workspace.fs.readDirectory(queries))
    .map(([name]) => name)
    .filter((name) => name.endsWith(".sql"))
    .sort();
  const [first] = names;
  if (first === undefined) return;
  await vscode.window.showTextDocument(vscode.Uri.joinPath(queries, first), {
    preview: false,
  });
}
