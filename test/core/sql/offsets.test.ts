import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readOffsets } from "../../../src/core/sql/offsets.ts";

const text = fc.string({
  unit: fc.constantFrom("a", "é", "漢", "🙂", "\n", " "),
});

describe("offsets", () => {
  it("turn UTF-8 bytes into UTF-16 units as an encoder counts them", () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const offsets = readOffsets(left + right);
        const byte = new TextEncoder().encode(left).length;
        expect(offsets.fromByte(byte)).toBe(left.length);
        expect(offsets.toByte(left.length)).toBe(byte);
      }),
    );
  });

  it("turn code points into UTF-16 units", () => {
    fc.assert(
      fc.property(text, text, (left, right) => {
        const offsets = readOffsets(left + right);
        expect(offsets.fromCodePoint(Array.from(left).length)).toBe(
          left.length,
        );
      }),
    );
  });

  it("give the start of a character for a byte inside it", () => {
    expect(readOffsets("a🙂b").fromByte(3)).toBe(1);
  });

  it("clamp what lies beyond the text", () => {
    expect(readOffsets("abc").fromByte(9)).toBe(3);
    expect(readOffsets("é").fromByte(9)).toBe(1);
    expect(readOffsets("é").fromCodePoint(9)).toBe(1);
  });
});
