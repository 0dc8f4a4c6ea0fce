import { expect, it } from "vitest";
import { escapePattern } from "../../src/core/escape-pattern.ts";

const characters = Array.from("^$\\.*+?()[]{}|/-=!<>:,#&~@ \na");

it.each(["", "u", "i"])(
  "finds every character of a pattern's syntax as itself with the flags '%s'",
  (flags) => {
    for (const character of characters) {
      const found = new RegExp(`^${escapePattern(character)}$`, flags);
      const texts = [...characters, "", "aa"].filter((one) => found.test(one));
      expect(texts).toEqual([character]);
    }
  },
);
