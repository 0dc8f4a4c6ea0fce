import os from "node:os";
import path from "node:path";
import {
  countUnreadableLines,
  openCalibrationLog,
} from "../adapters/calibration/log-file.ts";
import {
  checkPromises,
  keepPromises,
  promiseOf,
  type CalibrationLog,
} from "../app/calibration.ts";
import type { Database } from "../app/database.ts";
import { pairUp } from "../core/advice/calibration/entry.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import {
  renderCalibrationJson,
  renderCalibrationText,
} from "./calibration-report.ts";
import { findStatements, openProver } from "./explain.ts";
import { explainFiles } from "./explain-files.ts";
import { openLive } from "./open-live.ts";
import { readOptions } from "./options.ts";
import { describeFailure } from "./report.ts";
import type { FileStatement } from "./sql-files.ts";
import { describeFileError, type Complaint } from "./wording.ts";

const usage = `planlens calibration [--calibration FILE] [--format text|json]
planlens calibration record FILE.sql… [--connection URL] [--calibration FILE]

The log of what was promised of suggested indexes, and what came of them.
"record" keeps the promises for the statements of the files, and compares those whose
index exists by now. It holds no literal and no password, and never leaves this machine.

  --calibration FILE    default: planlens/calibration.jsonl in $XDG_STATE_HOME, or in
                        ~/.local/state
  --connection URL      as for planlens explain
  --format text|json    default: text
  --no-twin             as for planlens explain
  --prove-by-building   as for planlens explain
  --help

Exit codes: 0 done · 1 a statement was not planned · 2 the command line is wrong or a
file cannot be read or written · 3 no connection.
`;

const options = {
  calibration: { type: "string" },
  connection: { type: "string" },
  format: { type: "string", default: "text" },
  "no-twin": { type: "boolean", default: false },
  "prove-by-building": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

interface Asked {
  /** Empty: only show. */
  readonly files: readonly string[];
  readonly log: string;
  readonly connection: string | undefined;
  readonly format: "text" | "json";
  readonly byBuilding: boolean;
  /** Where the server has no HypoPG, try indexes on a copy of its statistics. */
  readonly twin: boolean;
}

type Complain = (sentence: string) => void;

type Variables = Readonly<Record<string, string | undefined>>;

/** The XDG base directory specification: a relative path in the variable is to be ignored. */
export function usualLog(variables: Variables, home: string): string {
  const given = variables["XDG_STATE_HOME"] ?? "";
  const folder = path.isAbsolute(given)
    ? given
    : path.join(home, ".local", "state");
  return path.join(folder, "planlens", "calibration.jsonl");
}

/** Undefined: help is wanted. The failure is a sentence. */
function parseArguments(
  args: readonly string[],
): Result<Asked | undefined, string> {
  const raw = readOptions(args, options);
  if (!raw.ok) return raw;
  const { values, positionals } = raw.value;
  const { calibration, connection, format } = values;
  const [action, ...files] = positionals;
  if (values.help) return succeeded(undefined);
  if (action !== undefined && action !== "record")
    return failed(`calibration knows "record", not "${action}".`);
  if (action === "record" && files.length === 0)
    return failed("calibration record needs at least one FILE.sql.");
  if (format !== "text" && format !== "json")
    return failed(`--format is text or json, not "${format}".`);
  const log = calibration ?? usualLog(process.env, os.homedir());
  const byBuilding = values["prove-by-building"];
  const twin = !values["no-twin"];
  return succeeded({ files, log, connection, format, byBuilding, twin });
}

interface Recorded {
  readonly promised: number;
  readonly compared: number;
  readonly notPlanned: number;
}

/** Explains the statements with advice; compares first, so that what was built is not promised again. */
async function record(
  ports: {
    readonly database: Database;
    readonly log: CalibrationLog;
    readonly complain: Complain;
  },
  statements: readonly FileStatement[],
  place: { readonly connection: string; readonly server: string },
  signal: AbortSignal,
): Promise<Recorded> {
  let promised = 0;
  let compared = 0;
  let notPlanned = 0;
  const reports = explainFiles(
    ports.database,
    statements,
    { advise: true },
    signal,
  );
  for await (const { file, line, outcome } of reports) {
    const occasion = { ...place, at: new Date().toISOString() };
    if (!outcome.ok) {
      const { what } = describeFailure(outcome.error, place.connection);
      ports.complain(`${file}:${line} was not planned. ${what}`);
      notPlanned += 1;
      continue;
    }
    const explained = outcome.value;
    const told = await checkPromises(ports, explained, occasion, signal);
    compared += told.ok ? told.value : 0;
    const promises = explained.advice.suggestions.map((suggestion) =>
      promiseOf(suggestion, explained, occasion),
    );
    await keepPromises(ports.log, promises);
    promised += promises.length;
  }
  return { promised, compared, notPlanned };
}

async function recordAll(
  asked: Asked,
  ports: { readonly log: CalibrationLog; readonly complain: Complain },
  signal: AbortSignal,
): Promise<Result<Recorded, Complaint>> {
  const statements = await findStatements(asked.files, ports.complain);
  if (!statements.ok) return statements;
  const live = await openLive(asked, signal);
  if (!live.ok) return live;
  const { name, info } = live.value;
  const database = asked.twin
    ? openProver(live.value, ports.complain)
    : live.value.database;
  try {
    const place = { connection: name, server: info.versionText };
    return succeeded(
      await record({ database, ...ports }, statements.value, place, signal),
    );
  } finally {
    await database.close();
  }
}

async function show(log: CalibrationLog, format: "text" | "json") {
  const kept = pairUp(await log.read());
  const render =
    format === "json" ? renderCalibrationJson : renderCalibrationText;
  process.stdout.write(`${render(kept)}\n`);
}

/** What is there and cannot be read is not to be taken for what never was. */
async function tellUnreadable(file: string, complain: Complain): Promise<void> {
  const count = await countUnreadableLines(file);
  if (count === 0) return;
  const lines = count === 1 ? "1 line" : `${count} lines`;
  complain(
    `${lines} of ${file} cannot be read, being damaged or of another release of PlanLens, and ${count === 1 ? "is" : "are"} passed over.`,
  );
}

async function perform(
  asked: Asked,
  complain: Complain,
  signal: AbortSignal,
): Promise<number> {
  const log = openCalibrationLog(asked.log);
  await tellUnreadable(asked.log, complain);
  if (asked.files.length === 0) {
    await show(log, asked.format);
    return 0;
  }
  const recorded = await recordAll(asked, { log, complain }, signal);
  if (!recorded.ok) {
    complain(recorded.error.sentence);
    return recorded.error.code;
  }
  const { promised, compared, notPlanned } = recorded.value;
  process.stdout.write(
    `${promised} promised, ${compared} compared with what came, ${notPlanned} not planned; kept in ${asked.log}\n`,
  );
  return notPlanned === 0 ? 0 : 1;
}

const isSystemError = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && "syscall" in error;

/** `planlens calibration …`; answers the exit code. */
export async function runCalibration(
  args: readonly string[],
  complain: Complain,
  signal: AbortSignal,
): Promise<number> {
  const asked = parseArguments(args);
  if (!asked.ok) {
    complain(`${asked.error} See planlens calibration --help.`);
    return 2;
  }
  if (asked.value === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  try {
    return await perform(asked.value, complain, signal);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    complain(
      `The calibration log ${asked.value.log} cannot be used: ${describeFileError(error)}.`,
    );
    return 2;
  }
}
