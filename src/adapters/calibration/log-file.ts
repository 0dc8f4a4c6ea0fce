import {
  appendFile,
  mkdir,
  open,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import path from "node:path";
import type { CalibrationLog } from "../../app/calibration.ts";
import {
  pairUp,
  type CalibrationEntry,
} from "../../core/advice/calibration/entry.ts";
import {
  countUnreadable,
  readLines,
  renderLine,
} from "../../core/advice/calibration/log-lines.ts";

/** About a thousand promises with their outcomes; a year of advice. */
const maximumBytes = 1_000_000;

/** A writer holds the file for milliseconds; a lock this old was left by one that died. */
const staleLockMs = 5_000;
const patienceMs = 10_000;
const pauseMs = 15;

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "code" in error ? error.code : undefined;

const wait = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms);
  });

async function tryLock(lock: string): Promise<boolean> {
  try {
    await (await open(lock, "wx")).close();
    return true;
  } catch (error) {
    // Windows refuses a name whose file is being deleted.
    if (codeOf(error) !== "EEXIST" && codeOf(error) !== "EPERM") throw error;
    return false;
  }
}

async function breakStale(lock: string): Promise<void> {
  const age = await stat(lock).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  );
  if (age > staleLockMs) await rm(lock, { force: true });
}

/** Runs alone among all processes that use the file; rejects when it cannot be had for ten seconds. */
async function locked(file: string, work: () => Promise<void>): Promise<void> {
  const lock = `${file}.lock`;
  await mkdir(path.dirname(file), { recursive: true });
  const until = Date.now() + patienceMs;
  while (!(await tryLock(lock))) {
    await breakStale(lock);
    if (Date.now() > until)
      throw new Error(`${lock} is held by another process`);
    await wait(pauseMs * (1 + Math.random()));
  }
  try {
    await work();
  } finally {
    await rm(lock, { force: true });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}

/** Lines of the file that are damaged or of another release, and passed over. */
export const countUnreadableLines = async (file: string): Promise<number> =>
  countUnreadable(await readText(file));

/** Reads the file again only when it has changed: the log is asked with every statement that is explained. */
function createReader(file: string): CalibrationLog["read"] {
  let known: readonly CalibrationEntry[] = [];
  let seen = "";
  return async () => {
    const now = await stamp(file);
    if (now === seen) return known;
    known = readLines(await readText(file));
    seen = now;
    return known;
  };
}

async function stamp(file: string): Promise<string> {
  try {
    const { mtimeNs, size, ino } = await stat(file, { bigint: true });
    return `${mtimeNs} ${size} ${ino}`;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}

/** The newest promises with their outcomes that fit half of the room, so that this is seldom needed. */
function shorten(entries: readonly CalibrationEntry[], room: number): string {
  let text = "";
  for (const { promise, outcome } of pairUp(entries).toReversed()) {
    const lines =
      renderLine(promise) + (outcome === undefined ? "" : renderLine(outcome));
    if (text.length + lines.length > room / 2) break;
    text = lines + text;
  }
  return text;
}

async function replace(file: string, text: string): Promise<void> {
  const fresh = `${file}.new`;
  await writeFile(fresh, text, { mode: 0o600 });
  await rename(fresh, file);
}

/** Entries as JSON lines in one file of bounded size, which several processes may read and write. */
export function openCalibrationLog(
  file: string,
  limitBytes = maximumBytes,
): CalibrationLog {
  return {
    read: createReader(file),
    add: (choose) =>
      locked(file, async () => {
        const text = await readText(file);
        const entries = readLines(text);
        const added = choose(entries);
        if (added.length === 0) return;
        const lines = added.map(renderLine).join("");
        if (text.length + lines.length > limitBytes)
          await replace(file, shorten([...entries, ...added], limitBytes));
        else {
          // A line that a crash has cut off must not swallow the next one.
          const isCut = text !== "" && !text.endsWith("\n");
          await appendFile(file, (isCut ? "\n" : "") + lines, { mode: 0o600 });
        }
      }),
  };
}
