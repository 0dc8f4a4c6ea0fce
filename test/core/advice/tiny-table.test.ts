import { expect, it } from "vitest";
import { isKnownTiny, isTiny } from "../../../src/core/advice/tiny-table.ts";
import type { CatalogTable } from "../../../src/core/catalog.ts";
import { tableOf } from "./samples.ts";

type Size = Partial<CatalogTable>;

it.each<[what: string, size: Size, tiny: boolean, knownTiny: boolean]>([
  ["of 63 pages", { pages: 63 }, true, true],
  ["of 64 pages", { pages: 64 }, false, false],
  ["of 999 wide rows", { pages: 999, estimatedRows: 999 }, true, true],
  ["of 1,000 rows", { pages: 64, estimatedRows: 1000 }, false, false],
  [
    "never counted but with pages",
    { pages: 64, estimatedRows: undefined },
    false,
    false,
  ],
  ["without a size", { pages: 0, estimatedRows: undefined }, true, false],
  ["counted as empty", { pages: 0, estimatedRows: 0 }, true, true],
  [
    "with its rows in its partitions",
    { kind: "partitioned", pages: 0, estimatedRows: 5 },
    false,
    false,
  ],
])("judges a table %s", (_, size, tiny, knownTiny) => {
  const table = tableOf("t", [], size);
  expect([isTiny(table), isKnownTiny(table)]).toEqual([tiny, knownTiny]);
});
