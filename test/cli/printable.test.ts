import { expect, test } from "vitest";
import { bundleRemarks } from "../../src/cli/twin/remark-lines.ts";
import { printable } from "../../src/cli/printable.ts";
import { oneLine } from "../../src/cli/report.ts";
import { emptyBundle } from "../support/empty-bundle.ts";

test("what would steer a terminal is shown, not done; lines, tabs and letters stay", () => {
  expect(printable("a\u001B[2Jb\u001B]0;title\u0007c\u009B1md\u007F")).toBe(
    "a\uFFFD[2Jb\uFFFD]0;title\uFFFDc\uFFFD1md\uFFFD",
  );
  expect(printable("over\rwritten")).toBe("over\uFFFDwritten");
  expect(printable("größer\t≥ 1\r\nüber 2\n")).toBe("größer\t≥ 1\r\nüber 2\n");
});

test("remarks and titles of a bundle are sentences, whoever wrote them", () => {
  const bundle = {
    ...emptyBundle,
    remarks: [
      "\u001B]52;c;cm0=\u0007gone",
      { template: "Table {0} is left out.", values: ["\u001B[31mred"] },
    ],
  };
  expect(bundleRemarks(bundle).join("\n")).not.toMatch(/[\u0007\u001B]/u);
  expect(oneLine("SELECT \u001B[8m1", 70)).toBe("SELECT \uFFFD[8m1");
});
