import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import type { WorkspaceListing } from "../../../src/core/migrations/migration.ts";

/** `(course_id, created_at DESC)` on public.enrollments. */
export const enrollmentsIndex: IndexDefinition = {
  schema: "public",
  table: "enrollments",
  method: "btree",
  keys: [
    {
      text: "course_id",
      isExpression: false,
      descending: false,
      nulls: undefined,
      operatorClass: undefined,
      role: "equality",
    },
    {
      text: "created_at",
      isExpression: false,
      descending: true,
      nulls: undefined,
      operatorClass: undefined,
      role: "sort",
    },
  ],
  included: [],
  predicate: undefined,
};

/** A listing of exactly these files; empty texts count as not read. */
export function listingOf(
  files: Readonly<Record<string, string>>,
): WorkspaceListing {
  const read = Object.entries(files).filter(([, text]) => text !== "");
  return { paths: Object.keys(files), contents: Object.fromEntries(read) };
}
