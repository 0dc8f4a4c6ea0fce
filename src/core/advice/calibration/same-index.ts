import type { CatalogIndex } from "../../catalog.ts";
import { readIndex, type ReadIndex } from "../why-not/read-index.ts";
import type { PromiseEntry } from "./entry.ts";
import { redactLiterals } from "./redact.ts";

/** The server adds casts and parentheses to what was written. */
const bare = (text: string): string =>
  redactLiterals(text)
    .replaceAll(/::\s*"?[a-z][a-z0-9_ ]*"?(?:\[\])?/giu, "")
    .replaceAll(/[\s()"]/gu, "")
    .toLowerCase();

const identityOf = (index: ReadIndex): string =>
  JSON.stringify([
    index.method,
    index.keys.map((key) => [
      bare(key.text),
      key.collation ?? "",
      key.operatorClass ?? "",
      key.descending,
      key.nullsFirst,
    ]),
    [...index.included].sort(),
    bare(index.predicate ?? ""),
  ]);

function identify(ddl: string): string | undefined {
  const index = readIndex(ddl);
  return index.ok ? identityOf(index.value) : undefined;
}

/** The valid index that was promised, whatever it was called when it was built. */
export function findPromised(
  promise: Pick<PromiseEntry, "ddl">,
  indexes: readonly CatalogIndex[],
): CatalogIndex | undefined {
  const wanted = identify(promise.ddl);
  return wanted === undefined
    ? undefined
    : indexes.find(
        ({ valid, definition }) => valid && identify(definition) === wanted,
      );
}
