import { beforeEach, expect, it, vi } from "vitest";
import { Disposable } from "vscode";
import type { Database, DatabaseError } from "../../src/app/database.ts";
import { failed, succeeded } from "../../src/core/result.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import { createSlowQueryView } from "../../src/extension/sidebar/slow-queries.ts";

interface Item {
  readonly label: string;
  readonly command?: { readonly command: string };
}
interface Provider {
  readonly getChildren: () => readonly unknown[];
  readonly getTreeItem: (row: unknown) => Item;
}

const { view, editor } = vi.hoisted(() => ({
  view: { visible: true, message: "", description: "" },
  editor: { provider: undefined as Provider | undefined },
}));

// The editor's own module exists only inside the editor.
vi.mock("vscode", () => {
  const nothing = (): object => ({ dispose: () => undefined });
  return {
    commands: { executeCommand: () => Promise.resolve() },
    env: { language: "en" },
    l10n: {
      t: (text: string, ...values: readonly string[]) =>
        text.replace(/\{(\d)\}/gu, (_, at) => values[Number(at)] ?? ""),
    },
    Disposable: { from: nothing },
    EventEmitter: class {
      readonly event = nothing;
      readonly fire = (): void => undefined;
      readonly dispose = (): void => undefined;
    },
    ThemeIcon: class {
      readonly id: string;
      constructor(id: string) {
        this.id = id;
      }
    },
    TreeItem: class {
      readonly label: string;
      constructor(label: string) {
        this.label = label;
      }
    },
    window: {
      createTreeView: (
        _id: string,
        { treeDataProvider }: { treeDataProvider: Provider },
      ) => {
        editor.provider = treeDataProvider;
        return Object.assign(view, {
          onDidChangeVisibility: nothing,
          dispose: () => undefined,
        });
      },
      withProgress: (_options: unknown, work: () => unknown) => work(),
    },
    workspace: {
      getConfiguration: () => ({
        get: (_key: string, usual: unknown) => usual,
      }),
    },
  };
});

const profile = { ...demoProfile("campus"), id: "campus" };

beforeEach(() => {
  view.message = "";
});

async function show(
  slowQueries: () => ReturnType<Database["slowQueries"]>,
): Promise<readonly Item[]> {
  const shown = createSlowQueryView({
    active: () => profile,
    open: () =>
      Promise.resolve(succeeded({ slowQueries } as unknown as Database)),
    isOpen: () => true,
    connectionsChanged: () => Disposable.from(),
    report: (error) => {
      throw error;
    },
  });
  await new Promise((resolve) => setTimeout(resolve, 5));
  const { provider } = editor;
  const rows = provider?.getChildren().map((row) => provider.getTreeItem(row));
  shown.dispose();
  return rows ?? [];
}

const refuse = (error: DatabaseError): ReturnType<typeof show> =>
  show(() => Promise.resolve(failed(error)));

it("says the exact statement that is missing, and offers to copy it and to look again", async () => {
  const rows = await refuse({
    kind: "missingRight",
    message: "hidden",
    remedy: "GRANT pg_read_all_stats TO ada;",
  });
  expect(view.message).toContain("GRANT pg_read_all_stats TO ada;");
  expect(rows.map(({ label }) => label)).toEqual(["Copy Statement", "Refresh"]);
  expect(rows[0]?.command?.command).toBe("planlens.slowQueries.copyRemedy");
});

it("offers a way on when the list could not be read", async () => {
  const rows = await refuse({ kind: "connectionLost", message: "gone" });
  expect(view.message).not.toBe("");
  expect(rows.map(({ label }) => label)).toEqual(["Refresh", "Show Log"]);
});

it("leaves the view to its welcome when nothing was counted: a message would hide it", async () => {
  const rows = await show(() =>
    Promise.resolve(
      succeeded({ queries: [], totalMs: 0, since: "2026-01-01T00:00:00Z" }),
    ),
  );
  expect(view.message).toBe("");
  expect(rows).toEqual([]);
});
