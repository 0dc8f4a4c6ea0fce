import * as vscode from "vscode";
import type { WorkspaceListing } from "../../core/migrations/migration.ts";

// Enough for large repositories; a listing beyond it would be slow to gather on a remote machine.
const maximumFiles = 20_000;
const maximumHeads = 60;
const headBytes = 4_096;

const leftOut =
  "{**/node_modules/**,**/.git/**,**/dist/**,**/out/**,**/target/**,**/.cache/**,**/vendor/**,**/.venv/**}";

const asked = /(?:^|\/)(?:package\.json|migration_lock\.toml)$/u;
const migrationLike = /migrat[^/]*\/(?:.*\/)?[^/]*\.(?:sql|js|ts|cjs|mjs)$/iu;

async function readHead(uri: vscode.Uri): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(uri);
  return new TextDecoder().decode(
    asked.test(uri.path) ? bytes : bytes.subarray(0, headBytes),
  );
}

/** The files of a folder as the migration core wants them: relative paths, and the few contents that detection reads. */
export async function listWorkspace(
  folder: vscode.Uri,
): Promise<WorkspaceListing> {
  const found = await vscode.workspace.findFiles(
    new vscode.RelativePattern(folder, "**/*"),
    leftOut,
    maximumFiles,
  );
  const prefix = folder.path.endsWith("/") ? folder.path : `${folder.path}/`;
  const files = found
    .map((uri) => ({ uri, path: uri.path.slice(prefix.length) }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
  const small = files
    .filter((file) => asked.test(file.path))
    .slice(0, maximumHeads);
  // The newest names matter most: numbering goes on from there.
  const heads = files
    .filter((file) => migrationLike.test(file.path))
    .slice(-maximumHeads);
  const contents: Record<string, string> = {};
  for (const file of [...small, ...heads])
    contents[file.path] = await readHead(file.uri);
  return { paths: files.map((file) => file.path), contents };
}
