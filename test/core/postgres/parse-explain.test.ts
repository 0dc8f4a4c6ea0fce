import { english, sayText, type Text } from "../../../src/core/words.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OperatorKind, Plan } from "../../../src/core/plan/plan.ts";
import { renderPlanText } from "../../../src/core/plan/render-text.ts";
import { walk } from "../../../src/core/plan/walk.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { goldenPlans, readGolden } from "../plan/golden.ts";

const said = (notes: readonly Text[]): string =>
  notes.map((note) => sayText(note, english)).join(" ");

/** Checked by the compiler to be every kind there is. */
const everyKind: Readonly<Record<OperatorKind, true>> = {
  seqScan: true,
  sampleScan: true,
  indexScan: true,
  indexOnlyScan: true,
  bitmapIndexScan: true,
  bitmapHeapScan: true,
  bitmapAnd: true,
  bitmapOr: true,
  tidScan: true,
  subqueryScan: true,
  functionScan: true,
  tableFunctionScan: true,
  valuesScan: true,
  cteScan: true,
  workTableScan: true,
  namedTuplestoreScan: true,
  foreignScan: true,
  customScan: true,
  nestedLoop: true,
  hashJoin: true,
  mergeJoin: true,
  hash: true,
  sort: true,
  incrementalSort: true,
  aggregate: true,
  group: true,
  windowAgg: true,
  unique: true,
  setOp: true,
  limit: true,
  lockRows: true,
  materialize: true,
  memoize: true,
  append: true,
  mergeAppend: true,
  recursiveUnion: true,
  gather: true,
  gatherMerge: true,
  result: true,
  projectSet: true,
  modifyTable: true,
  other: true,
};

/**
 * No statement brings these about: custom scans come from extensions that no server here has (a test below reads one
 * as their documentation has it), the other from operators nobody has written yet.
 */
const unprovoked: ReadonlySet<string> = new Set(["customScan", "other"]);

function parsed(json: unknown): Plan {
  const plan = parseExplain(json);
  if (!plan.ok) throw new Error(sayText(plan.error.detail, english));
  return plan.value;
}

describe("golden plans", () => {
  it("have every operator that SQL can provoke", () => {
    const seen = new Set(
      goldenPlans.flatMap(({ plan }) =>
        [...walk(plan)].map(({ kind }) => kind),
      ),
    );
    const missing = Object.keys(everyKind).filter(
      (kind) => !unprovoked.has(kind) && !seen.has(kind as OperatorKind),
    );
    expect(missing).toEqual([]);
  });

  it("come from each version, 13 to 18", () => {
    expect(
      [...new Set(goldenPlans.map(({ major }) => major))].toSorted(),
    ).toEqual([13, 14, 15, 16, 17, 18]);
  });

  it.each(goldenPlans)(
    "$name: nothing unknown, nothing lost",
    ({ plan, json }) => {
      expect(plan.notes).toEqual([]);
      expect(plan.analyzed).toBe(true);
      expect(plan.source).toBe(json);
      for (const node of walk(plan)) {
        expect(node.kind).not.toBe("other");
        expect(node.estimate).toBeDefined();
        expect(node.actual).toBeDefined();
      }
    },
  );
});

describe("around the plan", () => {
  const { json, plan } = readGolden("seq-scan", 15);
  const top = (json as readonly unknown[])[0];
  it.each([
    ["an object", top],
    ["a list", [top]],
    ["a string", JSON.stringify(json)],
    ["a row of the driver", [{ "QUERY PLAN": json }]],
    ["a row with text", [{ "QUERY PLAN": JSON.stringify(json) }]],
    ["auto_explain", { "Query Text": "SELECT 1", ...(top as object) }],
  ])("%s is unwrapped", (_, wrapped) => {
    expect({ ...parsed(wrapped), source: undefined }).toEqual({
      ...plan,
      source: undefined,
    });
  });

  it("keeps planning and execution time, settings and triggers", () => {
    const value = parsed({
      Plan: { "Node Type": "Result", "Total Cost": 1 },
      "Planning Time": 0.5,
      "Execution Time": 2,
      Settings: { work_mem: "64kB" },
      "Query Identifier": -123,
      Triggers: [
        {
          "Trigger Name": "t",
          "Constraint Name": "c",
          Relation: "r",
          Time: 3,
          Calls: 4,
        },
      ],
    });
    expect(value).toMatchObject({
      planningMs: 0.5,
      executionMs: 2,
      settings: { work_mem: "64kB" },
      queryIdentifier: "-123",
      triggers: [{ name: "c", relation: "r", totalMs: 3, calls: 4 }],
    });
  });
});

