import { expect, test } from "vitest";
import { spokenShare } from "../../webview/layout/spoken-share.ts";

test.each([
  [0, "0 percent"],
  [0.004, "less than 1 percent"],
  [0.62, "62 percent"],
  [0.9951, "99.5 percent"],
  [0.9999, "more than 99.9 percent"],
  [1, "100 percent"],
  [0 / 0, undefined],
])("a share of %d is spoken as it is shown: %s", (share, words) => {
  expect(spokenShare(share)).toBe(words);
});
