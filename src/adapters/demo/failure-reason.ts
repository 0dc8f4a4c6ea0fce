import type { DemoFailure } from "./messages.ts";

/** Errors of a folder that cannot be written, by the number that WebAssembly's file system gives them. */
const diskErrors: ReadonlyMap<number, string> = new Map([
  [2, "EACCES: permission denied"],
  [19, "EDQUOT: quota exceeded"],
  [29, "EIO: the drive reports an error"],
  [51, "ENOSPC: no space left on device"],
  [54, "ENOTDIR: not a folder"],
  [63, "EPERM: not permitted"],
  [69, "EROFS: the drive is read-only"],
]);

const diskCodes: ReadonlySet<string> = new Set(
  [...diskErrors.values()].map((text) => text.split(":")[0] ?? ""),
);

interface Fault {
  readonly code: string;
  readonly detail: string;
}

/** PGlite's file system throws objects that are no Error: a name and a number. */
function readFault(error: unknown): Fault {
  if (typeof error !== "object" || error === null)
    return { code: "", detail: String(error) };
  const { code, errno, message } = error as Readonly<Record<string, unknown>>;
  if (typeof message === "string")
    return { code: typeof code === "string" ? code : "", detail: message };
  const number = typeof errno === "number" ? errno : -1;
  const detail =
    diskErrors.get(number) ??
    `its file system failed with error ${String(number)}`;
  return { code: detail.split(":")[0] ?? "", detail };
}

/** What an error of PGlite, of its file system or of Node says. */
export const detailOf = (error: unknown): string => readFault(error).detail;

/** The server takes so much at a time for its log; with less it ends on whatever comes next. */
const segmentBytes = 16 * 1024 * 1024;

interface Surroundings {
  /** The port that was asked for. */
  readonly port: number;
  /** Free space where the data is; undefined when that is not known. */
  readonly freeBytes: number | undefined;
}

/** Why the server's process gives up. */
export function reasonOf(
  error: unknown,
  { port, freeBytes }: Surroundings,
): DemoFailure {
  const { code, detail } = readFault(error);
  if (code === "EADDRINUSE") return { kind: "port", port };
  if (diskCodes.has(code) || /no space left/i.test(detail))
    return { kind: "disk", detail };
  return freeBytes !== undefined && freeBytes < segmentBytes
    ? {
        kind: "disk",
        detail: `${String(Math.floor(freeBytes / 1e6))} MB are left (${detail})`,
      }
    : { kind: "database", detail };
}
