import { beforeAll, describe, expect, test } from "vitest";
import {
  entryCost,
  estimateWrittenRows,
  upkeepOf,
  writesOf,
  type TableWrites,
  type WrittenTable,
} from "../../../../src/core/advice/workload/upkeep.ts";
import {
  loadSqlParser,
  type SqlParser,
} from "../../../../src/core/sql/parse.ts";
import {
  columnOf,
  existingIndex,
  indexOf,
  keyOf,
  tableOf,
} from "../samples.ts";

const columns = ["id", "paid", "state", "score"].map((name) => columnOf(name));
const primaryKey = existingIndex("btree (id)", { keys: ["id"], primary: true });
const onPaid = existingIndex("btree (paid)", { keys: ["paid"] });

function written(
  writes: readonly Partial<TableWrites>[],
  overrides: Partial<WrittenTable> = {},
  indexes = [primaryKey, onPaid],
): WrittenTable {
  return {
    table: tableOf("users", columns, { indexes }),
    writes: writes.map((one) => ({
      table: "users",
      kind: "update",
      rows: 1,
      assigned: [],
      ...one,
    })),
    counted: undefined,
    serverVersion: 150_000,
    ...overrides,
  };
}

/** Index entries that the writes are priced at. */
const entries = (
  index: Parameters<typeof upkeepOf>[0],
  table: WrittenTable,
): number => upkeepOf(index, table) / entryCost(table.table.estimatedRows ?? 0);

describe("upkeep of an index", () => {
  test("an inserted row is one entry, a deleted row none", () => {
    const index = indexOf(["score"]);
    expect(
      entries(index, written([{ kind: "insert", rows: 500 }])),
    ).toBeCloseTo(500);
    expect(entries(index, written([{ kind: "delete", rows: 500 }]))).toBe(0);
  });

  test("an update of its column ends heap-only updates: an entry in it and in every other index", () => {
    const update = written([{ rows: 100, assigned: ["score"] }]);
    expect(entries(indexOf(["score"]), update)).toBeCloseTo(300);
    const carried = indexOf(["state"], { included: ["score"] });
    expect(entries(carried, update)).toBeCloseTo(300);
    const partial = indexOf(["state"], { predicate: "score > 5" });
    expect(entries(partial, update)).toBeCloseTo(300);
    const expression = indexOf([keyOf("abs(score)", { isExpression: true })]);
    expect(entries(expression, update)).toBeCloseTo(300);
  });

  test("an update of other columns that no index holds costs it nothing", () => {
    const update = written([{ rows: 100, assigned: ["state"] }]);
    expect(entries(indexOf(["score"]), update)).toBe(0);
  });

  test("an update of a column that is indexed already costs each index one entry", () => {
    const update = written([{ rows: 100, assigned: ["paid"] }]);
    expect(entries(indexOf(["score"]), update)).toBeCloseTo(100);
    expect(entries(indexOf(["paid", "score"]), update)).toBeCloseTo(100);
  });

  test("a column is not taken for another whose name holds its name", () => {
    // "id" stands in "paid", but no index is on it here.
    const update = written([{ rows: 100, assigned: ["id"] }], {}, [onPaid]);
    expect(entries(indexOf(["score"]), update)).toBe(0);
    expect(entries(indexOf(["id"]), update)).toBeCloseTo(200);
    const expression = indexOf([keyOf("abs(paid)", { isExpression: true })]);
    expect(entries(expression, update)).toBe(0);
  });

  test("names with signs that mean something in a pattern are names", () => {
    const update = written([{ rows: 1, assigned: ["a.b*("] }]);
    const index = indexOf([keyOf('lower("a.b*(")', { isExpression: true })]);
    expect(entries(index, update)).toBeCloseTo(3);
    expect(entries(indexOf(["score"]), update)).toBe(0);
  });

  test("a block range index leaves updates heap-only from PostgreSQL 16 on, not before", () => {
    const brin = indexOf(["score"], { method: "brin" });
    const update = [{ rows: 100, assigned: ["score"] }];
    expect(
      entries(brin, written(update, { serverVersion: 160_000 })),
    ).toBeCloseTo(100);
    expect(
      entries(brin, written(update, { serverVersion: 150_000 })),
    ).toBeCloseTo(300);
    const withBrin = [
      primaryKey,
      existingIndex("brin (score)", { method: "brin", keys: ["score"] }),
    ];
    const other = indexOf(["state"]);
    expect(
      entries(other, written(update, { serverVersion: 160_000 }, withBrin)),
    ).toBe(0);
    expect(
      entries(other, written(update, { serverVersion: 150_000 }, withBrin)),
    ).toBeCloseTo(100);
  });

  test("where the server has counted how many updates stay heap-only, no more are lost", () => {
    const writes = { inserted: 0, updated: 1000, hotUpdated: 600, deleted: 0 };
    const table = tableOf("users", columns, {
      indexes: [primaryKey, onPaid],
      writes,
    });
    const touched = written([{ rows: 100, assigned: ["score"] }], { table });
    expect(entries(indexOf(["score"]), touched)).toBeCloseTo(220);
    // Full pages make an update put an entry into every index, whatever it sets.
    const untouched = written([{ rows: 100, assigned: ["state"] }], { table });
    expect(entries(indexOf(["score"]), untouched)).toBeCloseTo(40);
  });

  test("counted writes stand in for those that the workload does not hold, without the rows that were loaded once", () => {
    const counted = { inserted: 70, updated: 50, hotUpdated: 20, deleted: 9 };
    const table = tableOf("users", columns, { estimatedRows: 30 });
    const added = written([], { table, counted });
    expect(entries(indexOf(["score"]), added)).toBeCloseTo(40 + 30);
    const loaded = written([], { counted });
    expect(entries(indexOf(["score"]), loaded)).toBeCloseTo(30);
    const unknown = { ...table, estimatedRows: undefined };
    expect(
      entries(indexOf(["score"]), written([], { table: unknown, counted })),
    ).toBeCloseTo(30);
  });

  test("an entry costs more the deeper the tree, and about a page write", () => {
    expect(entryCost(1e9)).toBeGreaterThan(entryCost(1000));
    expect(entryCost(0)).toBeGreaterThan(1);
    expect(entryCost(1e9)).toBeLessThan(1.2);
  });
});

