import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Database, DatabaseError, SendLog } from "../../app/database.ts";
import type { Result } from "../../core/result.ts";
import { reportTo } from "../report.ts";
import { readSettings } from "../settings.ts";
import { createActiveChoice, type ActiveChoice } from "./active-choice.ts";
import { registerConnectionCommands } from "./commands.ts";
import { createDemoHost, demoProfile } from "./demo-host.ts";
import { createDemoStarter } from "./demo-starter.ts";
import type { DemoFolders } from "./demo-queries.ts";
import { createDiscovery, type Discovery } from "./discovery.ts";
import { collectOffers } from "./machine-offers.ts";
import { findPassword } from "./find-password.ts";
import { createOpener, createTester, type OpenerPorts } from "./openers.ts";
import type { Parts } from "./parts.ts";
import { createPasswords } from "./passwords.ts";
import { createPool } from "./pool.ts";
import { createProfileStore, type ProfileStore } from "./profile-store.ts";
import { createTwinHost, type CopyQuestion } from "../twin/twin-host.ts";
import { createStatusBar } from "./status-bar.ts";
import { demoId } from "./stored-profile.ts";
import { createConnectionsView } from "./tree.ts";
import { targetWords } from "./words.ts";

/** The connections of this window: which exist, which one a file uses, and the open database behind each. */
export interface Connections {
  readonly dispose: () => void;
  /** The list, the active one or the state of one of them changed. */
  readonly onDidChange: vscode.Event<void>;
  list(): readonly ConnectionProfile[];
  profile(id: string): ConnectionProfile | undefined;
  /** Active for this file, else for the workspace. */
  active(uri?: vscode.Uri): ConnectionProfile | undefined;
  /** Connected at this moment. */
  isOpen(id: string): boolean;
  /** Opened once, shared, self-reconnecting. */
  open(profile: ConnectionProfile): Promise<Result<Database, DatabaseError>>;
  /** What the source has and the copy of its statistics has not, one sentence each; empty where there is no copy. */
  remarks(profile: ConnectionProfile): readonly string[];
  /** Whether statistics may be copied to try indexes on. */
  readonly copyQuestion: CopyQuestion;
}

const demoListedKey = "planlens.demoListed";

/** The connections of the settings, and the demo where it was asked for. */
function createList(
  store: ProfileStore,
  memory: vscode.Memento,
): {
  readonly list: () => readonly ConnectionProfile[];
  readonly listDemo: (listed: boolean) => Promise<void>;
} {
  const isDemoListed = (): boolean =>
    memory.get(demoListedKey) === true || readSettings().demoAutoConnect;
  return {
    list: () => [
      ...store.list().map(({ profile }) => profile),
      ...(isDemoListed() ? [demoProfile(vscode.l10n.t("demo"))] : []),
    ],
    listDemo: async (listed) => {
      await memory.update(demoListedKey, listed);
    },
  };
}

function createActive(
  list: () => readonly ConnectionProfile[],
  choice: ActiveChoice,
): (uri: vscode.Uri | undefined) => ConnectionProfile | undefined {
  const byId = (id: string | undefined): ConnectionProfile | undefined =>
    id === undefined ? undefined : list().find((profile) => profile.id === id);
  return (uri) =>
    (uri === undefined ? undefined : byId(choice.file(uri.toString()))) ??
    byId(choice.workspace());
}

/** What was sent where and how long it took; the adapters put neither literals nor secrets into it. */
const sendLog =
  (log: vscode.LogOutputChannel): SendLog =>
  ({ connection, what, elapsedMs, outcome }) => {
    log.info(
      `${connection}: ${what} (${Math.round(elapsedMs * 10) / 10} ms): ${outcome}`,
    );
  };

const demoFolders = (context: vscode.ExtensionContext): DemoFolders => ({
  assets: vscode.Uri.joinPath(context.extensionUri, "dist", "demo"),
  copy: vscode.Uri.joinPath(context.globalStorageUri, "demo-workspace"),
});

function createOpenerPorts(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  given: Pick<OpenerPorts, "passwords" | "demo">,
): OpenerPorts {
  const twins = createTwinHost({
    extensionUri: context.extensionUri,
    log,
    sendLog: sendLog(log),
    memory: context.globalState,
  });
  context.subscriptions.push(twins);
  return {
    ...given,
    twins,
    log: sendLog(log),
    findPassword: (target) =>
      findPassword(target, process.env, (sentence) => {
        log.warn(sentence);
      }),
  };
}

