import type { Page } from "playwright-core";

/** How long to ask for a stored state, and how often. */
export const storedWithin = { timeout: 60_000, interval: 250 };

/** Pages kept by the workbench carry this before the type their extension gave them. */
const typePrefix = "mainThreadWebview-";

/** What the workbench has written of the editors of this folder; undefined before the first time. */
const readEditors = (page: Page): Promise<string | undefined> =>
  page.evaluate(async () => {
    const answer = <Value>(request: IDBRequest<Value>): Promise<Value> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => {
          resolve(request.result);
        };
        request.onerror = () => {
          reject(request.error ?? new Error("the storage did not answer"));
        };
      });
    for (const { name = "" } of await indexedDB.databases()) {
      if (!/^vscode-web-state-db-(?!global)/u.test(name)) continue;
      const storage = await answer(indexedDB.open(name));
      const editors: unknown = await answer(
        storage
          .transaction("ItemTable")
          .objectStore("ItemTable")
          .get("memento/workbench.parts.editor"),
      );
      storage.close();
      if (typeof editors === "string") return editors;
    }
    return undefined;
  });

/** JSON stands in strings of JSON there: every level is opened. */
function open(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/u.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function findState(stored: unknown, viewType: string): unknown {
  const value = open(stored);
  if (typeof value !== "object" || value === null) return undefined;
  if ("viewType" in value && value.viewType === viewType && "state" in value)
    return open(value.state);
  for (const part of Object.values(value)) {
    const found = findState(part, viewType);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The state of a page, by the type its extension opened it with, as the workbench has written it: what a reload starts
 * from. It writes every five seconds when it is idle, later on a busy machine: ask until the answer is the wanted one.
 */
export const storedState = async (page: Page, type: string): Promise<unknown> =>
  findState(await readEditors(page), `${typePrefix}${type}`);
