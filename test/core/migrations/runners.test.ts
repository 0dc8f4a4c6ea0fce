import { english, sayText, type Text } from "../../../src/core/words.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import {
  renderMigration,
  runners,
} from "../../../src/core/migrations/catalogue.ts";
import type {
  MigrationFile,
  MigrationRequest,
  RunnerId,
} from "../../../src/core/migrations/migration.ts";
import { anyCharacter } from "../../support/any-text.ts";
import { enrollmentsIndex, listingOf } from "./samples.ts";

const said = (notes: readonly Text[]): string =>
  notes.map((note) => sayText(note, english)).join(" ");

const now = new Date("2026-03-04T05:06:07.089Z");

function request(overrides: Partial<MigrationRequest> = {}): MigrationRequest {
  return {
    index: enrollmentsIndex,
    name: "enrollments_course_id_created_at_idx",
    folder: "migrations",
    concurrently: true,
    now,
    listing: listingOf({}),
    reason: "Cost 48,210 → 12, proven by HypoPG 1.3.1",
    ...overrides,
  };
}

const filesFor = (
  runner: RunnerId,
  overrides: Partial<MigrationRequest> = {},
): readonly MigrationFile[] =>
  renderMigration(runner, request(overrides)).files;

const header = `-- Cost 48,210 → 12, proven by HypoPG 1.3.1
-- CONCURRENTLY keeps the table writable, and so this file holds one statement and no transaction.
-- If the build breaks off it leaves an INVALID index. Before running this again: DROP INDEX CONCURRENTLY IF EXISTS public.enrollments_course_id_created_at_idx
`;
const create =
  "CREATE INDEX CONCURRENTLY enrollments_course_id_created_at_idx ON public.enrollments (course_id, created_at DESC);";
const drop =
  "DROP INDEX CONCURRENTLY IF EXISTS public.enrollments_course_id_created_at_idx;";
const slug = "add_enrollments_course_id_created_at_idx";

describe("plain SQL files", () => {
  test("hold the header and one statement, numbered after the folder's last file", () => {
    const listing = listingOf({
      "migrations/0007_users.sql": "",
      "migrations/0012_more.sql": "",
    });
    expect(filesFor("plain-sql", { listing })).toEqual([
      { path: `migrations/0013_${slug}.sql`, content: `${header}${create}\n` },
    ]);
  });

  test("keep the folder's separator and its timestamps", () => {
    const listing = listingOf({ "db/20251231235959-users.sql": "" });
    const [file] = filesFor("plain-sql", { listing, folder: "db" });
    expect(file?.path).toBe(`db/20260304050607-${slug}.sql`);
  });

  test("begin with 0001 in an empty folder at the root", () => {
    expect(filesFor("plain-sql", { folder: "" })[0]?.path).toBe(
      `0001_${slug}.sql`,
    );
  });

  test("without CONCURRENTLY say that writers wait", () => {
    const migration = renderMigration(
      "plain-sql",
      request({ concurrently: false }),
    );
    expect(migration.files[0]?.content).toBe(
      "-- Cost 48,210 → 12, proven by HypoPG 1.3.1\n" +
        "CREATE INDEX enrollments_course_id_created_at_idx ON public.enrollments (course_id, created_at DESC);\n",
    );
    expect(said(migration.notes)).toContain("writes to the table wait");
  });
});

describe("golang-migrate", () => {
  test("gets an up and a down file of one statement each, in the folder's sequence", () => {
    const listing = listingOf({
      "migrations/000041_a.up.sql": "",
      "migrations/000041_a.down.sql": "",
    });
    expect(filesFor("golang-migrate", { listing })).toEqual([
      {
        path: `migrations/000042_${slug}.up.sql`,
        content: `${header}${create}\n`,
      },
      { path: `migrations/000042_${slug}.down.sql`, content: `${drop}\n` },
    ]);
  });

  test("follows Unix seconds where the folder counts in them", () => {
    const listing = listingOf({ "migrations/1700000000_a.up.sql": "" });
    expect(filesFor("golang-migrate", { listing })[0]?.path).toBe(
      `migrations/1772600767_${slug}.up.sql`,
    );
  });
});

describe("dbmate", () => {
  test("gets one file whose two sections both turn the transaction off", () => {
    expect(filesFor("dbmate", { folder: "db/migrations" })).toEqual([
      {
        path: `db/migrations/20260304050607_${slug}.sql`,
        content: `-- migrate:up transaction:false\n${header}${create}\n\n-- migrate:down transaction:false\n${drop}\n`,
      },
    ]);
  });

  test("keeps the transaction without CONCURRENTLY", () => {
    const [file] = filesFor("dbmate", { concurrently: false });
    expect(file?.content).not.toContain("transaction:false");
  });
});

