import { describe, expect, it } from "vitest";
import {
  formatBytes,
  formatChange,
  formatCost,
  formatCount,
  formatFactor,
  formatMs,
  formatShare,
} from "../../src/core/format.ts";

describe("numbers as people read them", () => {
  it.each([
    [9120, "9,120"],
    [48_210, "48.2k"],
    [182_345, "182k"],
    [1_213_000, "1.21 M"],
    [3_400_000_000, "3.40 G"],
    [999_999, "1.00 M"],
    [12_345e9, "12300 G"],
    [1e15, "1.00E15"],
    [1e300, "1.00E300"],
    [0, "0"],
    [0.43, "0.43"],
    [12.3, "12"],
    [undefined, "–"],
    [Number.NaN, "–"],
  ])("count %s is %s", (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it.each([
    [0.02, "<0.1 ms"],
    [4.2, "4.2 ms"],
    [892.4, "892 ms"],
    [4820, "4.82 s"],
    [59_999, "1 min"],
    [17 * 60_000, "17 min"],
    [0, "0 ms"],
    [undefined, "–"],
    [7 * 3_600_000, "7.0 h"],
  ])("%s milliseconds are %s", (value, text) => {
    expect(formatMs(value)).toBe(text);
  });

  it.each([
    [247 * 1024 * 1024, "247 MB"],
    [1.59 * 1024 ** 3, "1.59 GB"],
    [512, "512 B"],
    [undefined, "–"],
  ])("%s bytes are %s", (value, text) => {
    expect(formatBytes(value)).toBe(text);
  });

  it.each([
    [182_000, 3_912, "182k → 3.9k (−98 %)"],
    [48_210, 12, "48.2k → 12 (−99.9 %)"],
    [13_100, 0.93, "13.1k → 0.93 (−99.9 %)"],
    [100, 150, "100 → 150 (+50 %)"],
    [100, 100, "100 → 100 (±0 %)"],
    [undefined, 5, "– → 5"],
  ])("from %s to %s is %s", (before, after, text) => {
    expect(formatChange(before, after)).toBe(text);
  });

  it("shares, of which only the whole is called 100 %, factors and cost", () => {
    expect([0, 0.004, 0.62].map((share) => formatShare(share))).toEqual([
      "0 %",
      "<1 %",
      "62 %",
    ]);
    expect(
      [0.99, 0.9951, 0.999, 0.9991, 1 - 1e-10, 1 - 1e-15, 1].map((share) =>
        formatShare(share),
      ),
    ).toEqual([
      "99 %",
      "99.5 %",
      "99.9 %",
      ">99.9 %",
      ">99.9 %",
      "100 %",
      "100 %",
    ]);
    expect(
      [2, 3.25, 25.4, 12_345].map((factor) => formatFactor(factor)),
    ).toEqual(["2×", "3.3×", "25×", "12.3k×"]);
    expect(formatCost(12)).toBe("12");
  });
});
