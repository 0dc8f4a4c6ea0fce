import { describe, expect, test } from "vitest";
import {
  adviseUsage,
  parseAdviseArguments,
  parseBytes,
  parseDuration,
  type AdviseArguments,
} from "../../src/cli/advise/arguments.ts";

function read(...args: string[]): AdviseArguments {
  const parsed = parseAdviseArguments(args);
  if (!parsed.ok) throw new Error(parsed.error);
  if (parsed.value === "help") throw new Error("help");
  return parsed.value;
}

function refusal(...args: string[]): string {
  const parsed = parseAdviseArguments(args);
  return parsed.ok ? "" : parsed.error;
}

describe("the command line of planlens advise", () => {
  test.each([
    ["336MB", 336e6],
    ["1GiB", 2 ** 30],
    ["1.5 gb", 1.5e9],
    ["800kB", 800_000],
    ["8192", 8192],
    ["0", 0],
  ])("reads %s as %d bytes", (text, bytes) => {
    expect(parseBytes(text)).toBe(bytes);
    expect(read("--budget", text).budgetBytes).toBe(bytes);
  });

  test.each(["", "much", "-5MB", "5 parsecs", "1e9", "1,5GB", "MB", "NaN"])(
    "refuses %o as a budget, and says what one looks like",
    (text) => {
      expect(parseBytes(text)).toBeUndefined();
      expect(refusal(`--budget=${text}`)).toMatch(/--budget is a size/);
    },
  );

  test.each([
    ["60s", 60_000],
    ["500ms", 500],
    ["2min", 120_000],
    ["1.5h", 5_400_000],
    ["7", 7000],
  ])("reads %s as %d milliseconds", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
    expect(read("--time-limit", text).timeLimitMs).toBe(ms);
  });

  test("refuses a time that is none", () => {
    expect(refusal("--time-limit=soon")).toMatch(/--time-limit is a time/);
    expect(refusal("--time-limit=-3s")).toMatch(/--time-limit is a time/);
  });

  test("takes one source, and the connection of the environment without any", () => {
    expect(read("a.sql").source).toEqual({
      kind: "connection",
      url: undefined,
    });
    expect(read("--bundle", "b.json.gz").source).toEqual({
      kind: "bundle",
      file: "b.json.gz",
    });
    expect(read("--demo").source).toEqual({ kind: "demo" });
    expect(refusal("--demo", "--bundle", "b")).toMatch(/takes one of/);
    expect(refusal("--connection", "u", "--bundle", "b")).toMatch(
      /takes one of/,
    );
  });

  test("HypoPG's sizes come from HypoPG alone", () => {
    expect(read("--sizes", "hypopg").proof).toBe("hypopg");
    expect(refusal("--sizes=hypopg", "--proof=twin")).toMatch(/needs HypoPG/);
  });

  test.each([
    ["--format=yaml", /--format is text, json, sql, markdown/],
    ["--proof=belief", /--proof is/],
    ["--sizes=large", /--sizes is/],
    ["--max-columns=0", /--max-columns is a number from 1 to 32/],
    ["--max-columns=33", /--max-columns is a number from 1 to 32/],
    ["--max-explains=-1", /--max-explains is a number/],
    ["--formatt=text", /formatt/],
  ])("refuses %s in a sentence", (argument, sentence) => {
    expect(refusal(argument)).toMatch(sentence);
  });

  test("what was not asked for is as the help says", () => {
    expect(read("a.sql")).toMatchObject({
      files: ["a.sql"],
      fromStatements: false,
      budgetBytes: undefined,
      sizes: "model",
      proof: "auto",
      maximumColumns: 3,
      mayInclude: true,
      timeLimitMs: 60_000,
      maximumPlannings: undefined,
      format: "text",
      allQueries: false,
      server: undefined,
    });
    expect(read("--no-include").mayInclude).toBe(false);
    expect(parseAdviseArguments(["--help"])).toEqual({
      ok: true,
      value: "help",
    });
    expect(adviseUsage).toMatch(/--time-limit/);
  });
});
