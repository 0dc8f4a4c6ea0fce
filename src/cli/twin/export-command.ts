import { gzipSync } from "node:zlib";
import { exportBundle } from "../../adapters/postgres/twin/export/export-bundle.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { Bundle } from "../../core/twin/bundle.ts";
import { renderBundle } from "../../core/twin/read-bundle.ts";
import { findTarget } from "../find-target.ts";
import { complaintOf, type Complaint } from "../wording.ts";
import type { TwinExport } from "./arguments.ts";
import { bundleRemarks } from "./remark-lines.ts";

/** Statements of pg_stat_statements that a bundle carries. */
const mostStatements = 500;

type ExportOptions = Omit<TwinExport, "kind">;

/** Reads the bundle of a live database. */
export async function readLiveBundle(
  asked: ExportOptions,
  signal: AbortSignal,
): Promise<Result<Bundle, Complaint>> {
  const found = await findTarget(asked.connection, process.env);
  if (!found.ok) return failed({ sentence: found.error, code: 2 });
  const { target, password } = found.value;
  const bundle = await exportBundle(
    target,
    await password(),
    {
      schemas: asked.schemas,
      leaveOut: asked.leaveOut,
      hashText: asked.hashText,
      statements: asked.withStatements ? mostStatements : 0,
    },
    signal,
  );
  if (bundle.ok) return succeeded(bundle.value);
  const name = `${target.host}:${target.port}/${target.database}`;
  return failed(complaintOf(bundle.error, name));
}

/** What a person should know before the file is given to somebody. */
function describeContent(asked: TwinExport): string {
  const texts = asked.hashText
    ? "Texts are replaced by words of the same order and length; numbers and dates are as they are, and literals in constraints, index predicates and functions too."
    : "Most common values and histograms are data of your tables: leave columns out with --leave-out TABLE.COLUMN, or replace texts with --hash-text.";
  return `The bundle holds no row. ${texts}`;
}

/** Writes the bundle to standard output, and to standard error what it holds and lacks. */
export async function runExport(
  asked: TwinExport,
  signal: AbortSignal,
): Promise<Result<undefined, Complaint>> {
  if (process.stdout.isTTY)
    return failed({
      sentence:
        "A bundle is a compressed file, not a text for a terminal. Redirect it: planlens twin export > bundle.json.gz",
      code: 2,
    });
  const bundle = await readLiveBundle(asked, signal);
  if (!bundle.ok) return bundle;
  const packed = gzipSync(renderBundle(bundle.value), { level: 9 });
  await new Promise<void>((resolve) => {
    process.stdout.write(packed, () => {
      resolve();
    });
  });
  const { relations, columns } = bundle.value;
  const lines = [
    `${relations.length} tables and indexes, statistics of ${columns.length} columns, ${packed.length} bytes.`,
    describeContent(asked),
    ...bundleRemarks(bundle.value),
  ];
  process.stderr.write(`${lines.join("\n")}\n`);
  return succeeded(undefined);
}
