import { parseArgs } from "node:util";
import { failed, succeeded, type Result } from "../core/result.ts";

export interface ExplainArguments {
  readonly files: readonly string[];
  readonly connection: string | undefined;
  readonly format: "text" | "json";
  readonly advise: boolean;
  /** Proves indexes by building them in a rolled-back transaction; for throw-away databases. */
  readonly proveByBuilding: boolean;
  /** One line a statement instead of its plan. */
  readonly summary: boolean;
}

export type Command =
  | { readonly kind: "explain"; readonly arguments: ExplainArguments }
  | { readonly kind: "help" }
  | { readonly kind: "version" };

export const usage = `planlens explain FILE.sql… [--connection URL] [options]
planlens advise [FILE.sql…] …  indexes for a whole workload, see planlens advise --help
planlens twin export|build …   plans without the server, see planlens twin --help
planlens why-not FILE.sql[:LINE] --index …   why an index is not used
planlens calibration   what was promised of indexes, and what came of them

Plans every statement of the files (never runs one), names what makes it slow,
and suggests indexes with their proof.

  --connection URL      postgresql://user@host:port/database, or "host=… dbname=…";
                        without it PG* variables and DATABASE_URL are used.
                        The password may also come from PGPASSWORD or ~/.pgpass.
  --format text|json    default: text
  --summary             cost, worst finding and best suggestion, without the plan
  --no-advise           no index suggestions
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
  "prove-by-building": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
  version: { type: "boolean", default: false },
} as const;

function readRaw(
  args: readonly string[],
): Result<
  ReturnType<
    typeof parseArgs<{ options: typeof options; allowPositionals: true }>
  >,
  string
> {
  try {
    return succeeded(
      parseArgs({ args: [...args], options, allowPositionals: true }),
    );
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function explainCommand(
  files: readonly string[],
  values: { readonly connection?: string; readonly format: string },
  flags: {
    readonly advise: boolean;
    readonly proveByBuilding: boolean;
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

/** Parses the command line; the failure is a sentence. */
export function parseCommandLine(
  args: readonly string[],
): Result<Command, string> {
  const raw = readRaw(args);
  if (!raw.ok) return raw;
  const { values, positionals } = raw.value;
  if (values.help) return succeeded({ kind: "help" });
  if (values.version) return succeeded({ kind: "version" });
  const [command, ...files] = positionals;
  if (command === undefined) return failed("A command is missing.");
  if (command !== "explain") return failed(`There is no command "${command}".`);
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
      summary: values.summary,
    },
  );
}