function createParts(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  discovery: Discovery,
  announce: () => void,
): Parts {
  const store = createProfileStore(log);
  const passwords = createPasswords(context.secrets);
  const choice = createActiveChoice(context.workspaceState);
  const { list, listDemo } = createList(store, context.workspaceState);
  const demo = createDemoHost(createDemoStarter(context));
  const openerPorts = createOpenerPorts(context, log, { passwords, demo });
  return {
    list,
    listDemo,
    active: createActive(list, choice),
    store,
    passwords,
    choice,
    pool: createPool(createOpener(openerPorts), announce),
    remarks: openerPorts.twins.remarks,
    copyQuestion: openerPorts.twins.question,
    demo,
    demoFolders: demoFolders(context),
    form: {
      offers: async () => collectOffers(await discovery.found(), process.env),
      test: createTester(openerPorts),
      takenIds: () => new Set(list().map(({ id }) => id)),
    },
    refreshFound: discovery.refresh,
    announce,
    log,
  };
}

/** Starts the demo when the workspace's settings ask for it and no other connection was chosen here. */
async function autoConnectDemo(parts: Parts): Promise<void> {
  const chosen = parts.choice.workspace();
  if (
    !readSettings().demoAutoConnect ||
    (chosen !== undefined && chosen !== demoId)
  )
    return;
  const demo = parts.list().find(({ id }) => id === demoId);
  if (demo === undefined) return;
  await parts.choice.useInWorkspace(demo.id);
  parts.announce();
  await vscode.commands.executeCommand("planlens.connections.connect", demo.id);
}

/** The view, the status bar item and the commands; all follow `onDidChange`. */
function createSurfaces(
  parts: Parts,
  discovery: Discovery,
  onDidChange: vscode.Event<void>,
): vscode.Disposable {
  const view = createConnectionsView({
    profiles: parts.list,
    activeId: () =>
      parts.active(vscode.window.activeTextEditor?.document.uri)?.id,
    state: parts.pool.state,
    found: async () => {
      const known = new Set(
        parts.list().map(({ target }) => targetWords(target)),
      );
      return (await discovery.found()).filter(({ where }) => !known.has(where));
    },
  });
  const statusBar = createStatusBar({
    active: parts.active,
    isOwnOfFile: (uri) => parts.choice.file(uri.toString()) !== undefined,
    state: parts.pool.state,
  });
  const refresh = (): void => {
    view.refresh();
    statusBar.refresh();
    void vscode.commands.executeCommand(
      "setContext",
      "planlens.hasConnection",
      parts.list().length > 0,
    );
  };
  refresh();
  return vscode.Disposable.from(
    view,
    statusBar,
    onDidChange(refresh),
    discovery.onDidChange(view.refresh),
    registerConnectionCommands(parts),
  );
}

/** Keeps up with the settings; nobody waits for what comes of it, so its errors go to the log. */
function followSettings(parts: Parts): vscode.Disposable {
  const report = reportTo(parts.log);
  const connectDemo = (): void => {
    autoConnectDemo(parts).catch(report);
  };
  connectDemo();
  return vscode.Disposable.from(
    parts.store.onDidChange(() => {
      const kept = new Set(parts.list().map(({ id }) => id));
      parts.pool.closeOthers(kept).catch(report);
      parts.announce();
    }),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("planlens.demo.autoConnect"))
        connectDemo();
    }),
  );
}

/** Registers the commands, the view and the status bar item of connections; disposed with the result. */
export function createConnections(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
): Connections {
  const changed = new vscode.EventEmitter<void>();
  const announce = (): void => {
    changed.fire();
  };
  const discovery = createDiscovery();
  const parts = createParts(context, log, discovery, announce);
  const disposables = vscode.Disposable.from(
    changed,
    discovery,
    parts.store,
    createSurfaces(parts, discovery, changed.event),
    followSettings(parts),
  );
  return {
    onDidChange: changed.event,
    list: parts.list,
    profile: (id) => parts.list().find((profile) => profile.id === id),
    active: parts.active,
    isOpen: (id) => parts.pool.state(id)?.kind === "open",
    open: parts.pool.open,
    remarks: parts.remarks,
    copyQuestion: parts.copyQuestion,
    dispose: () => {
      disposables.dispose();
      void parts.pool.closeAll();
      void parts.demo.stop();
    },
  };
}
