import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseArray, renderArray } from "../../../src/core/twin/array-text.ts";
import {
  parseDependencies,
  parseDistinct,
} from "../../../src/core/twin/extended-text.ts";
import { nameTexts } from "../../../src/core/twin/redact.ts";
import { layOutSegments } from "../../../src/core/twin/relation-file.ts";
import { estimateLevel } from "../../../src/core/twin/btree-pages.ts";

describe("an array as PostgreSQL writes it", () => {
  it.each([
    ["{}", []],
    ["{1,2.5,-3}", ["1", "2.5", "-3"]],
    ['{a,"b c","d,e",NULL,"NULL"}', ["a", "b c", "d,e", null, "NULL"]],
    ['{"say \\"hi\\"","back\\\\slash"}', ['say "hi"', "back\\slash"]],
    ['{"{x,y}","{z}"}', ["{x,y}", "{z}"]],
    ['{""}', [""]],
  ])("%s has its items", (text, items) => {
    expect(parseArray(text)).toEqual(items);
  });

  it("that is none has no items", () => {
    for (const text of ["", "x", "{a", "a}", '{"a}', "{a}b"])
      expect(parseArray(text)).toBeUndefined();
  });

  it("is read back whatever its items are", () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.string())), (items) => {
        expect(parseArray(renderArray(items))).toEqual(items);
      }),
    );
  });
});

describe("words in place of texts", () => {
  it("keep their order, tell equal from unequal, and are as long where the rank has room", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ maxLength: 12 })), (texts) => {
        const words = [...nameTexts(texts).values()];
        expect(words).toEqual([...words].sort());
        expect(new Set(words).size).toBe(texts.length);
        const width = Math.ceil(
          Math.log(Math.max(2, texts.length)) / Math.log(26),
        );
        for (const [text, word] of nameTexts(texts)) {
          expect(word.length).toBe(Math.max(width, Array.from(text).length));
          expect(word).toMatch(/^[a-z]+$/);
        }
      }),
    );
  });
});

describe("extended statistics as the views print them", () => {
  it("keep counts by position, columns first, then expressions", () => {
    expect(parseDistinct('{"2, 5": 500, "2, -1": 7}', [2, 5])).toEqual([
      { keys: [0, 1], count: 500 },
      { keys: [0, 2], count: 7 },
    ]);
  });

  it("get back the fraction of sampled rows that six digits were printed of", () => {
    const [one] = parseDependencies('{"1 => 3": 0.333300}', [1, 3], 1_000_000);
    expect(one).toEqual({ keys: [0, 1], degree: 9999 / 30_000 });
    const [small] = parseDependencies('{"1 => 3": 0.142857}', [1, 3], 7);
    expect(small?.degree).toBe(1 / 7);
  });
});

describe("the files of a relation", () => {
  it("are segments of 131072 blocks, all full but the last", () => {
    expect(layOutSegments(0)).toEqual([{ segment: 0, bytes: 0 }]);
    expect(layOutSegments(131_072)).toEqual([
      { segment: 0, bytes: 1_073_741_824 },
    ]);
    expect(layOutSegments(131_073)).toEqual([
      { segment: 0, bytes: 1_073_741_824 },
      { segment: 1, bytes: 8192 },
    ]);
  });
});

describe("the height of a B-tree", () => {
  // Heights of indexes built on an int column by PostgreSQL 15, read with pageinspect.
  it.each([
    [2, 0],
    [5, 1],
    [276, 1],
    [2745, 2],
    [27_422, 2],
  ])(
    "of %i blocks of integers has %i levels above the leaves",
    (blocks, level) => {
      expect(estimateLevel(blocks, 4)).toBe(level);
    },
  );
});
