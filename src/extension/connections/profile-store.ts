import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import {
  parseProfiles,
  renderProfile,
  type ProfileTrouble,
} from "./stored-profile.ts";
import { problemWords } from "./words.ts";

/** The settings file that holds a connection. */
export interface Place {
  readonly target: vscode.ConfigurationTarget;
  /** For settings of one folder of several. */
  readonly folder: vscode.Uri | undefined;
}

export interface PlacedProfile {
  readonly profile: ConnectionProfile;
  readonly place: Place;
}

export interface ProfileStore {
  readonly dispose: () => void;
  readonly onDidChange: vscode.Event<void>;
  readonly list: () => readonly PlacedProfile[];
  /** Replaces the profile of that id where it is, or adds it to the user's settings. */
  readonly save: (profile: ConnectionProfile) => Promise<void>;
  readonly remove: (id: string) => Promise<void>;
}

const section = "planlens";
const key = "connections";
const userPlace: Place = {
  target: vscode.ConfigurationTarget.Global,
  folder: undefined,
};

interface Source {
  readonly place: Place;
  readonly value: unknown;
}

/** The user's own settings first: their ids cannot be taken over by a folder. */
function readSources(): readonly Source[] {
  const stored = vscode.workspace
    .getConfiguration(section)
    .inspect<unknown>(key);
  const user = { place: userPlace, value: stored?.globalValue };
  if (!vscode.workspace.isTrusted) return [user];
  const workspace = {
    place: { target: vscode.ConfigurationTarget.Workspace, folder: undefined },
    value: stored?.workspaceValue,
  };
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => ({
    place: { target: vscode.ConfigurationTarget.WorkspaceFolder, folder: uri },
    value: vscode.workspace.getConfiguration(section, uri).inspect<unknown>(key)
      ?.workspaceFolderValue,
  }));
  // With a single folder both values come from the same file.
  return [user, workspace, ...(folders.length > 1 ? folders : [])];
}

const sameTrouble = (a: ProfileTrouble, b: ProfileTrouble): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function readAll(): {
  readonly list: readonly PlacedProfile[];
  readonly troubles: readonly ProfileTrouble[];
} {
  const list: PlacedProfile[] = [];
  const troubles: ProfileTrouble[] = [];
  for (const { place, value } of readSources()) {
    const taken = new Set(list.map(({ profile }) => profile.id));
    const parsed = parseProfiles(value, taken);
    list.push(...parsed.profiles.map((profile) => ({ profile, place })));
    troubles.push(...parsed.troubles);
  }
  return { list, troubles };
}

async function edit(
  place: Place,
  change: (entries: readonly unknown[]) => readonly unknown[],
): Promise<void> {
  const source = readSources().find(
    (candidate) =>
      candidate.place.target === place.target &&
      candidate.place.folder?.toString() === place.folder?.toString(),
  );
  const entries = Array.isArray(source?.value)
    ? (source.value as unknown[])
    : [];
  const changed = change(entries);
  await vscode.workspace
    .getConfiguration(section, place.folder)
    .update(key, changed.length === 0 ? undefined : changed, place.target);
}

const hasId = (entry: unknown, id: string): boolean =>
  typeof entry === "object" &&
  entry !== null &&
  (entry as { id?: unknown }).id === id;

/** The readable entries as they were last read; what cannot be read is told once. */
function createReading(log: vscode.LogOutputChannel): {
  readonly list: () => readonly PlacedProfile[];
  readonly refresh: () => void;
} {
  let told: readonly ProfileTrouble[] = [];
  let current: readonly PlacedProfile[] = [];
  const refresh = (): void => {
    const { list, troubles } = readAll();
    const fresh = troubles.filter(
      (one) => !told.some((old) => sameTrouble(one, old)),
    );
    current = list;
    told = troubles;
    if (fresh.length > 0) tellTroubles(fresh, log);
  };
  refresh();
  return { list: () => current, refresh };
}

async function saveAt(place: Place, profile: ConnectionProfile): Promise<void> {
  const entry = renderProfile(profile);
  await edit(place, (entries) =>
    entries.some((old) => hasId(old, profile.id))
      ? entries.map((old) => (hasId(old, profile.id) ? entry : old))
      : [...entries, entry],
  );
}

/** The connections of the settings; entries that cannot be read are told once and left as they are. */
export function createProfileStore(log: vscode.LogOutputChannel): ProfileStore {
  const changed = new vscode.EventEmitter<void>();
  const { list, refresh } = createReading(log);
  const reread = (): void => {
    refresh();
    changed.fire();
  };
  const placeOf = (id: string): Place | undefined =>
    list().find(({ profile }) => profile.id === id)?.place;
  const listeners = vscode.Disposable.from(
    changed,
    vscode.workspace.onDidGrantWorkspaceTrust(reread),
    vscode.workspace.onDidChangeWorkspaceFolders(reread),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(`${section}.${key}`)) reread();
    }),
  );
  return {
    onDidChange: changed.event,
    list,
    save: async (profile) => {
      await saveAt(placeOf(profile.id) ?? userPlace, profile);
      refresh();
    },
    remove: async (id) => {
      const place = placeOf(id);
      if (place === undefined) return;
      await edit(place, (entries) => entries.filter((old) => !hasId(old, id)));
      refresh();
    },
    dispose: () => {
      listeners.dispose();
    },
  };
}

function tellTroubles(
  troubles: readonly ProfileTrouble[],
  log: vscode.LogOutputChannel,
): void {
  const lines = troubles.map(({ index, problem }) =>
    vscode.l10n.t(
      "Entry {0} of planlens.connections is left out: {1}.",
      index + 1,
      problemWords(problem),
    ),
  );
  for (const line of lines) log.warn(line);
  const open = vscode.l10n.t("Open Settings");
  void vscode.window
    .showWarningMessage(lines.join(" "), open)
    .then((choice) => {
      if (choice === open)
        void vscode.commands.executeCommand(
          "workbench.action.openSettings",
          `${section}.${key}`,
        );
    });
}
