import { expect, it } from "vitest";
import { countParameters } from "../../../src/adapters/postgres/prepare.ts";

/** What is looked at of a statement with a placeholder for each of the numbers. */
const withNumbers = (
  numbers: readonly number[],
): Parameters<typeof countParameters>[0] => ({
  placeholders: numbers.map((number) => ({ number })),
});

it("counts parameters by the highest number, however many places they have", () => {
  expect(countParameters(withNumbers([]))).toBe(0);
  expect(countParameters(withNumbers([3, 1, 3]))).toBe(3);
  const places = Array.from({ length: 300_000 }, (_, at) => (at % 7) + 1);
  expect(countParameters(withNumbers(places))).toBe(7);
});
