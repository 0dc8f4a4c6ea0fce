import { expect, test } from "vitest";
import { earnsIncluded } from "../../../src/core/advice/settle-included.ts";

test("carried columns have to save a sixth, or half of a cheap statement", () => {
  expect(earnsIncluded({ without: 5000, bare: 1000, covering: 800 })).toBe(
    true,
  );
  expect(earnsIncluded({ without: 5000, bare: 1000, covering: 850 })).toBe(
    false,
  );
  expect(earnsIncluded({ without: 5000, bare: 60, covering: 20 })).toBe(true);
  expect(earnsIncluded({ without: 5000, bare: 60, covering: 35 })).toBe(false);
});

test("an index that only pays by what it carries has to save much", () => {
  expect(earnsIncluded({ without: 130, bare: 130, covering: 5 })).toBe(false);
  expect(earnsIncluded({ without: 130, bare: 90, covering: 5 })).toBe(true);
  expect(earnsIncluded({ without: 3000, bare: 3000, covering: 900 })).toBe(
    true,
  );
});
