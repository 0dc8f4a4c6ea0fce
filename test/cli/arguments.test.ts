import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { parseCommandLine } from "../../src/cli/arguments.ts";

test("explain reads its files and every option", () => {
  expect(
    parseCommandLine([
      "explain",
      "a.sql",
      "-",
      "--connection",
      "postgresql://h/d",
      "--format",
      "json",
      "--summary",
      "--no-advise",
      "--prove-by-building",
    ]),
  ).toEqual({
    ok: true,
    value: {
      kind: "explain",
      arguments: {
        files: ["a.sql", "-"],
        connection: "postgresql://h/d",
        format: "json",
        summary: true,
        advise: false,
        proveByBuilding: true,
        twin: true,
      },
    },
  });
});

test("explain advises, prints text and builds nothing unless told", () => {
  expect(parseCommandLine(["explain", "a.sql"])).toMatchObject({
    value: {
      arguments: {
        connection: undefined,
        format: "text",
        summary: false,
        advise: true,
        proveByBuilding: false,
      },
    },
  });
});

test.each([
  [[]],
  [["explain"]],
  [["run", "a.sql"]],
  [["explain", "a.sql", "--format", "xml"]],
  [["explain", "a.sql", "--unknown"]],
  [["explain", "a.sql", "--connection"]],
])("a wrong command line is told in words: %j", (args) => {
  const parsed = parseCommandLine(args);
  expect(parsed.ok).toBe(false);
});

test.each([
  ["--help", "help"],
  ["-h", "help"],
  ["--version", "version"],
])("%s asks for the %s", (flag, kind) => {
  expect(parseCommandLine([flag])).toEqual({ ok: true, value: { kind } });
});

test("the command line tells the version of the package", () => {
  const root = path.resolve(import.meta.dirname, "../..");
  const manifest = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  ) as { readonly version: string };
  expect(readFileSync(path.join(root, "src/cli/version.ts"), "utf8")).toContain(
    `"${manifest.version}"`,
  );
});
