import { expect, test } from "vitest";
import { renderCalibrationText } from "../../src/cli/calibration-report.ts";
import type { PromiseEntry } from "../../src/core/advice/calibration/entry.ts";

const promise: PromiseEntry = {
  kind: "promise",
  id: "1",
  at: "2026-10-01T08:00:00.000Z",
  connection: "localhost/app",
  server: "15.4",
  fingerprint: "f",
  statement: "DELETE FROM users WHERE id = ?",
  schema: "public",
  table: "visits",
  ddl: "CREATE INDEX visits_user_idx ON public.visits (user_id)",
  name: "visits_user_idx",
  proof: "heuristic",
  costBefore: undefined,
  costAfter: undefined,
  sizeBytes: undefined,
  shape: [],
  parameters: "none",
  tableRows: undefined,
};

const promisedLine = (figures: Partial<PromiseEntry>): string | undefined =>
  renderCalibrationText([
    { promise: { ...promise, ...figures }, outcome: undefined },
  ])
    .split("\n")
    .find((line) => line.startsWith("  promised"));

test("the log of promises tells the figures that were promised and no others", () => {
  expect(promisedLine({})).toBe("  promised  no figures (heuristic)");
  expect(promisedLine({ sizeBytes: 8192 })).toBe(
    "  promised  8.00 kB (heuristic)",
  );
  expect(
    promisedLine({
      proof: "planner",
      costBefore: 500,
      costAfter: 50,
      sizeBytes: 8192,
    }),
  ).toBe("  promised  cost 500 → 50, 8.00 kB (proven by the planner)");
});
