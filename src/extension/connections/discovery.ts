import * as vscode from "vscode";
import { keepLoaded } from "../keep-loaded.ts";
import { offersInEnvFile } from "./env-offers.ts";
import type { Found } from "./offers.ts";

export interface Discovery {
  readonly dispose: () => void;
  readonly onDidChange: vscode.Event<void>;
  /** Reads the `.env` files at the first call and after they changed. Nothing in untrusted workspaces. */
  readonly found: () => Promise<readonly Found[]>;
  readonly refresh: () => void;
}

const pattern = "**/.env*";
const excluded = "**/{node_modules,.git,.venv,venv,vendor}/**";
/** More files than this are fixtures rather than settings. */
const mostFiles = 20;
/** A larger file is no `.env` file. */
const mostBytes = 65_536;

async function readFound(file: vscode.Uri): Promise<readonly Found[]> {
  try {
    const { size } = await vscode.workspace.fs.stat(file);
    if (size > mostBytes) return [];
    const text = new TextDecoder().decode(
      await vscode.workspace.fs.readFile(file),
    );
    const fileName = vscode.workspace.asRelativePath(file);
    return offersInEnvFile(text).map((offer) => ({
      ...offer,
      fileName,
      key: `${file.toString()}#${offer.variable}`,
    }));
  } catch {
    // Gone or unreadable since it was listed: nothing to offer.
    return [];
  }
}

/** `.env`, `.env.local` and so on; not `.envrc`, and no templates, whose values are made up. */
const isEnvFile = (file: vscode.Uri): boolean =>
  /\/\.env(\.[^/]+)?$/.test(file.path) &&
  !/\.(example|sample|template|dist)$/i.test(file.path);

async function readAllFound(): Promise<readonly Found[]> {
  if (!vscode.workspace.isTrusted) return [];
  const files = await vscode.workspace.findFiles(pattern, excluded, mostFiles);
  const found = await Promise.all(files.filter(isEnvFile).map(readFound));
  return found.flat();
}

/** Finds `DATABASE_URL` and friends in the `.env` files of a trusted workspace, when somebody looks. */
export function createDiscovery(): Discovery {
  const changed = new vscode.EventEmitter<void>();
  const watchers: vscode.Disposable[] = [];
  const reading = keepLoaded(readAllFound);
  const refresh = (): void => {
    reading.forget();
    changed.fire();
  };
  const watch = (): void => {
    if (watchers.length > 0) return;
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    watchers.push(
      watcher,
      watcher.onDidChange(refresh),
      watcher.onDidCreate(refresh),
      watcher.onDidDelete(refresh),
      vscode.workspace.onDidChangeWorkspaceFolders(refresh),
    );
  };
  const trust = vscode.workspace.onDidGrantWorkspaceTrust(refresh);
  return {
    onDidChange: changed.event,
    refresh,
    found: () => {
      watch();
      return reading.get();
    },
    dispose: () => {
      vscode.Disposable.from(changed, trust, ...watchers).dispose();
    },
  };
}
