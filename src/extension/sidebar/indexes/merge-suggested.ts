import { renderCreateIndex } from "../../../core/advice/render-ddl.ts";
import type {
  IndexDefinition,
  Suggestion,
} from "../../../core/advice/suggestion.ts";
import type { SuggestedIndex } from "./index-rows.ts";

/** The same whatever its columns are for in this statement or that. */
const ddlOf = (index: IndexDefinition): string =>
  renderCreateIndex(index, "", { concurrently: false });

export const isSameIndex = (
  one: IndexDefinition,
  other: IndexDefinition,
): boolean => ddlOf(one) === ddlOf(other);

/** What was advised for the workspace, then what was suggested for single statements; the same index once. */
export function mergeSuggested(
  advised: readonly Suggestion[],
  single: readonly Suggestion[],
): readonly SuggestedIndex[] {
  const known = new Set(advised.map(({ index }) => ddlOf(index)));
  return [
    ...advised.map((suggestion) => ({
      suggestion,
      from: "workspace" as const,
    })),
    ...single
      .filter(({ index }) => !known.has(ddlOf(index)))
      .map((suggestion) => ({ suggestion, from: "statement" as const })),
  ];
}
