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

/** Why the server's process gives up; `port` is the one that was asked for. */
export function reasonOf(error: unknown, port: number): DemoFailure {
  const { code, detail } = readFault(error);
  if (code === "EADDRINUSE") return { kind: "port", port };
  return diskCodes.has(code) || /no space left/i.test(detail)
    ? { kind: "disk", detail }
    : { kind: "database", detail };
}
