import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { Bundle } from "../../core/twin/bundle.ts";
import {
  describeBundleProblem,
  readBundle,
  type BundleProblem,
} from "../../core/twin/read-bundle.ts";
import { decodeText, isPacked, isUtf16 } from "../decode-text.ts";
import { describeFileError, type Complaint } from "../wording.ts";

const damaged = "The bundle is cut short or damaged. Export it again.";

/** Bytes that a shell took for text cannot be had back. */
const rewritten =
  'The bundle was rewritten as UTF-16 text, as PowerShell\'s > does. Export it again with: cmd /c "planlens twin export … > FILE"';

/** The first byte of what gzip packs, as a character after the byte order mark. */
function isRewritten(bytes: Buffer): boolean {
  const start = decodeText(bytes.subarray(0, 4));
  return isUtf16(bytes) && start.ok && start.value === "\u001F";
}

function unpack(bytes: Buffer): Result<string, string> {
  if (isRewritten(bytes)) return failed(rewritten);
  try {
    const text = decodeText(isPacked(bytes) ? gunzipSync(bytes) : bytes);
    return text.ok ? text : failed(damaged);
  } catch {
    return failed(damaged);
  }
}

/** What is wrong; who names SQL where a bundle is expected is told where SQL goes. */
function describe(file: string, problem: BundleProblem): string {
  const sentence = describeBundleProblem(problem);
  return problem.kind === "otherFormat" && /\.sql$/i.test(file)
    ? `${sentence}. SQL files are named without --bundle.`
    : sentence;
}

/** Reads and checks a bundle file; the complaint names it. */
export async function readFileBundle(
  file: string,
): Promise<Result<Bundle, Complaint>> {
  const complain = (sentence: string): Result<never, Complaint> =>
    failed({ sentence: `${file}: ${sentence}`, code: 2 });
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    return complain(`The bundle cannot be read: ${describeFileError(error)}.`);
  }
  const text = unpack(bytes);
  if (!text.ok) return complain(text.error);
  const bundle = readBundle(text.value);
  return bundle.ok
    ? succeeded(bundle.value)
    : complain(describe(file, bundle.error));
}
