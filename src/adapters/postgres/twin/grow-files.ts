import { execFile } from "node:child_process";
import {
  chown,
  open,
  readFile,
  stat,
  truncate,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { renderTrunk } from "../../../core/twin/btree-pages.ts";
import {
  blockBytes,
  layOutSegments,
} from "../../../core/twin/relation-file.ts";

/** The files of one relation, below the data folder. */
export interface RelationFile {
  /** pg_relation_filepath. */
  readonly path: string;
  readonly blocks: number;
  /** Levels above the leaves, for a B-tree; undefined for everything else. */
  readonly treeLevel: number | undefined;
}

export interface FilePlace {
  readonly dataFolder: string;
  readonly withChecksums: boolean;
}

async function raiseTree(
  file: string,
  level: number,
  withChecksums: boolean,
): Promise<void> {
  const handle = await open(file, "r+");
  try {
    const meta = new Uint8Array(blockBytes);
    const { bytesRead } = await handle.read(meta, 0, blockBytes, 0);
    if (bytesRead < blockBytes) return;
    const trunk = renderTrunk(meta, level, withChecksums);
    if (trunk !== undefined) await handle.write(trunk, 0, trunk.length, 0);
  } finally {
    await handle.close();
  }
}

/** NTFS keeps holes only in files that are marked. */
async function allowHoles(file: string): Promise<void> {
  if (process.platform !== "win32") return;
  await promisify(execFile)("fsutil", ["sparse", "setflag", file]).catch(
    () => undefined,
  );
}

async function growSegment(
  file: string,
  bytes: number,
  owner: { readonly uid: number; readonly gid: number },
): Promise<void> {
  const present = await stat(file).catch(() => undefined);
  if (present === undefined) {
    await writeFile(file, "", { mode: 0o600 });
    if (process.getuid?.() === 0) await chown(file, owner.uid, owner.gid);
  }
  if ((present?.size ?? 0) >= bytes) return;
  await allowHoles(file);
  await truncate(file, bytes);
}

/**
 * Makes files as long as the source's, with holes that take no disk. Only files that the server has
 * written out may be given. Throws errors of the file system.
 */
export async function growFiles(
  files: readonly RelationFile[],
  place: FilePlace,
): Promise<void> {
  const owner = await stat(place.dataFolder);
  for (const { path: relative, blocks, treeLevel } of files) {
    const file = path.join(place.dataFolder, relative);
    if (treeLevel !== undefined && treeLevel > 0 && blocks > treeLevel + 1)
      await raiseTree(file, treeLevel, place.withChecksums);
    for (const { segment, bytes } of layOutSegments(blocks))
      await growSegment(
        segment === 0 ? file : `${file}.${segment}`,
        bytes,
        owner,
      );
  }
}

/** True when the folder is that of a running server, readable from here. */
export async function isDataFolder(folder: string): Promise<boolean> {
  const version = await readFile(path.join(folder, "PG_VERSION"), "utf8").catch(
    () => "",
  );
  return version.trim() !== "";
}