describe("Flyway", () => {
  test("gets a sidecar that turns off the transaction and the transactional lock", () => {
    const folder = "src/main/resources/db/migration";
    const listing = listingOf({
      [`${folder}/V9__a.sql`]: "",
      [`${folder}/V10__b.sql`]: "",
    });
    expect(filesFor("flyway", { folder, listing })).toEqual([
      { path: `${folder}/V11__${slug}.sql`, content: `${header}${create}\n` },
      {
        path: `${folder}/V11__${slug}.sql.conf`,
        content:
          "executeInTransaction=false\nflyway.postgresql.transactional.lock=false\n",
      },
    ]);
  });

  test.each([
    [["V1.9__a.sql", "V1.10__b.sql"], "V1.11"],
    [["V2_04__a.sql"], "V2_05"],
    [["V20251231235959__a.sql"], "V20260304050607"],
    [["V20251231_235959__a.sql"], "V20260304_050607"],
    [["V007__a.sql"], "V008"],
    [[], "V1"],
  ])("after %j comes %s", (names, version) => {
    const listing = listingOf(
      Object.fromEntries(names.map((name) => [`migrations/${name}`, ""])),
    );
    expect(filesFor("flyway", { listing })[0]?.path).toBe(
      `migrations/${version}__${slug}.sql`,
    );
  });

  test("needs no sidecar without CONCURRENTLY", () => {
    expect(filesFor("flyway", { concurrently: false })).toHaveLength(1);
  });
});

describe("Prisma", () => {
  test("gets a folder with migration.sql, later than the last one even when the clock is behind", () => {
    const folder = "prisma/migrations";
    const listing = listingOf({
      [`${folder}/20270101000000_x/migration.sql`]: "",
    });
    expect(filesFor("prisma", { folder, listing })).toEqual([
      {
        path: `${folder}/20270101000001_${slug}/migration.sql`,
        content: `${header}${create}\n`,
      },
    ]);
  });

  test("is told that schema.prisma has to name the index too", () => {
    expect(said(renderMigration("prisma", request()).notes)).toContain(
      "schema.prisma",
    );
  });
});

describe("node-pg-migrate", () => {
  test("gets CommonJS by default, outside a transaction both ways", () => {
    expect(filesFor("node-pg-migrate")).toEqual([
      {
        path: `migrations/1772600767089_${slug}.js`,
        content: `${header.replaceAll("-- ", "// ")}
exports.shorthands = undefined;

exports.up = (pgm) => {
  pgm.noTransaction();
  pgm.sql(\`${create}\`);
};

exports.down = (pgm) => {
  pgm.noTransaction();
  pgm.sql(\`${drop}\`);
};
`,
      },
    ]);
  });

  test("follows the folder's TypeScript, 17-digit UTC and separator", () => {
    const listing = listingOf({ "migrations/20251231235959123_a.ts": "" });
    const [file] = filesFor("node-pg-migrate", { listing });
    expect(file?.path).toBe(`migrations/20260304050607089_${slug}.ts`);
    expect(file?.content).toContain(
      'import type { MigrationBuilder } from "node-pg-migrate";',
    );
    expect(file?.content).toContain(
      "export async function up(pgm: MigrationBuilder): Promise<void> {",
    );
  });

  test("writes a module where a sibling or package.json says so", () => {
    const sibling = listingOf({
      "migrations/1700000000000_a.js": "export const up = () => {};",
    });
    const manifest = listingOf({ "package.json": '{ "type": "module" }' });
    for (const listing of [sibling, manifest])
      expect(filesFor("node-pg-migrate", { listing })[0]?.content).toContain(
        "export const up = (pgm) => {",
      );
  });

  test("keeps backticks, backslashes and dollar braces of the statement as they are", () => {
    const key = { text: "note || '`${x}\\'", isExpression: true };
    const index: IndexDefinition = {
      ...enrollmentsIndex,
      keys: [
        {
          ...key,
          role: "equality",
          descending: false,
          nulls: undefined,
          operatorClass: undefined,
        },
      ],
    };
    const [file] = filesFor("node-pg-migrate", { index });
    expect(file?.content).toContain("'\\`\\${x}\\\\'");
  });
});

describe("every runner", () => {
  const hostile = fc
    .string({ unit: anyCharacter, minLength: 1, maxLength: 20 })
    .filter((text) => !text.includes("\0"));

  test("writes its statement on one line, whatever the reason says", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...runners),
        fc.string({ unit: anyCharacter }),
        (runner, reason) => {
          const [file] = runner.render(request({ reason })).files;
          const lines = (file?.content ?? "").split(/\r\n|[\n\r\u2028\u2029]/);
          const code = lines
            .filter((line) => !/^(?:--|\/\/)/.test(line))
            .join("\n");
          expect(code.match(/CREATE INDEX/g)).toHaveLength(1);
          expect(code).toContain(create);
        },
      ),
    );
  });

  test("never puts a semicolon into a comment", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...runners),
        fc.string(),
        (runner, reason) => {
          for (const { content } of runner.render(request({ reason })).files)
            for (const line of content
              .split("\n")
              .filter((text) => /^(?:--|\/\/)/.test(text)))
              expect(line).not.toContain(";");
        },
      ),
    );
  });

  test("names files inside the folder, without characters that a file system refuses", () => {
    fc.assert(
      fc.property(fc.constantFrom(...runners), hostile, (runner, name) => {
        for (const { path } of runner.render(request({ name })).files)
          expect(path).toMatch(/^migrations\/[A-Za-z0-9._/-]+$/);
      }),
    );
  });

  test("gives the same files for the same request", () => {
    for (const runner of runners)
      expect(runner.render(request())).toEqual(runner.render(request()));
  });
});
