import type { Candidate } from "./candidates.ts";
import { foldedForm } from "./folded-forms.ts";
import type { IndexDefinition } from "./suggestion.ts";

/**
 * What is made to try a candidate, at least one. HypoPG knows no index on a partitioned table, and plans name those of
 * the parts, which plan the same. HypoPG takes constants in expressions as they are written.
 */
export function triedForms(
  { index, table }: Candidate,
  kind: "hypopg" | "twin" | "build" | "none",
): readonly IndexDefinition[] {
  const folded = kind === "hypopg" ? foldedForm(index, table) : undefined;
  const forms = folded === undefined ? [index] : [index, folded];
  const children = table.kind === "partitioned" ? (table.children ?? []) : [];
  if (children.length === 0) return forms;
  return children.flatMap(({ schema, name }) =>
    forms.map((form) => ({ ...form, schema, table: name })),
  );
}