/** Negative zero, which a text does not hold, becomes zero. */
const printable = fc
  .jsonValue()
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe("damaged or hostile input", () => {
  it.each([
    undefined,
    null,
    1,
    "",
    "no json",
    "[]",
    [],
    {},
    { Plan: 1 },
    [[[[[[[[]]]]]]]],
    { Plan: [] },
  ])("%j is refused with a reason", (json) => {
    const plan = parseExplain(json);
    expect(plan.ok).toBe(false);
    if (!plan.ok) expect(sayText(plan.error.detail, english)).toMatch(/\.$/u);
  });

  it("an extension's scan is named by its provider, and what it adds stays visible", () => {
    const plan = parsed({
      Plan: {
        "Node Type": "Custom Scan",
        "Custom Plan Provider": "ColumnarScan",
        "Relation Name": "readings",
        Alias: "readings",
        "Total Cost": 5,
        "Columnar Chunk Groups Removed by Filter": 3,
      },
    });
    expect(plan.root).toMatchObject({
      kind: "customScan",
      operator: "Custom Scan (ColumnarScan)",
      relation: { name: "readings" },
      fields: { "Columnar Chunk Groups Removed by Filter": 3 },
    });
    expect(plan.notes).toEqual([]);
    expect(renderPlanText(plan)).toContain(
      "\n  Columnar Chunk Groups Removed by Filter: 3",
    );
  });

  it("what is sent to another server stays visible", () => {
    const plan = parsed({
      Plan: {
        "Node Type": "ModifyTable",
        Operation: "Insert",
        "Relation Name": "grades",
        "Total Cost": 5,
        "Remote SQL": "INSERT INTO public.grades(id) VALUES ($1)",
        "Batch Size": 1,
        Surprise: 2,
      },
    });
    expect(said(plan.notes)).toMatch(/^Field "Surprise"[^"]*$/u);
    expect(renderPlanText(plan).split("\n").slice(1)).toEqual([
      "  Remote SQL: INSERT INTO public.grades(id) VALUES ($1)",
      "  Batch Size: 1",
    ]);
  });

  it("an operator of tomorrow stays visible, with its fields, and is noted", () => {
    const plan = parsed({
      Plan: { "Node Type": "Quantum Scan", "Total Cost": 5, Qubits: 7 },
    });
    expect(plan.root).toMatchObject({
      kind: "other",
      operator: "Quantum Scan",
      fields: { Qubits: 7 },
    });
    expect(said(plan.notes)).toMatch(/Quantum Scan.*Qubits/u);
  });

  it("missing keys degrade: no name, no cost, children that are no objects", () => {
    const plan = parsed({
      Plan: { Plans: [1, { "Node Type": "Seq Scan" }, null] },
      Surprise: 1,
    });
    expect(plan.root.operator).toBe("Unknown operator");
    expect(plan.root.children.map(({ operator }) => operator)).toEqual([
      "Seq Scan",
    ]);
    expect(plan.root.estimate).toBeUndefined();
    expect(plan.notes).toHaveLength(5);
  });

  it("numbers that are none, or negative, are not believed", () => {
    const plan = parsed({
      Plan: {
        "Node Type": "Seq Scan",
        "Total Cost": -4,
        "Actual Loops": "NaN",
        "Plan Rows": "12",
      },
    });
    expect(plan.root.estimate).toBeUndefined();
    expect(plan.root.actual).toBeUndefined();
  });

  it("a plan that contains itself ends, and says so", () => {
    const root: Record<string, unknown> = {
      "Node Type": "Result",
      "Total Cost": 1,
    };
    root["Plans"] = [root];
    expect(said(parsed({ Plan: root }).notes)).toContain(
      "more than 100000 operators",
    );
  });

  it("never throws, whatever JSON comes, and reads the same after printing", () => {
    fc.assert(
      fc.property(printable, (value) => {
        const plan = parseExplain({ Plan: value });
        if (!plan.ok) return;
        expect(parsed(JSON.stringify({ Plan: value })).root).toEqual(
          plan.value.root,
        );
        expect(renderPlanText(plan.value)).toBeTypeOf("string");
      }),
      { numRuns: 500 },
    );
  });
});
