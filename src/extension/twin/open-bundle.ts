import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { Answer, Database } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { Bundle } from "../../core/twin/bundle.ts";
import { bundleProblemText, readBundle } from "../../core/twin/read-bundle.ts";
import { phrase, type Text } from "../../core/words.ts";
import { openOnServer, type TwinParts } from "./open-on-server.ts";

const unpack = promisify(gunzip);

async function readText(file: string): Promise<Result<string, Text>> {
  try {
    const bytes = await readFile(file);
    const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return succeeded((isPacked ? await unpack(bytes) : bytes).toString("utf8"));
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return failed(
      phrase("The statistics bundle {0} cannot be read: {1}", file, detail),
    );
  }
}

/** Reads and checks a bundle, packed or not. */
export async function readBundleFile(
  file: string,
): Promise<Result<Bundle, Text>> {
  const text = await readText(file);
  if (!text.ok) return text;
  const bundle = readBundle(text.value);
  return bundle.ok
    ? bundle
    : failed(
        phrase(
          "{0} is no statistics bundle that can be used: {1}",
          file,
          bundleProblemText(bundle.error),
        ),
      );
}

/** Opens the bundle's twin; no server but one of its own is needed. */
export async function openBundle(
  file: string,
  parts: TwinParts,
  signal: AbortSignal,
): Answer<Database> {
  const bundle = await readBundleFile(file);
  return bundle.ok
    ? openOnServer(bundle.value, parts, signal)
    : failed({ kind: "misconfigured", message: bundle.error });
}
