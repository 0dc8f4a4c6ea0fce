import * as vscode from "vscode";
import type { FoundStatement } from "../../app/gather-workload.ts";
import { splitStatements } from "../../core/sql/split.ts";
import type { StatementOrigin } from "./advice-record.ts";

// A workspace beyond these is a dump or generated; reading on would keep a person waiting for what no search could use.
const maximumFiles = 2_000;
const maximumBytes = 1_000_000;

const leftOut =
  "{**/node_modules/**,**/.git/**,**/dist/**,**/out/**,**/target/**,**/.cache/**,**/vendor/**,**/.venv/**}";

/** A migration runs once: its statements are no workload. */
const isMigration = (uri: vscode.Uri): boolean =>
  uri.path
    .split("/")
    .slice(0, -1)
    .some((folder) => /migrat/iu.test(folder));

/** What is open may not be saved yet. */
async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open !== undefined) return open.getText();
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > maximumBytes) return undefined;
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

/** Names each statement `folder/file.sql:12`. */
function statementsOf(
  uri: vscode.Uri,
  text: string,
): readonly FoundStatement<StatementOrigin>[] {
  const file = vscode.workspace.asRelativePath(uri);
  let line = 1;
  let counted = 0;
  return splitStatements(text)
    .filter(({ kind }) => kind === "sql")
    .map(({ start, end }) => {
      line += text.slice(counted, start).split("\n").length - 1;
      counted = start;
      return {
        name: `${file}:${String(line)}`,
        text: text.slice(start, end),
        calls: undefined,
        place: { kind: "file", uri: uri.toString(), offset: start },
      };
    });
}

/** Every statement of the workspace's SQL files, migrations and what others made left out. */
export async function collectFiles(
  signal: AbortSignal,
): Promise<readonly FoundStatement<StatementOrigin>[]> {
  const found = await vscode.workspace.findFiles(
    "**/*.{sql,pgsql}",
    leftOut,
    maximumFiles,
  );
  const files = found
    .filter((uri) => !isMigration(uri))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const statements: FoundStatement<StatementOrigin>[] = [];
  for (const uri of files) {
    if (signal.aborted) break;
    const text = await textOf(uri);
    if (text !== undefined) statements.push(...statementsOf(uri, text));
  }
  return statements;
}
