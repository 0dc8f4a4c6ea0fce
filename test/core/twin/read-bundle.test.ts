import { describe, expect, it } from "vitest";
import type { Bundle } from "../../../src/core/twin/bundle.ts";
import {
  describeBundleProblem,
  readBundle,
  renderBundle,
} from "../../../src/core/twin/read-bundle.ts";

const bundle: Bundle = {
  server: { versionNumber: 160_009, versionText: "16.9" },
  locale: { encoding: "UTF8", collate: "C", ctype: "C", provider: "libc" },
  settings: { work_mem: "4096" },
  extensions: [],
  ddl: [{ what: "table public.t", sql: "CREATE TABLE public.t (a int)" }],
  relations: [
    {
      schema: "public",
      name: "t",
      pages: 3,
      rows: 100,
      allVisiblePages: 3,
      blocks: 4,
    },
  ],
  columns: [
    {
      schema: "public",
      relation: "t",
      column: "a",
      inherited: false,
      nullFraction: 0.25,
      averageBytes: 4,
      distinctValues: -1,
      slots: [{ kind: 2, values: "{1,50,100}" }],
    },
  ],
  extended: [],
  queries: [],
  remarks: [
    "Something is missing.",
    { template: "{0} is missing.", values: ["public.t"] },
  ],
};

/** Why the text is refused, in words. */
function refusal(text: string): string {
  const read = readBundle(text);
  if (read.ok) throw new Error("it was read");
  return describeBundleProblem(read.error);
}

/** The bundle with another content and the check that fits it. */
const withContent = (content: object): string =>
  renderBundle({ ...bundle, ...content });

describe("a statistics bundle", () => {
  it("is read as it was written", () => {
    expect(readBundle(renderBundle(bundle))).toEqual({
      ok: true,
      value: bundle,
    });
  });

  it("is read when somebody has laid it out anew", () => {
    const laidOut = JSON.stringify(
      JSON.parse(renderBundle(bundle)),
      undefined,
      2,
    );
    expect(readBundle(laidOut)).toEqual({ ok: true, value: bundle });
  });

  it.each([1e300, -1])(
    "whose query was called %s times is refused",
    (calls) => {
      const queries = [{ name: "1", sql: "SELECT 1", counted: true, calls }];
      expect(refusal(withContent({ queries }))).toContain("queries[0].calls");
    },
  );

  it("that was cut short says so", () => {
    expect(refusal(renderBundle(bundle).slice(0, -40))).toMatch(/cut short/);
  });

  it("that was changed by hand says so", () => {
    expect(
      refusal(renderBundle(bundle).replace('"rows":100', '"rows":101')),
    ).toMatch(/changed/);
  });

  it("of a newer format says which version is needed", () => {
    expect(refusal(withContent({ version: 9 }))).toMatch(/version 9.*Update/);
  });

  it("that is something else is named", () => {
    expect(refusal("[1, 2]")).toMatch(/not a statistics bundle/);
    expect(refusal("SELECT 1;")).toMatch(/not a statistics bundle/);
    expect(refusal('{"format":"holiday pictures"}')).toMatch(
      /holiday pictures/,
    );
    expect(refusal("{}")).toMatch(/planlens twin export/);
  });

  it.each([
    [
      { relations: [{ ...bundle.relations[0], blocks: -1 }] },
      /relations\[0\]\.blocks/,
    ],
    [{ relations: [{ ...bundle.relations[0], blocks: 1e12 }] }, /whole number/],
    [{ relations: "none" }, /relations should be a list/],
    [{ ddl: [{ what: "x", sql: "a\0b" }] }, /ddl\[0\]\.sql should be a text/],
    [{ settings: { work_mem: 4 } }, /settings\.work_mem/],
    [{ locale: { ...bundle.locale, provider: "magic" } }, /libc, icu, builtin/],
    [{ remarks: [{ template: 1, values: [] }] }, /remarks\[0\]\.template/],
    [{ server: null }, /server should be an object/],
  ])("with a wrong field names the field: %j", (content, words) => {
    expect(refusal(withContent(content))).toMatch(words);
  });
});

describe("a benchmark bundle", () => {
  const benchmark = {
    format: "benchmark statistics bundle 1",
    source: "15.18 (Debian 15.18-0+deb12u1)",
    settings: { work_mem: "65536" },
    ddl: ["create table nation (n_name character(25) not null)"],
    relations: [
      {
        name: "nation",
        kind: "r",
        relpages: 1,
        reltuples: 25,
        relallvisible: 1,
        blocks: 1,
      },
      {
        name: "nation_pkey",
        kind: "i",
        relpages: 2,
        reltuples: 25,
        relallvisible: 0,
        blocks: 2,
      },
    ],
    slots: [
      {
        relname: "nation",
        attname: "n_name",
        stainherit: false,
        stanullfrac: 0,
        stawidth: 26,
        stadistinct: -1,
        stakind1: 2,
        op1: "<|character|character",
        coll1: "default",
        n1: null,
        v1: "{A,B}",
        stakind2: 3,
        op2: "<|character|character",
        coll2: "default",
        n2: "{0.9}",
        v2: null,
        stakind4: 0,
        stakind5: 0,
        stakind3: 0,
        op3: null,
        coll3: null,
        n3: null,
        v3: null,
      },
    ],
    queries: [{ name: "q1", counted: true, sql: "select 1" }],
  };

  it("is read too: tables of schema public, slots with their operators, queries with their mark", () => {
    const read = readBundle(JSON.stringify(benchmark));
    if (!read.ok) throw new Error(describeBundleProblem(read.error));
    expect(read.value.server.versionNumber).toBe(150_018);
    expect(read.value.relations.map(({ name }) => name)).toEqual(["nation"]);
    expect(read.value.columns[0]?.slots).toEqual([
      {
        kind: 2,
        operator: "pg_catalog.<(character,character)",
        collation: 'pg_catalog."default"',
        values: "{A,B}",
      },
      {
        kind: 3,
        operator: "pg_catalog.<(character,character)",
        collation: 'pg_catalog."default"',
        numbers: "{0.9}",
      },
    ]);
    expect(read.value.queries).toEqual(benchmark.queries);
  });
});
