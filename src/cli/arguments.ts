import { nearestName } from "../core/nearest-name.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { readOptions } from "./options.ts";

export interface ExplainArguments {
  readonly files: readonly string[];
  readonly connection: string | undefined;
  readonly format: "text" | "json";
  readonly advise: boolean;
  /** Proves indexes by building them in a rolled-back transaction; for throw-away databases. */
  readonly proveByBuilding: boolean;
  /** Where the server has no HypoPG, try indexes on a copy of its statistics. */
  readonly twin: boolean;
  /** One line a statement instead of its plan. */
  readonly summary: boolean;
}

export type Command =
  | { readonly kind: "explain"; readonly arguments: ExplainArguments }
  | { readonly kind: "help" }
  | { readonly kind: "version" };

export const usage = `planlens explain FILE.sql[:LINE]… [--connection URL] [options]
planlens advise [FILE.sql…] …  indexes for a whole workload, see planlens advise --help
planlens twin export|build …   plans without the server, see planlens twin --help
planlens why-not FILE.sql[:LINE] --index …   why an index is not used
planlens calibration   what was promised of indexes, and what came of them

Plans every statement of the files (never runs one), or those at the lines named;
names what makes them slow, and suggests indexes with their proof: tried with HypoPG
where the server has it, else on a copy of its statistics, made on this machine.

  --connection URL      postgresql://user@host:port/database, or "host=… dbname=…";
                        what it leaves out is as the PG* variables say; without
                        it these and DATABASE_URL are used.
                        The password may also come from PGPASSWORD or ~/.pgpass.
  --format text|json    default: text
  --summary             cost, worst finding and best suggestion, without the plan
  --no-advise           no index suggestions
  --no-twin             no copy of the statistics: without HypoPG suggestions are guesses
  --prove-by-building   no HypoPG: build each index in a transaction that is rolled
                        back. Locks the table: for databases that nobody else uses.
  --help, --version

Exit codes: 0 every statement was planned · 1 at least one was not (its reason is
printed) · 2 the command line is wrong or a file cannot be read · 3 no connection · 70 a fault in PlanLens itself.
FILE may be - for standard input.
`;

const options = {
  connection: { type: "string" },
  format: { type: "string", default: "text" },
  summary: { type: "boolean", default: false },
  "no-advise": { type: "boolean", default: false },
  "no-twin": { type: "boolean", default: false },
  "prove-by-building": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", default: false },
} as const;

function explainCommand(
  files: readonly string[],
  values: { readonly connection?: string; readonly format: string },
  flags: {
    readonly advise: boolean;
    readonly proveByBuilding: boolean;
    readonly twin: boolean;
    readonly summary: boolean;
  },
): Result<Command, string> {
  if (files.length === 0) return failed("explain needs at least one FILE.sql.");
  if (values.format !== "text" && values.format !== "json") {
    return failed(`--format is text or json, not "${values.format}".`);
  }
  return succeeded({
    kind: "explain",
    arguments: {
      files,
      connection: values.connection,
      format: values.format,
      ...flags,
    },
  });
}

const commands = ["explain", "advise", "twin", "why-not", "calibration"];

/** The command comes first; one behind an option is known all the same. */
function describeUnknown(command: string): string {
  if (commands.includes(command))
    return `Put the command first: planlens ${command} ….`;
  const near = nearestName(command, commands);
  return `There is no command "${command}"${near === undefined ? "." : `; did you mean ${near}?`}`;
}

/** Parses the command line; the failure is a sentence. */
export function parseCommandLine(
  args: readonly string[],
): Result<Command, string> {
  const raw = readOptions(args, options);
  if (!raw.ok) return raw;
  const { values, positionals } = raw.value;
  if (values.help) return succeeded({ kind: "help" });
  if (values.version) return succeeded({ kind: "version" });
  const [command, ...files] = positionals;
  if (command === undefined) return failed("A command is missing.");
  if (command !== "explain") return failed(describeUnknown(command));
  return explainCommand(
    files,
    {
      format: values.format,
      ...(values.connection === undefined
        ? {}
        : { connection: values.connection }),
    },
    {
      advise: !values["no-advise"],
      proveByBuilding: values["prove-by-building"],
      twin: !values["no-twin"],
      summary: values.summary,
    },
  );
}
