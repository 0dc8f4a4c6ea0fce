import type { ColumnRole } from "./statement.ts";

/** Roles of a column in a condition, the selective ones first. */
export const conditionRoles: readonly ColumnRole[] = [
  "equality",
  "range",
  "join",
  "prefixLike",
  "leadingWildcardLike",
  "inequality",
  "isNull",
  "isNotNull",
  "containment",
  "textSearch",
];