describe("what a statement writes", () => {
  let parser: SqlParser;
  beforeAll(async () => {
    parser = await loadSqlParser();
  });

  const writesIn = (sql: string): TableWrites | undefined => {
    const parsed = parser.parse(sql);
    if (!parsed.ok) throw new Error(sql);
    return writesOf(parsed.value, "t", 10, 3);
  };

  test("rows are calls times rows per call; only UPDATE has columns", () => {
    expect(writesIn("UPDATE t SET a = 1, b = a + 1 WHERE c = 2")).toEqual({
      table: "t",
      kind: "update",
      rows: 30,
      assigned: ["a", "b"],
    });
    expect(writesIn("INSERT INTO t VALUES (1)")).toMatchObject({
      kind: "insert",
      rows: 30,
    });
    expect(writesIn("DELETE FROM t")).toMatchObject({ kind: "delete" });
    expect(
      writesIn(
        "MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN INSERT VALUES (1)",
      ),
    ).toMatchObject({ kind: "insert", rows: 30 });
    expect(writesIn("SELECT 1")).toBeUndefined();
  });

  const planOf = (plans: readonly object[]): unknown => [
    { Plan: { "Node Type": "ModifyTable", "Plan Rows": 0, Plans: plans } },
  ];

  test("the estimate is of the rows that reach the table, not of a subquery beside them", () => {
    expect(
      estimateWrittenRows(
        planOf([
          { "Parent Relationship": "InitPlan", "Plan Rows": 99 },
          { "Parent Relationship": "Outer", "Plan Rows": 42 },
        ]),
      ),
    ).toBe(42);
  });

  test("before 14 a partitioned table's update has a plan for each partition", () => {
    expect(
      estimateWrittenRows(
        planOf([
          { "Parent Relationship": "Member", "Plan Rows": 5 },
          { "Parent Relationship": "Member", "Plan Rows": 7 },
        ]),
      ),
    ).toBe(12);
  });

  test("what is no plan counts as one row", () => {
    expect(estimateWrittenRows(undefined)).toBe(1);
    expect(estimateWrittenRows([{ Plan: {} }])).toBe(1);
  });
});
