import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readStatements } from "../../src/cli/sql-files.ts";
import { readFileBundle } from "../../src/cli/twin/read-file-bundle.ts";
import { renderBundle } from "../../src/core/twin/read-bundle.ts";
import { emptyBundle } from "../support/empty-bundle.ts";

const sql = "SELECT 'ä€𝄞';\n";

const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  "UTF-8": (text) => Buffer.from(text),
  "UTF-8 with a byte order mark": (text) => Buffer.from(`\uFEFF${text}`),
  "little-endian UTF-16": (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  "big-endian UTF-16": (text) =>
    Buffer.from(`\uFEFF${text}`, "utf16le").swap16(),
};

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "planlens-files-"));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, bytes: Buffer): string {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
}

describe("SQL files", () => {
  test.each(Object.entries(encodings))("are read in %s", async (_, encode) => {
    const read = await readStatements([write("work.sql", encode(sql))]);
    expect(read).toMatchObject({
      ok: true,
      value: { statements: [{ line: 1, column: 1, text: "SELECT 'ä€𝄞'" }] },
    });
  });

  test("in anything else say what is wrong and what to do", async () => {
    const file = write("work.sql", Buffer.from(sql, "utf16le"));
    expect(await readStatements([file])).toEqual({
      ok: false,
      error: `${file} cannot be read: it is no text in UTF-8 or UTF-16; save it as UTF-8.`,
    });
  });

  test("that are a bundle say where a bundle goes", async () => {
    const file = write("campus.json.gz", gzipSync(renderBundle(emptyBundle)));
    expect(await readStatements([file])).toEqual({
      ok: false,
      error: `${file} cannot be read: it is packed, as a statistics bundle is, which is given with --bundle.`,
    });
  });
});

describe("a bundle", () => {
  const complaintOn = async (name: string, bytes: Buffer): Promise<string> => {
    const file = write(name, bytes);
    const read = await readFileBundle(file);
    if (read.ok) return "";
    expect(read.error.code).toBe(2);
    expect(read.error.sentence.startsWith(`${file}: `)).toBe(true);
    return read.error.sentence.slice(file.length + 2);
  };

  test.each(Object.entries(encodings))(
    "that was unpacked is read in %s",
    async (_, encode) => {
      const file = write("campus.json", encode(renderBundle(emptyBundle)));
      expect(await readFileBundle(file)).toEqual({
        ok: true,
        value: emptyBundle,
      });
    },
  );

  test.each(Object.entries(encodings))(
    "that is a SQL file in %s says what was expected and where SQL goes",
    async (_, encode) => {
      expect(await complaintOn("work.sql", encode(sql))).toBe(
        "This is not a statistics bundle. Make one with: planlens twin export. SQL files are named without --bundle.",
      );
    },
  );

  test("that a shell has rewritten as UTF-16 says so", async () => {
    const packed = gzipSync(renderBundle(emptyBundle)).toString("latin1");
    expect(
      await complaintOn(
        "campus.json.gz",
        Buffer.from(`\uFEFF${packed}`, "utf16le"),
      ),
    ).toMatch(/rewritten as UTF-16 text, as PowerShell's > does\. Export/);
  });

  test("that is no text at all says so", async () => {
    expect(await complaintOn("campus.json", Buffer.from([1, 0, 2]))).toBe(
      "The bundle is cut short or damaged. Export it again.",
    );
  });
});
