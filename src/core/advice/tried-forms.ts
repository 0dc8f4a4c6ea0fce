import type { Candidate } from "./candidates.ts";
import { foldedForm } from "./folded-forms.ts";
import type { IndexDefinition } from "./suggestion.ts";

/**
 * What is made to try a candidate, at least one. HypoPG knows no index on a partitioned table, but one on each of its
 * parts plans the same; and it takes constants in expressions as they are written.
 */
export function triedForms(
  { index, table }: Candidate,
  kind: "hypopg" | "twin" | "build" | "none",
): readonly IndexDefinition[] {
  if (kind !== "hypopg") return [index];
  const folded = foldedForm(index, table);
  const forms = folded === undefined ? [index] : [index, folded];
  if (table.kind !== "partitioned") return forms;
  return (table.children ?? []).flatMap(({ schema, name }) =>
    forms.map((form) => ({ ...form, schema, table: name })),
  );
}
