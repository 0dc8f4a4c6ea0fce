/** The part of VS Code's Memento that is needed; small enough for a test to stand in. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

const workspaceKey = "planlens.activeConnection";
const filesKey = "planlens.fileConnections";

/** Which connection this workspace, or one of its files, uses; ids only. */
export interface ActiveChoice {
  readonly workspace: () => string | undefined;
  readonly file: (uri: string) => string | undefined;
  readonly useInWorkspace: (id: string | undefined) => Promise<void>;
  readonly useInFile: (uri: string, id: string | undefined) => Promise<void>;
  /** The connection is gone: nobody uses it any more. */
  readonly forget: (id: string) => Promise<void>;
}

/** Keeps the choice in the memory of the workspace. */
export function createActiveChoice(memory: Memory): ActiveChoice {
  const workspace = (): string | undefined => {
    const id = memory.get(workspaceKey);
    return typeof id === "string" ? id : undefined;
  };
  const files = (): ReadonlyMap<string, string> => {
    const stored = memory.get(filesKey);
    if (typeof stored !== "object" || stored === null) return new Map();
    return new Map(
      Object.entries(stored).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    );
  };
  const storeFiles = async (
    entries: Iterable<[string, string]>,
  ): Promise<void> => {
    await memory.update(filesKey, Object.fromEntries(entries));
  };
  return {
    workspace,
    file: (uri) => files().get(uri),
    useInWorkspace: async (id) => {
      await memory.update(workspaceKey, id);
    },
    useInFile: async (uri, id) => {
      const others = [...files()].filter(([file]) => file !== uri);
      await storeFiles(id === undefined ? others : [...others, [uri, id]]);
    },
    forget: async (id) => {
      if (workspace() === id) await memory.update(workspaceKey, undefined);
      await storeFiles([...files()].filter(([, used]) => used !== id));
    },
  };
}
