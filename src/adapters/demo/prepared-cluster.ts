import { mkdirSync, writeFileSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { detailOf } from "./failure-reason.ts";

const unpack = promisify(brotliDecompress);

/** A path from the data folder with its length in bytes, or without one: a folder, named before what lies in it. */
type Entry = readonly [string] | readonly [string, number];

/** Written by tools/prepare-cluster.mjs: a line with the entries as JSON, then all contents one after the other. */
function write(content: Buffer, folder: string): void {
  const lineEnd = content.indexOf("\n");
  const entries = JSON.parse(
    content.toString("utf8", 0, lineEnd),
  ) as readonly Entry[];
  mkdirSync(folder, { recursive: true });
  let at = lineEnd + 1;
  for (const [name, length] of entries) {
    const to = path.join(folder, name);
    if (length === undefined) mkdirSync(to);
    else {
      writeFileSync(to, content.subarray(at, at + length));
      at += length;
    }
  }
}

const isThere = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

/** What was written before it turned out to be damaged is left behind. */
export type Layout =
  | { readonly kind: "done" | "none" }
  | { readonly kind: "damaged"; readonly reason: string };

/**
 * Lays out a cluster as initdb leaves it, where `dataFolder` has none and the assets bring one: initdb takes four
 * seconds, this a tenth of one. Does not throw.
 */
export async function layOutCluster(
  dataFolder: string,
  assets: string,
): Promise<Layout> {
  const packed = path.join(assets, "pglite", "cluster.br");
  if (await isThere(path.join(dataFolder, "PG_VERSION")))
    return { kind: "none" };
  if (!(await isThere(packed))) return { kind: "none" };
  try {
    write(await unpack(await readFile(packed)), dataFolder);
    return { kind: "done" };
  } catch (error) {
    return { kind: "damaged", reason: detailOf(error) };
  }
}
