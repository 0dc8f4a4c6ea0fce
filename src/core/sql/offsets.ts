/**
 * The one place that turns offsets into each other. PostgreSQL's parser counts
 * UTF-8 bytes in its tree and code points in its errors; VS Code counts UTF-16
 * units.
 */
export interface TextOffsets {
  /** UTF-8 byte offset to UTF-16 unit; an offset inside a character gives its start. */
  readonly fromByte: (byte: number) => number;
  /** Code point offset to UTF-16 unit. */
  readonly fromCodePoint: (codePoint: number) => number;
  readonly toByte: (unit: number) => number;
}

const utf8Length = (codePoint: number): number => {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  return codePoint < 0x10000 ? 3 : 4;
};

const identity: TextOffsets = {
  fromByte: (byte) => byte,
  fromCodePoint: (codePoint) => codePoint,
  toByte: (unit) => unit,
};

/** Index of the last element that is ≤ value. */
function lastAtOrBelow(sorted: Uint32Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Offsets beyond the text are clamped to its end. */
export function readOffsets(text: string): TextOffsets {
  // A text of ASCII alone counts the same in all three.
  if (/^[\t\n\r\f\v -~]*$/.test(text)) return clamp(identity, text.length);
  const units: number[] = [];
  const bytes: number[] = [];
  let unit = 0;
  let byte = 0;
  for (const character of text) {
    units.push(unit);
    bytes.push(byte);
    unit += character.length;
    byte += utf8Length(character.codePointAt(0) ?? 0);
  }
  const unitAt = Uint32Array.from([...units, unit]);
  const byteAt = Uint32Array.from([...bytes, byte]);
  const at = (table: Uint32Array, index: number): number =>
    table[Math.max(0, Math.min(index, table.length - 1))] ?? 0;
  return {
    fromByte: (value) => at(unitAt, lastAtOrBelow(byteAt, value)),
    fromCodePoint: (value) => at(unitAt, value),
    toByte: (value) => at(byteAt, lastAtOrBelow(unitAt, value)),
  };
}

function clamp(offsets: TextOffsets, length: number): TextOffsets {
  const limit = (value: number): number => Math.max(0, Math.min(value, length));
  return {
    fromByte: (byte) => limit(offsets.fromByte(byte)),
    fromCodePoint: (codePoint) => limit(offsets.fromCodePoint(codePoint)),
    toByte: (unit) => limit(offsets.toByte(unit)),
  };
}
