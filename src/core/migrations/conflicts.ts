import { findCoverage } from "../advice/cover.ts";
import type { IndexDefinition } from "../advice/suggestion.ts";
import { escapePattern } from "../escape-pattern.ts";
import type { Catalog } from "../catalog.ts";
import type { WorkspaceListing } from "./migration.ts";

/** What stands against writing the migration as asked. */
export type Conflict =
  /** A relation of that name is in the schema already. */
  | { readonly kind: "nameTaken"; readonly name: string }
  /** A migration file creates an index of that name, perhaps not applied yet. */
  | {
      readonly kind: "nameInMigration";
      readonly name: string;
      readonly path: string;
    }
  /** An index of the catalog already does the work. */
  | {
      readonly kind: "alreadyServed";
      readonly by: string;
      readonly isSame: boolean;
    }
  /** An INVALID index of that name is left from a build that broke off. */
  | { readonly kind: "invalidLeftover"; readonly name: string }
  /** The table is made by a file not applied yet: it is empty then, and CONCURRENTLY is not needed. */
  | {
      readonly kind: "tableInSameSet";
      readonly table: string;
      readonly path: string;
    }
  /** CONCURRENTLY is refused on a partitioned parent. */
  | { readonly kind: "partitionedParent"; readonly table: string };

const withoutComments = (sql: string): string =>
  sql.replaceAll(/--[^\n]*/g, "").replaceAll(/\/\*[\s\S]*?\*\//g, "");

const identifier = (name: string): string =>
  `(?:"${escapePattern(name.replaceAll('"', '""'))}"|${escapePattern(name)})`;

function mentions(
  listing: WorkspaceListing,
  pattern: RegExp,
): string | undefined {
  return Object.entries(listing.contents).find(([, text]) =>
    pattern.test(withoutComments(text)),
  )?.[0];
}

function createsIndex(name: string): RegExp {
  return new RegExp(
    String.raw`\bcreate\s+(?:unique\s+)?index\s+(?:concurrently\s+)?(?:if\s+not\s+exists\s+)?${identifier(name)}(?![\w"$])`,
    "i",
  );
}

function createsTable(index: IndexDefinition): RegExp {
  const schema = String.raw`(?:${identifier(index.schema)}\s*\.\s*)?`;
  return new RegExp(
    String.raw`\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?${schema}${identifier(index.table)}(?![\w"$])`,
    "i",
  );
}

function catalogConflicts(
  catalog: Catalog,
  index: IndexDefinition,
  name: string,
): readonly Conflict[] {
  const inSchema = catalog.tables.filter(
    (table) => table.schema === index.schema,
  );
  const target = inSchema.find((table) => table.name === index.table);
  const conflicts: Conflict[] = [];
  const coverage = findCoverage(index, target?.indexes ?? []);
  if (coverage !== undefined) {
    const isSame = coverage.kind === "exists";
    conflicts.push({ kind: "alreadyServed", by: coverage.index.name, isSame });
  }
  const namesake = inSchema
    .flatMap((table) => table.indexes)
    .find((other) => other.name === name);
  if (namesake?.valid === false)
    conflicts.push({ kind: "invalidLeftover", name });
  else if (
    namesake !== undefined ||
    inSchema.some((table) => table.name === name)
  )
    conflicts.push({ kind: "nameTaken", name });
  if (target?.kind === "partitioned")
    conflicts.push({ kind: "partitionedParent", table: index.table });
  return conflicts;
}

/**
 * What is in the way of creating `index` under `name`: relations of the catalog and files of the
 * workspace whose contents the listing holds. Empty when nothing is.
 */
export function findConflicts(
  listing: WorkspaceListing,
  catalog: Catalog,
  index: IndexDefinition,
  name: string,
): readonly Conflict[] {
  const conflicts = [...catalogConflicts(catalog, index, name)];
  const namedIn = mentions(listing, createsIndex(name));
  if (namedIn !== undefined)
    conflicts.push({ kind: "nameInMigration", name, path: namedIn });
  const isKnown = catalog.tables.some(
    (table) => table.schema === index.schema && table.name === index.table,
  );
  const madeIn = isKnown ? undefined : mentions(listing, createsTable(index));
  if (madeIn !== undefined)
    conflicts.push({
      kind: "tableInSameSet",
      table: index.table,
      path: madeIn,
    });
  return conflicts;
}

/** Whether the index may and should be built concurrently, given what was found. */
export function needsConcurrently(conflicts: readonly Conflict[]): boolean {
  return !conflicts.some(
    (conflict) =>
      conflict.kind === "tableInSameSet" ||
      conflict.kind === "partitionedParent",
  );
}
