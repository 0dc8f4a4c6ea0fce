import { describe, expect, test } from "vitest";
import type {
  Catalog,
  CatalogIndex,
  CatalogTable,
} from "../../../src/core/catalog.ts";
import {
  findConflicts,
  needsConcurrently,
} from "../../../src/core/migrations/conflicts.ts";
import { enrollmentsIndex, listingOf } from "./samples.ts";

const name = "enrollments_course_id_created_at_idx";

function index(indexName: string, keys: string, valid = true): CatalogIndex {
  return {
    name: indexName,
    method: "btree",
    keys: [],
    descending: [],
    included: [],
    predicate: undefined,
    unique: false,
    primary: false,
    valid,
    definition: `CREATE INDEX ${indexName} ON public.enrollments USING btree (${keys})`,
  };
}

function catalogWith(
  indexes: readonly CatalogIndex[],
  kind: CatalogTable["kind"] = "table",
): Catalog {
  const table: CatalogTable = {
    schema: "public",
    name: "enrollments",
    kind,
    estimatedRows: 100_000,
    pages: 900,
    columns: [],
    indexes,
    foreignKeys: [],
    referencedBy: [],
  };
  return { tables: [table] };
}

const conflicts = (
  catalog: Catalog,
  files: Readonly<Record<string, string>> = {},
): ReturnType<typeof findConflicts> =>
  findConflicts(listingOf(files), catalog, enrollmentsIndex, name);

describe("findConflicts", () => {
  test("finds nothing where nothing is", () => {
    expect(conflicts(catalogWith([]))).toEqual([]);
  });

  test("notices a name that another index has", () => {
    expect(conflicts(catalogWith([index(name, "student_id")]))).toEqual([
      { kind: "nameTaken", name },
    ]);
  });

  test("notices the leftover of a build that broke off", () => {
    expect(
      conflicts(
        catalogWith([index(name, "course_id, created_at DESC", false)]),
      ),
    ).toEqual([{ kind: "invalidLeftover", name }]);
  });

  test("notices the same index under another name, and a wider one", () => {
    expect(
      conflicts(catalogWith([index("old", "course_id, created_at DESC")])),
    ).toEqual([{ kind: "alreadyServed", by: "old", isSame: true }]);
    expect(
      conflicts(catalogWith([index("wide", "course_id, created_at DESC, id")])),
    ).toEqual([{ kind: "alreadyServed", by: "wide", isSame: false }]);
  });

  test("notices a migration file that makes an index of the name, but not in a comment", () => {
    const sql = `CREATE INDEX CONCURRENTLY IF NOT EXISTS "${name}" ON enrollments (a);`;
    expect(
      conflicts(catalogWith([]), { "migrations/0001_a.sql": sql }),
    ).toEqual([
      { kind: "nameInMigration", name, path: "migrations/0001_a.sql" },
    ]);
    expect(
      conflicts(catalogWith([]), { "migrations/0001_a.sql": `-- ${sql}` }),
    ).toEqual([]);
  });

  test("sees that the table is made by a pending migration, where CONCURRENTLY is not needed", () => {
    const files = {
      "migrations/0001_a.sql":
        "create table if not exists public.enrollments (id int);",
    };
    const found = conflicts({ tables: [] }, files);
    expect(found).toEqual([
      {
        kind: "tableInSameSet",
        table: "enrollments",
        path: "migrations/0001_a.sql",
      },
    ]);
    expect(needsConcurrently(found)).toBe(false);
    expect(conflicts(catalogWith([]), files)).toEqual([]);
  });

  test("knows that a partitioned parent refuses CONCURRENTLY", () => {
    const found = conflicts(catalogWith([], "partitioned"));
    expect(found).toEqual([
      { kind: "partitionedParent", table: "enrollments" },
    ]);
    expect(needsConcurrently(found)).toBe(false);
    expect(needsConcurrently([])).toBe(true);
  });
});
