import * as vscode from "vscode";
import { withMongoPassword } from "../../app/mongo-secret.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import { addBundle } from "./add-bundle.ts";
import { chooseConnection, connectionOf } from "./choose.ts";
import { connectionCommands, type ConnectionCommand } from "./command-ids.ts";
import { dial, testConnection } from "./dial.ts";
import type { Found } from "./offers.ts";
import { addConnection, editConnection, type FormResult } from "./form/form.ts";
import type { Reviewed } from "./form/review.ts";
import type { Parts } from "./parts.ts";
import { demoId } from "./stored-profile.ts";
import { openDemoQueries } from "./demo-queries.ts";

type Handler = (argument: unknown) => Promise<void>;

async function use(profile: ConnectionProfile, parts: Parts): Promise<void> {
  await parts.choice.useInWorkspace(profile.id);
  parts.announce();
  await dial(profile, parts);
}

async function keep(result: Reviewed, parts: Parts): Promise<void> {
  const { profile, password } = result;
  const before = parts.list().find(({ id }) => id === profile.id);
  if (before !== undefined) await parts.passwords.delete(before);
  if (password !== undefined) await parts.passwords.set(profile, password);
  await parts.store.save(profile);
  await parts.pool.close(profile.id);
  if (result.use) await use(profile, parts);
  else parts.announce();
}

async function add(parts: Parts, preset?: Found): Promise<void> {
  const result: FormResult = await addConnection(parts.form, preset);
  if (result === "demo") await tryDemo(parts);
  else if (result !== undefined) await keep(result, parts);
}

async function tryDemo(parts: Parts): Promise<void> {
  await parts.listDemo(true);
  const demo = parts.list().find(({ id }) => id === demoId);
  if (demo === undefined) return;
  const before = parts.choice.workspace();
  await parts.choice.useInWorkspace(demo.id);
  parts.announce();
  if (!(await dial(demo, parts))) {
    await parts.choice.useInWorkspace(before);
    parts.announce();
    return;
  }
  const open = vscode.l10n.t("Open Demo Queries");
  const choice = await vscode.window.showInformationMessage(
    vscode.l10n.t(
      "The demo database is ready: an education platform with about a million rows.",
    ),
    open,
  );
  if (choice === open) await openDemoQueries(parts.demoFolders);
}

async function useInWorkspace(argument: unknown, parts: Parts): Promise<void> {
  if (argument !== undefined) {
    const profile = await connectionOf(argument, parts, "");
    if (profile !== undefined) await use(profile, parts);
    return;
  }
  const current = parts.choice.workspace();
  const chosen = await chooseConnection(parts, {
    placeholder: vscode.l10n.t("Connection for this workspace"),
    currentId: current,
    none:
      current === undefined
        ? undefined
        : vscode.l10n.t("$(circle-slash) Use None"),
  });
  if (chosen === undefined) return;
  if (chosen === "add") await add(parts);
  else if (chosen === "none") {
    await parts.choice.useInWorkspace(undefined);
    parts.announce();
  } else await use(chosen, parts);
}

async function useForFile(parts: Parts): Promise<void> {
  const uri = vscode.window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t("Open a file first, then choose its connection."),
    );
    return;
  }
  const current = parts.choice.file(uri.toString());
  const chosen = await chooseConnection(parts, {
    placeholder: vscode.l10n.t(
      "Connection for {0}",
      vscode.workspace.asRelativePath(uri),
    ),
    currentId: current,
    none:
      current === undefined
        ? undefined
        : vscode.l10n.t("$(circle-slash) As the Workspace"),
  });
  if (chosen === undefined) return;
  if (chosen === "add") {
    await add(parts);
    return;
  }
  await parts.choice.useInFile(
    uri.toString(),
    chosen === "none" ? undefined : chosen.id,
  );
  parts.announce();
  if (chosen !== "none") await dial(chosen, parts);
}

async function openBundle(argument: unknown, parts: Parts): Promise<void> {
  const profile = await addBundle(argument, parts);
  if (profile !== undefined) await use(profile, parts);
}

