import { expect, it } from "vitest";
import { countParameters } from "../../../src/adapters/postgres/prepare.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";

/** A statement with a placeholder for each of the numbers; nothing else of it is looked at. */
const withNumbers = (numbers: readonly number[]): ParsedStatement =>
  ({
    placeholders: numbers.map((number) => ({ number })),
  }) as unknown as ParsedStatement;

it("counts parameters by the highest number, however many places they have", () => {
  expect(countParameters(withNumbers([]))).toBe(0);
  expect(countParameters(withNumbers([3, 1, 3]))).toBe(3);
  const places = Array.from({ length: 300_000 }, (_, at) => (at % 7) + 1);
  expect(countParameters(withNumbers(places))).toBe(7);
});
