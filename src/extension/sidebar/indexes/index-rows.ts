import type {
  IndexUse,
  IndexVerdict,
  JudgedIndex,
} from "../../../core/advice/index-use.ts";
import type { Suggestion } from "../../../core/advice/suggestion.ts";

/** An index that does not exist yet, and where it was suggested. */
export interface SuggestedIndex {
  readonly suggestion: Suggestion;
  readonly from: "workspace" | "statement";
}

/** A row of the view. */
export type IndexRow =
  | { readonly kind: "suggestions" }
  | { readonly kind: "existing" }
  | { readonly kind: "superfluous" }
  | {
      readonly kind: "table";
      readonly schema: string;
      readonly name: string;
    }
  | { readonly kind: "suggested"; readonly suggested: SuggestedIndex }
  | { readonly kind: "index"; readonly judged: JudgedIndex }
  | { readonly kind: "finding"; readonly judged: JudgedIndex };

/** What the rows are made of. */
export interface IndexFacts {
  readonly suggested: readonly SuggestedIndex[];
  readonly judged: readonly JudgedIndex[];
}

const superfluous: ReadonlySet<IndexVerdict["kind"]> = new Set([
  "invalid",
  "redundant",
  "unused",
] as const);

export const isSuperfluous = ({ verdict }: JudgedIndex): boolean =>
  superfluous.has(verdict.kind);

const indexesOf = (
  { judged }: IndexFacts,
  { schema, name }: { readonly schema: string; readonly name: string },
): readonly JudgedIndex[] =>
  judged.filter(({ index }) => index.schema === schema && index.table === name);

function tablesIn({ judged }: IndexFacts): readonly IndexRow[] {
  const tables = new Map<string, IndexRow>();
  for (const { index } of judged)
    tables.set(JSON.stringify([index.schema, index.table]), {
      kind: "table",
      schema: index.schema,
      name: index.table,
    });
  return [...tables.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, row]) => row);
}

/** A group without rows is not there. */
const groupsOf = ({ suggested, judged }: IndexFacts): readonly IndexRow[] => [
  ...(suggested.length > 0 ? [{ kind: "suggestions" } as const] : []),
  ...(judged.some(isSuperfluous) ? [{ kind: "superfluous" } as const] : []),
  ...(judged.length > 0 ? [{ kind: "existing" } as const] : []),
];

const superfluousIn = ({ judged }: IndexFacts): readonly IndexRow[] =>
  judged
    .filter(isSuperfluous)
    .toSorted((one, other) => other.index.sizeBytes - one.index.sizeBytes)
    .map((one) => ({ kind: "finding", judged: one }));

/** Rows under a row, or at the top. */
export function childrenOf(
  facts: IndexFacts,
  row: IndexRow | undefined,
): readonly IndexRow[] {
  switch (row?.kind) {
    case undefined:
      return groupsOf(facts);
    case "suggestions":
      return facts.suggested.map((suggested) => ({
        kind: "suggested",
        suggested,
      }));
    case "superfluous":
      return superfluousIn(facts);
    case "existing":
      return tablesIn(facts);
    case "table":
      return indexesOf(facts, row)
        .toSorted((one, other) => other.index.scans - one.index.scans)
        .map((judged) => ({ kind: "index", judged }));
    case "suggested":
    case "index":
    case "finding":
      return [];
  }
}

/** Tells rows apart over a refresh, so that what is open stays open. */
export function rowId(row: IndexRow): string {
  const ofIndex = ({ schema, name }: IndexUse): string =>
    JSON.stringify([schema, name]);
  switch (row.kind) {
    case "table":
      return `table/${JSON.stringify([row.schema, row.name])}`;
    case "index":
    case "finding":
      return `${row.kind}/${ofIndex(row.judged.index)}`;
    case "suggested": {
      const { suggestion, from } = row.suggested;
      return `suggested/${from}/${JSON.stringify(suggestion.index)}`;
    }
    case "suggestions":
    case "superfluous":
    case "existing":
      return row.kind;
  }
}
