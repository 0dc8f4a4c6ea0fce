import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startDemo } from "../../adapters/demo/start-demo.ts";
import { openPostgres } from "../../adapters/postgres/open.ts";
import { exportBundle } from "../../adapters/postgres/twin/export/export-bundle.ts";
import { openTwin, type Twin } from "../../adapters/postgres/twin/open-twin.ts";
import type { PostgresTarget } from "../../app/connection.ts";
import type { Database, DatabaseError } from "../../app/database.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { estimateSize } from "../../core/advice/size-model.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { Bundle, BundleQuery } from "../../core/twin/bundle.ts";
import { loadParseTree } from "../../core/twin/check-ddl.ts";
import { english } from "../../core/words.ts";
import { findTarget } from "../find-target.ts";
import { readFileBundle } from "../twin/build-command.ts";
import type { Complaint } from "../twin/export-command.ts";
import { startTwinServer } from "../twin/twin-server.ts";
import type { AdviseArguments } from "./arguments.ts";

/** A planner to ask, with the queries that came with it. */
export interface OpenSource {
  readonly database: Database;
  readonly queries: readonly BundleQuery[];
  /** Whole sentences about what the planner is and lacks. */
  readonly notes: readonly string[];
  readonly close: () => Promise<void>;
}

type Opened = Promise<Result<OpenSource, Complaint>>;

const complaintOf = (error: DatabaseError, name: string): Complaint => {
  const trouble = describeDatabaseError(error, name, english);
  return {
    sentence: `${trouble.what} ${trouble.next}`,
    code: error.kind === "misconfigured" ? 2 : 3,
  };
};

const quiet = { log: () => undefined } as const;

const noHypopg: Complaint = {
  sentence:
    "There is no HypoPG here. Install it (Debian: postgresql-15-hypopg), choose a server that has it with --server, or leave --proof hypopg out.",
  code: 2,
};

/** HypoPG on the twin: hypothetical indexes on its statistics. */
async function openWithHypopg(twin: Twin): Promise<Database | undefined> {
  try {
    await twin.built.admin.run("CREATE EXTENSION IF NOT EXISTS hypopg");
  } catch {
    return undefined;
  }
  return openPostgres(twin.built.target, {
    ...quiet,
    name: "twin",
    password: () => Promise.resolve(undefined),
  });
}

async function useTwin(
  twin: Twin,
  asked: AdviseArguments,
): Promise<Result<Database, Complaint>> {
  if (asked.proof !== "hypopg") return succeeded(twin.database);
  const database = await openWithHypopg(twin);
  return database === undefined ? failed(noHypopg) : succeeded(database);
}

/** Builds a twin on a server of its own and opens it. */
async function openBundle(
  bundle: Bundle,
  asked: AdviseArguments,
  signal: AbortSignal,
): Opened {
  const major = Math.floor(bundle.server.versionNumber / 10_000);
  const server = await startTwinServer(asked.server, major, signal);
  if (!server.ok) return failed(complaintOf(server.error, "the twin"));
  const { place, description, stop } = server.value;
  const opened = await openTwin(bundle, place, {
    ...quiet,
    name: "twin",
    parse: await loadParseTree(),
    estimateSize: (index, table, predicateShare) =>
      estimateSize({ ...index, unique: false, table, predicateShare }),
  });
  if (!opened.ok) {
    await stop();
    return failed(complaintOf(opened.error, "the twin"));
  }
  const found = await openTwinWith(opened.value, asked, stop);
  const from = `PostgreSQL ${bundle.server.versionText}, on ${description}`;
  return found.ok
    ? succeeded({
        ...found.value,
        queries: bundle.queries,
        notes: [
          `Planned on a twin of ${from}.`,
          ...bundle.remarks,
          ...found.value.notes,
        ],
      })
    : found;
}

/** The twin with HypoPG when that is asked for; closes everything when it cannot be had. */
async function openTwinWith(
  twin: Twin,
  asked: AdviseArguments,
  stop: () => Promise<void>,
): Promise<Result<Omit<OpenSource, "queries">, Complaint>> {
  const used = await useTwin(twin, asked);
  const close = async (): Promise<void> => {
    if (used.ok && used.value !== twin.database) await used.value.close();
    await twin.database.close();
    await stop();
  };
  if (!used.ok) {
    await close();
    return used;
  }
  const notes = twin.remarks.map(
    ({ what, why }) => `Not carried over: ${what}: ${why}.`,
  );
  return succeeded({ database: used.value, notes, close });
}

async function openTwinOf(
  target: PostgresTarget,
  password: string | undefined,
  asked: AdviseArguments,
  signal: AbortSignal,
): Opened {
  const bundle = await exportBundle(
    target,
    password,
    {
      schemas: undefined,
      leaveOut: [],
      hashText: false,
      statements: asked.fromStatements ? mostStatements : 0,
    },
    signal,
  );
  if (!bundle.ok) return failed(complaintOf(bundle.error, nameOf(target)));
  return openBundle(bundle.value, asked, signal);
}

/** Statements of pg_stat_statements that are taken, the costliest first. */
export const mostStatements = 500;

const nameOf = ({ host, port, database }: PostgresTarget): string =>
  `${host}:${port}/${database}`;

async function openConnection(
  url: string | undefined,
  asked: AdviseArguments,
  signal: AbortSignal,
): Opened {
  const found = await findTarget(url, process.env);
  if (!found.ok) return failed({ sentence: found.error, code: 2 });
  const { target, password } = found.value;
  if (asked.proof === "twin")
    return openTwinOf(target, await password(), asked, signal);
  const name = nameOf(target);
  const database = openPostgres(target, { ...quiet, name, password });
  const info = await database.info(signal);
  if (info.ok && info.value.whatIf === "hypopg")
    return succeeded({
      database,
      queries: [],
      notes: [],
      close: database.close,
    });
  await database.close();
  if (!info.ok) return failed(complaintOf(info.error, name));
  return asked.proof === "hypopg"
    ? failed(noHypopg)
    : openTwinOf(target, await password(), asked, signal);
}

/** The embedded server's script and files lie beside the command line's own bundle. */
const besideUs = (name: string): string =>
  path.join(path.dirname(realpathSync(process.argv[1] ?? ".")), name);

/** Its statistics are taken and it is closed again: building real indexes in it would take far longer. */
async function openDemo(asked: AdviseArguments, signal: AbortSignal): Opened {
  const folder = mkdtempSync(path.join(tmpdir(), "planlens-demo-"));
  const demo = await startDemo({
    folder: path.join(folder, "data"),
    serverScript: besideUs("demo-server.js"),
    assetsFolder: besideUs("demo"),
    onProgress: () => undefined,
    signal,
  });
  try {
    return demo.ok
      ? await openTwinOf(demo.value.target, undefined, asked, signal)
      : failed(complaintOf(demo.error, "The demo database"));
  } finally {
    if (demo.ok) await demo.value.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Opens what `--connection`, `--bundle` or `--demo` names, with a way to try indexes. */
export async function openSource(
  asked: AdviseArguments,
  signal: AbortSignal,
): Opened {
  const { source } = asked;
  if (source.kind === "demo") return openDemo(asked, signal);
  if (source.kind === "connection")
    return openConnection(source.url, asked, signal);
  const bundle = await readFileBundle(source.file);
  return bundle.ok ? openBundle(bundle.value, asked, signal) : bundle;
}
