import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Database, DatabaseError, SlowQuery } from "../../app/database.ts";
import type { Result } from "../../core/result.ts";
import { itemFor } from "./slow-query-item.ts";
import { readSettings } from "../settings.ts";
import { askFilter, askOrder } from "./slow-query-prompts.ts";
import {
  messageOf,
  remedyOf,
  stateOf,
  stepsAt,
  type LoadedQueries,
  type Step,
  type ViewState,
} from "./slow-query-state.ts";
import { itemForStep } from "./slow-query-steps.ts";
import { createViewReload, type ViewReload } from "./view-reload.ts";
import { whileReadingIn } from "./while-reading.ts";
import { arrangeSlowQueries, type SlowQueryOrder } from "./slow-query-words.ts";

export interface SlowQueryNeeds {
  readonly active: () => ConnectionProfile | undefined;
  readonly open: (
    profile: ConnectionProfile,
  ) => Promise<Result<Database, DatabaseError>>;
  readonly isOpen: (profile: ConnectionProfile) => boolean;
  readonly connectionsChanged: vscode.Event<void>;
  /** Hears what breaks while the list is read. */
  readonly report: (error: unknown) => void;
}

/** The Slow Queries view and what its buttons do. */
export interface SlowQueryView {
  readonly dispose: () => void;
  readonly refresh: () => void;
  readonly sort: () => Promise<void>;
  readonly filter: () => Promise<void>;
  readonly clearFilter: () => void;
  readonly copyRemedy: () => Promise<void>;
  /** The query behind an id that a tree item handed over. */
  readonly find: (
    queryId: unknown,
  ) =>
    | { readonly query: SlowQuery; readonly profile: ConnectionProfile }
    | undefined;
}

const viewId = "planlens.slowQueries";

async function load(
  needs: SlowQueryNeeds,
  signal: AbortSignal,
): Promise<LoadedQueries | undefined> {
  const profile = needs.active();
  if (profile === undefined) return undefined;
  const opened = await needs.open(profile);
  if (!opened.ok) return { profile, answer: opened };
  const limit = readSettings().slowQueriesLimit;
  return { profile, answer: await opened.value.slowQueries(limit, signal) };
}

function setContext(key: string, value: unknown): void {
  void vscode.commands.executeCommand("setContext", `${viewId}.${key}`, value);
}

/** What was read, and how it is looked at. */
interface Model {
  loaded: LoadedQueries | undefined;
  order: SlowQueryOrder;
  filter: string;
}

const totalOf = ({ loaded }: Model): number =>
  loaded?.answer.ok === true ? loaded.answer.value.totalMs : 0;

const shownIn = ({ loaded, order, filter }: Model): readonly SlowQuery[] =>
  loaded?.answer.ok === true
    ? arrangeSlowQueries(loaded.answer.value.queries, order, filter)
    : [];

type Row = SlowQuery | Step;

const stateIn = (model: Model): ViewState =>
  stateOf(model.loaded, shownIn(model).length);

interface Drawn {
  readonly view: vscode.TreeView<Row>;
  readonly redraw: () => void;
  readonly dispose: () => void;
}

function createTree(model: Model): Drawn {
  const changed = new vscode.EventEmitter<undefined>();
  const view = vscode.window.createTreeView<Row>(viewId, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getChildren: (parent) =>
        parent === undefined
          ? [...(stepsAt(stateIn(model)) ?? shownIn(model))]
          : [],
      getTreeItem: (row) =>
        "step" in row ? itemForStep(row) : itemFor(row, totalOf(model)),
    },
  });
  return {
    view,
    redraw: () => {
      const state = stateIn(model);
      setContext("state", state);
      setContext("filtered", model.filter !== "");
      view.message =
        messageOf(model.loaded, state, {
          t: vscode.l10n.t,
          language: vscode.env.language,
        }) ?? "";
      view.description = model.filter === "" ? "" : `“${model.filter}”`;
      changed.fire(undefined);
    },
    dispose: () => {
      view.dispose();
      changed.dispose();
    },
  };
}

function findQuery(
  { loaded }: Model,
  queryId: unknown,
): ReturnType<SlowQueryView["find"]> {
  if (loaded?.answer.ok !== true) return undefined;
  const query = loaded.answer.value.queries.find(
    (known) => known.queryId === queryId,
  );
  return query === undefined ? undefined : { query, profile: loaded.profile };
}

function reloadOf(
  needs: SlowQueryNeeds,
  model: Model,
  drawn: Drawn,
): ViewReload {
  return createViewReload<LoadedQueries>({
    ...needs,
    whileReading: whileReadingIn(viewId),
    view: drawn.view,
    load: (signal) => load(needs, signal),
    loaded: () => model.loaded,
    isWhole: ({ answer }) => answer.ok,
    put: (loaded) => {
      model.loaded = loaded;
    },
    redraw: drawn.redraw,
  });
}

export function createSlowQueryView(needs: SlowQueryNeeds): SlowQueryView {
  const model: Model = { loaded: undefined, order: "total", filter: "" };
  const drawn = createTree(model);
  const reloader = reloadOf(needs, model, drawn);
  const change = (next: Partial<Model>): void => {
    Object.assign(model, next);
    drawn.redraw();
  };
  reloader.whenSeen();
  return {
    refresh: reloader.now,
    sort: async () => {
      change({ order: (await askOrder(model.order)) ?? model.order });
    },
    filter: async () => {
      change({ filter: await askFilter(model.filter) });
    },
    clearFilter: () => {
      change({ filter: "" });
    },
    copyRemedy: async () => {
      const remedy = remedyOf(model.loaded);
      if (remedy !== undefined) await vscode.env.clipboard.writeText(remedy);
    },
    find: (queryId) => findQuery(model, queryId),
    dispose: () => {
      reloader.dispose();
      drawn.dispose();
    },
  };
}
