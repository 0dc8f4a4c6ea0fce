import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCalibrationLog } from "../../../src/adapters/calibration/log-file.ts";
import type { PromiseEntry } from "../../../src/core/advice/calibration/entry.ts";

const promiseOf = (id: string): PromiseEntry => ({
  kind: "promise",
  id,
  at: "2026-01-01T00:00:00Z",
  connection: "shop",
  server: "18",
  fingerprint: id,
  statement: "SELECT ?",
  schema: "public",
  table: "t",
  ddl: "CREATE INDEX i ON public.t (a)",
  name: "i",
  proof: "planner",
  costBefore: 2,
  costAfter: 1,
  sizeBytes: 8192,
  shape: [],
  parameters: "none",
  tableRows: 1,
});

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "planlens-calibration-"));
  file = path.join(folder, "deep", "calibration.jsonl");
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const idsIn = async (log = openCalibrationLog(file)): Promise<string[]> =>
  (await log.read()).map(({ id }) => id);

test("a log that is not there yet is empty, and its folder is made with the first entry", async () => {
  const log = openCalibrationLog(file);
  expect(await log.read()).toEqual([]);
  await log.add(() => [promiseOf("1")]);
  expect(await log.read()).toEqual([promiseOf("1")]);
  expect(readdirSync(path.dirname(file))).toEqual(["calibration.jsonl"]);
});

test("what another process has written is seen, and a log that was deleted is empty", async () => {
  const log = openCalibrationLog(file);
  await openCalibrationLog(file).add(() => [promiseOf("1")]);
  expect(await idsIn(log)).toEqual(["1"]);
  await openCalibrationLog(file).add(() => [promiseOf("2")]);
  expect(await idsIn(log)).toEqual(["1", "2"]);
  expect(await log.read()).toBe(await log.read());
  rmSync(file);
  expect(await idsIn(log)).toEqual([]);
});

test("only its owner may read it", async () => {
  await openCalibrationLog(file).add(() => [promiseOf("1")]);
  if (process.platform !== "win32")
    expect(statSync(file).mode & 0o777).toBe(0o600);
});

test("a line cut off by a crash is lost alone", async () => {
  const log = openCalibrationLog(file);
  await log.add(() => [promiseOf("1"), promiseOf("2")]);
  truncateSync(file, statSync(file).size - 40);
  await log.add(() => [promiseOf("3")]);
  expect(await idsIn()).toEqual(["1", "3"]);
});

test("a file of garbage is survived, and stays readable after", async () => {
  const log = openCalibrationLog(file);
  await log.add(() => [promiseOf("1")]);
  writeFileSync(file, Buffer.from([0xff, 0x00, 0x0a, 0x7b, 0xfe]));
  expect(await log.read()).toEqual([]);
  await log.add(() => [promiseOf("2")]);
  expect(await idsIn()).toEqual(["2"]);
});

test("writers at the same time lose nothing and mix no lines", async () => {
  const writers = Array.from({ length: 8 }, (_, writer) =>
    (async () => {
      const log = openCalibrationLog(file);
      for (let at = 0; at < 12; at += 1)
        await log.add(() => [promiseOf(`${writer}-${at}`)]);
    })(),
  );
  await Promise.all(writers);
  const ids = await idsIn();
  expect(new Set(ids).size).toBe(96);
  expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(96);
});

test("what is chosen from the entries is chosen with nobody writing in between", async () => {
  const once = (): Promise<void> =>
    openCalibrationLog(file).add((entries) =>
      entries.some(({ id }) => id === "only") ? [] : [promiseOf("only")],
    );
  await Promise.all(Array.from({ length: 6 }, once));
  expect(await idsIn()).toEqual(["only"]);
});

test("the file stays within its bound, and keeps the newest", async () => {
  const log = openCalibrationLog(file, 6_000);
  for (let at = 0; at < 60; at += 1) {
    await log.add(() => [promiseOf(String(at))]);
    expect(statSync(file).size).toBeLessThanOrEqual(6_000);
  }
  const ids = await idsIn(log);
  expect(ids.at(-1)).toBe("59");
  expect(ids.length).toBeGreaterThan(4);
  expect(ids).toEqual([...ids].sort((a, b) => Number(a) - Number(b)));
});

test("a lock that a dead process left is broken", async () => {
  const log = openCalibrationLog(file);
  await log.add(() => [promiseOf("1")]);
  writeFileSync(`${file}.lock`, "");
  const old = new Date(Date.now() - 60_000);
  utimesSync(`${file}.lock`, old, old);
  await log.add(() => [promiseOf("2")]);
  expect(await idsIn()).toEqual(["1", "2"]);
});
