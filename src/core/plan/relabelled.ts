import type { CatalogColumn } from "../catalog.ts";

/** varchar to text is a relabelling that an index sees through. */
export const isRelabelled = (
  column: Pick<CatalogColumn, "type">,
  castTo: string,
): boolean =>
  /^(?:character varying|varchar)/u.test(column.type) && castTo === "text";