async function edit(profile: ConnectionProfile, parts: Parts): Promise<void> {
  if (profile.id === demoId) return;
  if (profile.target.engine === "bundle") {
    await vscode.commands.executeCommand(
      "workbench.action.openSettings",
      "planlens.connections",
    );
    return;
  }
  const result = await editConnection(
    profile,
    await parts.passwords.get(profile),
    parts.form,
  );
  if (result !== undefined) await keep(result, parts);
}

async function remove(profile: ConnectionProfile, parts: Parts): Promise<void> {
  const button = vscode.l10n.t("Remove");
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t("Remove the connection {0}?", profile.name),
    {
      modal: true,
      detail: vscode.l10n.t(
        "Its password is deleted from the secret store. The database stays as it is.",
      ),
    },
    button,
  );
  if (choice !== button) return;
  await disconnect(profile, parts);
  await parts.choice.forget(profile.id);
  await parts.passwords.delete(profile);
  if (profile.id === demoId) await parts.listDemo(false);
  else await parts.store.remove(profile.id);
  parts.announce();
}

async function disconnect(
  profile: ConnectionProfile,
  parts: Parts,
): Promise<void> {
  await parts.pool.close(profile.id);
  if (profile.id === demoId) await parts.demo.stop();
}

async function enterPassword(
  profile: ConnectionProfile,
  parts: Parts,
): Promise<void> {
  const password = await vscode.window.showInputBox({
    title: profile.name,
    prompt: vscode.l10n.t(
      "Password; kept in the secret store of your system. Empty: forget it",
    ),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) return;
  const typed = password === "" ? undefined : password;
  const secret =
    profile.target.engine === "mongodb"
      ? withMongoPassword(await parts.passwords.get(profile), typed)
      : typed;
  if (secret === undefined) await parts.passwords.delete(profile);
  else await parts.passwords.set(profile, secret);
  await parts.pool.close(profile.id);
  await dial(profile, parts);
}

async function reconnect(
  profile: ConnectionProfile,
  parts: Parts,
): Promise<void> {
  await disconnect(profile, parts);
  await dial(profile, parts);
}

const foundOf = (argument: unknown): Found | undefined =>
  typeof argument === "object" && argument !== null && "found" in argument
    ? (argument.found as Found)
    : undefined;

function handlers(parts: Parts): Readonly<Record<ConnectionCommand, Handler>> {
  const on =
    (
      placeholder: () => string,
      action: (profile: ConnectionProfile, parts: Parts) => Promise<unknown>,
    ): Handler =>
    async (argument) => {
      const profile = await connectionOf(argument, parts, placeholder());
      if (profile !== undefined) await action(profile, parts);
    };
  return {
    add: () => add(parts),
    demo: () => tryDemo(parts),
    openBundle: (argument) => openBundle(argument, parts),
    use: (argument) => useInWorkspace(argument, parts),
    useForFile: () => useForFile(parts),
    connect: on(() => vscode.l10n.t("Connect to"), dial),
    test: on(() => vscode.l10n.t("Connection to test"), testConnection),
    edit: on(() => vscode.l10n.t("Connection to edit"), edit),
    remove: on(() => vscode.l10n.t("Connection to remove"), remove),
    password: on(
      () => vscode.l10n.t("Connection whose password you enter"),
      enterPassword,
    ),
    reconnect: on(() => vscode.l10n.t("Connection to open anew"), reconnect),
    disconnect: on(() => vscode.l10n.t("Connection to close"), disconnect),
    addFound: (argument) => add(parts, foundOf(argument)),
    refresh: () => {
      parts.refreshFound();
      parts.announce();
      return Promise.resolve();
    },
  };
}

/** Registers all commands about connections. */
export function registerConnectionCommands(parts: Parts): vscode.Disposable {
  const all = handlers(parts);
  const names = Object.keys(connectionCommands) as ConnectionCommand[];
  return vscode.Disposable.from(
    ...names.map((name) =>
      vscode.commands.registerCommand(
        connectionCommands[name],
        (argument?: unknown) => all[name](argument),
      ),
    ),
  );
}
