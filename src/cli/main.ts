import { openPostgres } from "../adapters/postgres/open.ts";
import type { Database, DatabaseError } from "../app/database.ts";
import { describeDatabaseError } from "../app/wording.ts";
import { english } from "../core/words.ts";
import { runAdvise } from "./advise/run-advise.ts";
import { parseCommandLine, usage, type ExplainArguments } from "./arguments.ts";
import { runCalibration } from "./calibration.ts";
import { findTarget } from "./find-target.ts";
import { explainFiles, readSqlFiles, type SqlFile } from "./explain-files.ts";
import { renderJson, renderStatement, type StatementReport } from "./report.ts";
import { runTwin } from "./twin/run-twin.ts";
import { version } from "./version.ts";
import { runWhyNot } from "./why-not.ts";

const exitCodes = {
  done: 0,
  someFailed: 1,
  usage: 2,
  noConnection: 3,
  // EX_SOFTWARE of sysexits.h.
  ownFault: 70,
  interrupted: 130,
} as const;

const complain = (sentence: string): void => {
  process.stderr.write(`planlens: ${sentence}\n`);
};

function noConnection(error: DatabaseError, name: string): number {
  const trouble = describeDatabaseError(error, name, english);
  complain(`${trouble.what} ${trouble.next}`);
  return exitCodes.noConnection;
}

async function report(
  database: Database,
  files: readonly SqlFile[],
  asked: Pick<ExplainArguments, "format" | "summary" | "advise"> & {
    readonly name: string;
    readonly server: string;
  },
  signal: AbortSignal,
): Promise<number> {
  const reports: StatementReport[] = [];
  for await (const one of explainFiles(
    database,
    files,
    { advise: asked.advise },
    signal,
  )) {
    reports.push(one);
    if (asked.format === "text") {
      const text = renderStatement(one, {
        connection: asked.name,
        summary: asked.summary,
      });
      process.stdout.write(`${text}\n\n`);
    }
  }
  if (asked.format === "json")
    process.stdout.write(`${renderJson(reports, asked.name, asked.server)}\n`);
  if (signal.aborted) return exitCodes.interrupted;
  return reports.every((one) => one.outcome.ok)
    ? exitCodes.done
    : exitCodes.someFailed;
}

async function explain(
  asked: ExplainArguments,
  signal: AbortSignal,
): Promise<number> {
  const files = await readSqlFiles(asked.files);
  if (!files.ok) {
    complain(files.error);
    return exitCodes.usage;
  }
  const found = await findTarget(asked.connection, process.env);
  if (!found.ok) {
    complain(found.error);
    return exitCodes.usage;
  }
  const { target, password } = found.value;
  const name = `${target.host}:${target.port}/${target.database}`;
  const database = openPostgres(target, {
    name,
    password,
    log: () => undefined,
    whatIfByBuilding: asked.proveByBuilding,
    singleSession: asked.proveByBuilding,
  });
  try {
    const info = await database.info(signal);
    if (!info.ok) return noConnection(info.error, name);
    return await report(
      database,
      files.value,
      { ...asked, name, server: info.value.versionText },
      signal,
    );
  } finally {
    await database.close();
  }
}

/** Like `explain`, on a database that is open already. */
async function explainOn(
  asked: Pick<ExplainArguments, "files" | "format" | "summary" | "advise">,
  database: Database,
  server: string,
  signal: AbortSignal,
): Promise<number> {
  const files = await readSqlFiles(asked.files);
  if (!files.ok) {
    complain(files.error);
    return exitCodes.usage;
  }
  const named = { ...asked, name: "the twin", server };
  return report(database, files.value, named, signal);
}

/** Commands with arguments of their own; each answers the exit code. */
const commands = new Map<
  string,
  (args: readonly string[], signal: AbortSignal) => Promise<number>
>([
  ["twin", (args, signal) => runTwin(args, { complain, explainOn }, signal)],
  ["advise", (args, signal) => runAdvise(args, complain, signal)],
  ["why-not", (args, signal) => runWhyNot(args, complain, signal)],
  ["calibration", (args, signal) => runCalibration(args, complain, signal)],
]);

async function run(
  args: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const named = commands.get(args[0] ?? "");
  if (named !== undefined) return named(args.slice(1), signal);
  const command = parseCommandLine(args);
  if (!command.ok) {
    complain(`${command.error} See planlens --help.`);
    return exitCodes.usage;
  }
  switch (command.value.kind) {
    case "help":
      process.stdout.write(usage);
      return exitCodes.done;
    case "version":
      process.stdout.write(`planlens ${version}\n`);
      return exitCodes.done;
    case "explain":
      return explain(command.value.arguments, signal);
  }
}

const interruption = new AbortController();
// A service manager ends a program as a person does: servers that were started are stopped too.
for (const ending of ["SIGINT", "SIGTERM"] as const)
  process.once(ending, () => {
    interruption.abort();
  });
// `planlens … | head` closes the pipe early: that is no failure.
process.stdout.on("error", () => process.exit(exitCodes.done));

/** A fault of ours: told in one line, and never taken for a statement that could not be planned. */
function tellFault(error: unknown): number {
  const [cause] = (
    error instanceof Error ? error.message : String(error)
  ).split("\n");
  complain(
    `a fault in PlanLens itself (${cause ?? ""}). The statements left were not planned; please report it with the command line.`,
  );
  return exitCodes.ownFault;
}

void run(process.argv.slice(2), interruption.signal)
  .catch(tellFault)
  .then((code) => {
    process.exitCode = code;
  });
