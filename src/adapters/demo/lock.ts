import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { failed, succeeded, type Result } from "../../core/result.ts";

/** More windows than this at once share nothing and start nothing. */
const slots = 4;

export interface Slot {
  /** Ours until `release`. */
  readonly folder: string;
  readonly release: () => Promise<void>;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function take(lock: string): Promise<boolean> {
  try {
    await writeFile(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST")
      return false;
    throw error;
  }
}

async function holderOf(lock: string): Promise<number | undefined> {
  const pid = Number(await readFile(lock, "utf8").catch(() => ""));
  return Number.isInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid)
    ? pid
    : undefined;
}

/**
 * Takes a place of one's own under `folder`: PGlite has one session, so two windows at once get a database each.
 * A lock whose holder is gone is taken over. Fails with the pid of the last holder when all places are taken;
 * throws errors of the file system.
 */
export async function takeSlot(
  folder: string,
): Promise<Result<Slot, { readonly pid: number }>> {
  await mkdir(folder, { recursive: true });
  let last = 0;
  for (let number = 1; number <= slots; number += 1) {
    const lock = path.join(folder, `${number}.lock`);
    const holder = await holderOf(lock);
    if (holder === undefined) {
      await rm(lock, { force: true });
      if (await take(lock)) {
        return succeeded({
          folder: path.join(folder, String(number)),
          release: () => rm(lock, { force: true }),
        });
      }
    } else last = holder;
  }
  return failed({ pid: last });
}
