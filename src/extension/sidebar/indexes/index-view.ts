import * as vscode from "vscode";
import type { ConnectionProfile } from "../../../app/connection.ts";
import type { Database, DatabaseError } from "../../../app/database.ts";
import { describeDatabaseError } from "../../../app/wording.ts";
import {
  judgeIndexes,
  type IndexUsage,
} from "../../../core/advice/index-use.ts";
import type { Result } from "../../../core/result.ts";
import { createViewReload, type ViewReloadParts } from "../view-reload.ts";
import { whileReadingIn } from "../while-reading.ts";
import { createIndexDocuments } from "./index-documents.ts";
import { itemForRow, type ItemParts } from "./index-items.ts";
import {
  childrenOf,
  type IndexFacts,
  type IndexRow,
  type SuggestedIndex,
} from "./index-rows.ts";
import { windowWords } from "./index-words.ts";

interface Loaded {
  readonly profile: ConnectionProfile;
  readonly usage: Result<IndexUsage, DatabaseError>;
}

export interface IndexViewNeeds extends Pick<
  ViewReloadParts<Loaded>,
  "active" | "isOpen" | "connectionsChanged" | "report"
> {
  readonly open: (
    profile: ConnectionProfile,
  ) => Promise<Result<Database, DatabaseError>>;
  /** Of that connection. */
  readonly suggested: (profile: ConnectionProfile) => readonly SuggestedIndex[];
  readonly suggestionsChanged: vscode.Event<void>;
  readonly now: () => number;
}

/** The Indexes view. */
export interface IndexView {
  readonly refresh: () => void;
  readonly openDefinition: (row: unknown) => Promise<void>;
  /** The row that a command was handed; undefined when it is none of this view. */
  readonly find: (argument: unknown) => IndexRow | undefined;
  readonly profile: () => ConnectionProfile | undefined;
  readonly dispose: () => void;
}

type ViewState =
  "loading" | "list" | "noConnection" | "unsupported" | "empty" | "trouble";

const viewId = "planlens.indexes";

interface Model {
  loaded: Loaded | undefined;
  hasLoaded: boolean;
}

function stateOf({ loaded, hasLoaded }: Model, count: number): ViewState {
  if (loaded === undefined) return hasLoaded ? "noConnection" : "loading";
  if (loaded.profile.target.engine === "mongodb") return "unsupported";
  if (!loaded.usage.ok) return "trouble";
  return count === 0 ? "empty" : "list";
}

function messageOf(loaded: Loaded | undefined, state: ViewState): string {
  if (loaded === undefined || (state !== "list" && state !== "trouble"))
    return "";
  const { usage, profile } = loaded;
  if (usage.ok) return windowWords(usage.value, profile.name);
  const { what, next } = describeDatabaseError(
    usage.error,
    profile.name,
    vscode.l10n.t,
  );
  return `${what} ${next}`;
}

function factsOf(needs: IndexViewNeeds, { loaded }: Model): IndexFacts {
  if (loaded === undefined) return { suggested: [], judged: [] };
  const { profile, usage } = loaded;
  return {
    suggested: needs.suggested(profile),
    judged: usage.ok ? judgeIndexes(usage.value, needs.now()) : [],
  };
}

async function load(
  needs: IndexViewNeeds,
  signal: AbortSignal,
): Promise<Loaded | undefined> {
  const profile = needs.active();
  if (profile === undefined) return undefined;
  const opened = await needs.open(profile);
  return {
    profile,
    usage: opened.ok ? await opened.value.indexUse(signal) : opened,
  };
}

/** The tree, and what it was last drawn from. */
interface Drawn {
  readonly view: vscode.TreeView<IndexRow>;
  readonly redraw: () => void;
  readonly parts: () => ItemParts;
  readonly dispose: () => void;
}

function createTree(needs: IndexViewNeeds, model: Model): Drawn {
  const changed = new vscode.EventEmitter<undefined>();
  const partsNow = (): ItemParts => ({
    facts: factsOf(needs, model),
    window:
      model.loaded?.usage.ok === true
        ? windowWords(model.loaded.usage.value, model.loaded.profile.name)
        : "",
    nowMs: needs.now(),
  });
  // Judging thousands of indexes for every row would be slow.
  let parts = partsNow();
  const view = vscode.window.createTreeView<IndexRow>(viewId, {
    showCollapseAll: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (row) => [...childrenOf(parts.facts, row)],
      getTreeItem: (row) => itemForRow(row, parts),
    },
  });
  return {
    view,
    parts: () => parts,
    redraw: () => {
      parts = partsNow();
      const { suggested, judged } = parts.facts;
      const state = stateOf(model, suggested.length + judged.length);
      void vscode.commands.executeCommand(
        "setContext",
        `${viewId}.state`,
        state,
      );
      view.message = messageOf(model.loaded, state);
      changed.fire(undefined);
    },
    dispose: () => {
      view.dispose();
      changed.dispose();
    },
  };
}

const isRow = (argument: unknown): argument is IndexRow =>
  typeof argument === "object" && argument !== null && "kind" in argument;

export function createIndexView(needs: IndexViewNeeds): IndexView {
  const model: Model = { loaded: undefined, hasLoaded: false };
  const drawn = createTree(needs, model);
  const documents = createIndexDocuments(needs.now);
  const reload = createViewReload<Loaded>({
    ...needs,
    whileReading: whileReadingIn(viewId),
    view: drawn.view,
    load: (signal) => load(needs, signal),
    loaded: () => model.loaded,
    isWhole: ({ usage }) => usage.ok,
    put: (loaded) => {
      model.loaded = loaded;
      model.hasLoaded = true;
    },
    redraw: drawn.redraw,
  });
  const parts = vscode.Disposable.from(
    reload,
    documents,
    needs.suggestionsChanged(drawn.redraw),
    drawn,
  );
  reload.whenSeen();
  return {
    refresh: reload.now,
    find: (argument) => (isRow(argument) ? argument : undefined),
    profile: () => model.loaded?.profile,
    openDefinition: async (row) => {
      if (isRow(row) && (row.kind === "index" || row.kind === "finding"))
        await documents.show(row.judged, drawn.parts().window);
    },
    dispose: () => {
      parts.dispose();
    },
  };
}
