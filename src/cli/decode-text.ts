import { failed, succeeded, type Result } from "../core/result.ts";

const startsWith = (bytes: Buffer, ...marks: readonly number[]): boolean =>
  marks.every((mark, at) => bytes[at] === mark);

/** With gzip. */
export const isPacked = (bytes: Buffer): boolean =>
  startsWith(bytes, 0x1f, 0x8b);

/** Its byte order mark tells UTF-16; Windows programs write it, PowerShell's `>` among them. */
export const isUtf16 = (bytes: Buffer): boolean =>
  startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0xfe, 0xff);

/** Of whole units: half of one is left by a file that was cut. */
function decodeUtf16(bytes: Buffer): string {
  const units = bytes.subarray(2, bytes.length - (bytes.length % 2));
  return startsWith(bytes, 0xff, 0xfe)
    ? units.toString("utf16le")
    : Buffer.from(units).swap16().toString("utf16le");
}

/**
 * The text of a file in UTF-8, or in UTF-16 with its byte order mark, which is left out. Fails with what is wrong and
 * what to do, without a full stop, where there is a NUL: no SQL and no JSON holds one.
 */
export function decodeText(bytes: Buffer): Result<string, string> {
  const text = isUtf16(bytes)
    ? decodeUtf16(bytes)
    : bytes.toString("utf8").replace(/^\uFEFF/, "");
  return text.includes("\0")
    ? failed("it is no text in UTF-8 or UTF-16; save it as UTF-8")
    : succeeded(text);
}
