import type { parseArgs } from "node:util";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { readOptions } from "../options.ts";

/** A column as written: `table.column` or `schema.table.column`. */
export interface NamedColumn {
  readonly schema: string | undefined;
  readonly table: string;
  readonly column: string;
}

export interface TwinExport {
  readonly kind: "export";
  readonly connection: string | undefined;
  readonly schemas: readonly string[] | undefined;
  readonly leaveOut: readonly NamedColumn[];
  readonly hashText: boolean;
  readonly withStatements: boolean;
}

export interface TwinBuild {
  readonly kind: "build";
  /** A file, or undefined to export from `connection` first. */
  readonly bundle: string | undefined;
  readonly connection: string | undefined;
  /** `pglite`, a major version, or a folder with initdb and postgres; undefined: the best there is. */
  readonly server: string | undefined;
  readonly files: readonly string[];
  readonly format: "text" | "json";
  readonly summary: boolean;
  readonly advise: boolean;
  /** Stay until interrupted, so that other programs can connect. */
  readonly serve: boolean;
}

export type TwinCommand = TwinExport | TwinBuild | { readonly kind: "help" };

export const twinUsage = `planlens twin export [--connection URL] [options] > bundle.json.gz
planlens twin build --bundle FILE | --connection URL [options] [FILE.sql…]

A twin is a database without a row that plans like its source: same schema, same
statistics, files as long as the source's but empty.

export reads catalogs only, with a role that may read the tables, and writes nothing.
Most common values and histograms are data: what may not leave is left out or hashed.
  --schema NAME            only this schema; may be given several times
  --leave-out TABLE.COLUMN no values of this column (nor of what is made of it);
                           also SCHEMA.TABLE.COLUMN; may be given several times
  --hash-text              words in place of all texts, same order, same length
  --with-statements        the workload from pg_stat_statements too

build makes a twin on a server of its own, tells what could not be carried over, and
explains the files on it, with index suggestions proven on the statistics.
  --server pglite|15|PATH  the embedded server, an installed major version, or a
                           folder with initdb and postgres; without it the source's
                           version where it is installed, else the embedded server
  --format, --summary, --no-advise as for planlens explain
  --serve                  print where the twin is and stay until interrupted
`;

const options = {
  connection: { type: "string" },
  schema: { type: "string", multiple: true },
  "leave-out": { type: "string", multiple: true },
  "hash-text": { type: "boolean", default: false },
  "with-statements": { type: "boolean", default: false },
  bundle: { type: "string" },
  server: { type: "string" },
  format: { type: "string", default: "text" },
  summary: { type: "boolean", default: false },
  "no-advise": { type: "boolean", default: false },
  serve: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

type Values = ReturnType<
  typeof parseArgs<{ options: typeof options; allowPositionals: true }>
>["values"];

const onlyExport = ["schema", "leave-out", "hash-text", "with-statements"];
const onlyBuild = ["bundle", "server", "summary", "no-advise", "serve"];

/** An option of the other command, when one was given. */
function findStray(
  values: Values,
  names: readonly string[],
): string | undefined {
  const given = values as Readonly<Record<string, unknown>>;
  return names.find(
    (name) => given[name] !== undefined && given[name] !== false,
  );
}

function readColumn(written: string): NamedColumn | undefined {
  const parts = written.split(".");
  const column = parts.pop();
  const table = parts.pop();
  const schema = parts.pop();
  if (!column || !table || parts.length > 0) return undefined;
  return { schema, table, column };
}

function readExport(values: Values): Result<TwinCommand, string> {
  const written = values["leave-out"] ?? [];
  const leaveOut = written.flatMap((one) => readColumn(one) ?? []);
  if (leaveOut.length < written.length)
    return failed("--leave-out takes TABLE.COLUMN or SCHEMA.TABLE.COLUMN.");
  return succeeded({
    kind: "export",
    connection: values.connection,
    schemas: values.schema,
    leaveOut,
    hashText: values["hash-text"],
    withStatements: values["with-statements"],
  });
}

function readBuild(
  values: Values,
  files: readonly string[],
): Result<TwinCommand, string> {
  const { format } = values;
  if (format !== "text" && format !== "json")
    return failed(`--format is text or json, not "${format}".`);
  if (values.bundle !== undefined && values.connection !== undefined)
    return failed("twin build takes --bundle or --connection, not both.");
  return succeeded({
    kind: "build",
    bundle: values.bundle,
    connection: values.connection,
    server: values.server,
    files,
    format,
    summary: values.summary,
    advise: !values["no-advise"],
    serve: values.serve,
  });
}

/** What follows `planlens twin`; the failure is a sentence. */
export function parseTwinArguments(
  args: readonly string[],
): Result<TwinCommand, string> {
  const raw = readOptions(args, options);
  if (!raw.ok) return raw;
  const { values, positionals } = raw.value;
  if (values.help) return succeeded({ kind: "help" });
  const [command, ...files] = positionals;
  const stray = findStray(
    values,
    command === "export" ? onlyBuild : onlyExport,
  );
  if (stray !== undefined)
    return failed(`--${stray} does not belong to twin ${command ?? ""}.`);
  if (command === "build") return readBuild(values, files);
  if (command !== "export") return failed("twin takes export or build.");
  return files.length > 0
    ? failed("twin export writes to standard output and takes no file.")
    : readExport(values);
}
