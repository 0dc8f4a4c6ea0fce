import { inflateRawSync } from "node:zlib";

/** The files of a ZIP archive by name; folders are left out. Reads stored and deflated entries below 4 GB. */
export function readZip(archive: Buffer): ReadonlyMap<string, Buffer> {
  const end = archive.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  if (end === -1) throw new Error("not a ZIP archive");
  const files = new Map<string, Buffer>();
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left -= 1) {
    const nameLength = archive.readUInt16LE(at + 28);
    const name = archive.toString("utf8", at + 46, at + 46 + nameLength);
    const local = archive.readUInt32LE(at + 42);
    // The local header's lengths may differ from those of the central directory.
    const start =
      local +
      30 +
      archive.readUInt16LE(local + 26) +
      archive.readUInt16LE(local + 28);
    const packed = archive.subarray(
      start,
      start + archive.readUInt32LE(at + 20),
    );
    const stored = archive.readUInt16LE(at + 10) === 0;
    if (!name.endsWith("/"))
      files.set(name, stored ? packed : inflateRawSync(packed));
    at +=
      46 +
      nameLength +
      archive.readUInt16LE(at + 30) +
      archive.readUInt16LE(at + 32);
  }
  return files;
}
