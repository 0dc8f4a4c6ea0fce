import { describe, expect, it } from "vitest";
import { parseTwinArguments } from "../../src/cli/twin/arguments.ts";

const problem = (...args: readonly string[]): string => {
  const parsed = parseTwinArguments(args);
  return parsed.ok ? "" : parsed.error;
};

describe("planlens twin", () => {
  it("export takes schemas, columns to leave out, and the wish to hash", () => {
    expect(
      parseTwinArguments([
        "export",
        "--connection",
        "postgres://h/d",
        "--schema",
        "a",
        "--schema",
        "b",
        "--leave-out",
        "t.c",
        "--leave-out",
        "s.t.c",
        "--hash-text",
      ]),
    ).toEqual({
      ok: true,
      value: {
        kind: "export",
        connection: "postgres://h/d",
        schemas: ["a", "b"],
        leaveOut: [
          { schema: undefined, table: "t", column: "c" },
          { schema: "s", table: "t", column: "c" },
        ],
        hashText: true,
        withStatements: false,
      },
    });
  });

  it("build takes a bundle, a server and files", () => {
    expect(
      parseTwinArguments([
        "build",
        "--bundle",
        "b.gz",
        "--server",
        "15",
        "q.sql",
      ]),
    ).toMatchObject({
      ok: true,
      value: {
        kind: "build",
        bundle: "b.gz",
        server: "15",
        files: ["q.sql"],
        advise: true,
        serve: false,
      },
    });
  });

  it("says what is wrong", () => {
    expect(problem()).toMatch(/export or build/);
    expect(problem("sell")).toMatch(/export or build/);
    expect(problem("export", "--leave-out", "column")).toMatch(/TABLE\.COLUMN/);
    expect(problem("export", "file")).toMatch(/standard output/);
    expect(problem("export", "--server", "15")).toMatch(
      /--server does not belong to twin export/,
    );
    expect(problem("build", "--hash-text")).toMatch(
      /--hash-text does not belong to twin build/,
    );
    expect(problem("build", "--bundle", "b", "--connection", "c")).toMatch(
      /not both/,
    );
    expect(problem("build", "--format", "xml")).toMatch(/text or json/);
    expect(problem("build", "--nonsense")).toMatch(/nonsense/);
  });
});
