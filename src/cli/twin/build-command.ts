import { openTwin, type Twin } from "../../adapters/postgres/twin/open-twin.ts";
import type { Database } from "../../app/database.ts";
import { estimateSize } from "../../core/advice/size-model.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { Bundle } from "../../core/twin/bundle.ts";
import { loadParseTree } from "../../core/twin/check-ddl.ts";
import type { TwinBuild } from "./arguments.ts";
import { printable } from "../printable.ts";
import { complaintOf, type Complaint } from "../wording.ts";
import { readLiveBundle } from "./export-command.ts";
import { readFileBundle } from "./read-file-bundle.ts";
import { remarkLines } from "./remark-lines.ts";
import { startTwinServer, type TwinServer } from "./twin-server.ts";

/** Explains files on the twin; the exit code of `planlens explain`. */
export type ExplainOn = (database: Database, server: string) => Promise<number>;

const loadBundle = (
  asked: TwinBuild,
  signal: AbortSignal,
): Promise<Result<Bundle, Complaint>> =>
  asked.bundle === undefined
    ? readLiveBundle(
        {
          connection: asked.connection,
          schemas: undefined,
          leaveOut: [],
          hashText: false,
          withStatements: false,
        },
        signal,
      )
    : readFileBundle(asked.bundle);

const majorOf = ({ server }: Bundle): number =>
  Math.floor(server.versionNumber / 10_000);

/** What the twin is and lacks, one line each, on standard error: standard output is the plans'. */
function report(bundle: Bundle, server: TwinServer, twin: Twin): void {
  const lines = [
    `Twin of PostgreSQL ${bundle.server.versionText}: ${bundle.relations.length} tables and indexes in ${Math.round(twin.buildMs)} ms, on ${server.description}.`,
    ...describeDistance(bundle, server),
    ...remarkLines(bundle, twin.remarks),
  ];
  process.stderr.write(`${printable(lines.join("\n"))}\n`);
}

/** How far this server's plans may be from the source's; measured by test/bench/twin.mjs. */
function describeDistance(
  bundle: Bundle,
  { major }: TwinServer,
): readonly string[] {
  const source = majorOf(bundle);
  return source === major
    ? []
    : [
        `The source is PostgreSQL ${source}, and this is ${major}: row estimates are the same, but another version may choose and price plans otherwise. Give --server ${source} for equal plans.`,
      ];
}

async function stay(twin: Twin, signal: AbortSignal): Promise<void> {
  const { host, port, database, user } = twin.built.target;
  process.stdout.write(
    `host=${host} port=${port} dbname=${database} user=${user}\n`,
  );
  // A timer keeps the process alive; only the signal ends it.
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const end = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) end();
    signal.addEventListener("abort", end, { once: true });
  });
}

const unused =
  "Nothing was asked of it, so it is taken away again: name FILE.sql to plan statements on it, or keep it for other programs with --serve.";

async function useTwin(
  asked: TwinBuild,
  bundle: Bundle,
  server: TwinServer,
  ports: { readonly explain: ExplainOn; readonly signal: AbortSignal },
): Promise<Result<number, Complaint>> {
  const opened = await openTwin(bundle, server.place, {
    name: "twin",
    log: () => undefined,
    parse: await loadParseTree(),
    estimateSize: (index, table, predicateShare) =>
      estimateSize({ ...index, unique: false, table, predicateShare }),
  });
  if (!opened.ok) return failed(complaintOf(opened.error, "The twin's server"));
  const twin = opened.value;
  try {
    report(bundle, server, twin);
    if (asked.files.length === 0 && !asked.serve)
      process.stderr.write(`${unused}\n`);
    const code =
      asked.files.length === 0
        ? 0
        : await ports.explain(twin.database, bundle.server.versionText);
    if (asked.serve) await stay(twin, ports.signal);
    return succeeded(code);
  } finally {
    await twin.database.close();
  }
}

/** Builds the twin, reports, explains the files on it, and takes it away again. */
export async function runBuild(
  asked: TwinBuild,
  explain: ExplainOn,
  signal: AbortSignal,
): Promise<Result<number, Complaint>> {
  const bundle = await loadBundle(asked, signal);
  if (!bundle.ok) return bundle;
  const server = await startTwinServer(
    asked.server,
    majorOf(bundle.value),
    signal,
  );
  if (!server.ok) return failed(complaintOf(server.error, "The twin's server"));
  try {
    return await useTwin(asked, bundle.value, server.value, {
      explain,
      signal,
    });
  } finally {
    await server.value.stop();
  }
}
