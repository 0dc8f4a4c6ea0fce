import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  cutQueries,
  cutSteps,
  readAssets,
} from "../../../src/adapters/demo/assets.ts";
import { takeSlot } from "../../../src/adapters/demo/lock.ts";
import { isDemoMessage } from "../../../src/adapters/demo/messages.ts";
import {
  createDraws,
  planWorkload,
  WorkloadError,
} from "../../../src/adapters/demo/workload.ts";

const demoFolder = path.resolve(import.meta.dirname, "../../../demo");

describe("the demo's assets", () => {
  it("are cut at their marks", () => {
    expect(
      cutSteps(
        "preface\n-- step: one\nSELECT 1;\n-- step: two\nSELECT 2;\n",
      ).map(({ name }) => name),
    ).toEqual(["one", "two"]);
    expect(
      cutQueries(
        "-- A topic.\n\n-- name: first\n-- Why.\nSELECT 1\n  FROM t;\n\n-- name: second\nSELECT 2;\n",
      ),
    ).toEqual([
      { name: "first", sql: "SELECT 1\n  FROM t" },
      { name: "second", sql: "SELECT 2" },
    ]);
  });

  it("hold a workload in which every query exists, drawn the same every time", async () => {
    const assets = await readAssets(demoFolder);
    const calls = planWorkload(assets.workload, assets.queries, "full");
    expect(calls.length).toBeGreaterThan(200);
    expect(calls).toEqual(
      planWorkload(assets.workload, assets.queries, "full"),
    );
    expect(
      planWorkload(assets.workload, assets.queries, "short").length,
    ).toBeLessThan(calls.length / 3);
    for (const { sql, values } of calls)
      expect(sql.includes("$1")).toBe(values.length === 1);
  });

  it("change their fingerprint with their content", async () => {
    const before = await readAssets(demoFolder);
    const again = await readAssets(demoFolder);
    expect(before.fingerprint).toBe(again.fingerprint);
    expect(before.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe("a workload", () => {
  it("draws numbers within their range", () => {
    const draw = createDraws(7);
    const drawn = Array.from({ length: 1000 }, () => draw(10));
    expect(Math.min(...drawn)).toBe(0);
    expect(Math.max(...drawn)).toBe(9);
  });

  it("refuses a query that does not exist and a value without a rule", () => {
    const queries = new Map([["known", "SELECT $1"]]);
    expect(() =>
      planWorkload(
        { replay: [], once: ["unknown"], heavy: [] },
        queries,
        "full",
      ),
    ).toThrow(WorkloadError);
    expect(() =>
      planWorkload(
        {
          replay: [{ query: "known", times: 1, values: [7] }],
          once: [],
          heavy: [],
        },
        queries,
        "full",
      ),
    ).toThrow(WorkloadError);
  });
});

describe("a message of the demo's process", () => {
  it("is told from anything else", () => {
    expect(isDemoMessage({ kind: "ready", port: 5 })).toBe(true);
    expect(
      [null, "ready", { kind: "other" }, undefined].map(isDemoMessage),
    ).toEqual([false, false, false, false]);
  });
});

describe("a slot of the demo's folder", () => {
  it("is another one while the first is taken by a living process, and free again after a crash", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "planlens-slot-"));
    try {
      // The parent of this test run lives; no process has the highest number.
      await writeFile(path.join(folder, "1.lock"), String(process.ppid));
      await writeFile(path.join(folder, "2.lock"), "99999999");
      const slot = await takeSlot(folder);
      expect(slot.ok && path.basename(slot.value.folder)).toBe("2");
      expect(await readFile(path.join(folder, "2.lock"), "utf8")).toBe(
        String(process.pid),
      );
      if (slot.ok) await slot.value.release();
      await expect(
        readFile(path.join(folder, "2.lock"), "utf8"),
      ).rejects.toThrow("ENOENT");
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it("cannot be had when all are taken", async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "planlens-slot-"));
    try {
      for (const number of [1, 2, 3, 4])
        await writeFile(
          path.join(folder, `${number}.lock`),
          String(process.ppid),
        );
      expect(await takeSlot(folder)).toEqual({
        ok: false,
        error: { pid: process.ppid },
      });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
