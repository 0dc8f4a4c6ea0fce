import type { parseArgs } from "node:util";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { readOptions } from "../options.ts";

export type AdviseFormat = "text" | "json" | "sql" | "markdown";

/** Where the planner is asked. */
export type AdviseSource =
  | { readonly kind: "connection"; readonly url: string | undefined }
  | { readonly kind: "bundle"; readonly file: string }
  | { readonly kind: "demo" };

export interface AdviseArguments {
  readonly files: readonly string[];
  readonly source: AdviseSource;
  /** Take the statements of pg_stat_statements too. */
  readonly fromStatements: boolean;
  readonly budgetBytes: number | undefined;
  /** The budget as it was given: `336MB`. */
  readonly budget: string | undefined;
  readonly sizes: "model" | "hypopg";
  readonly proof: "hypopg" | "twin" | "auto";
  readonly maximumColumns: number;
  readonly mayInclude: boolean;
  readonly timeLimitMs: number;
  readonly maximumPlannings: number | undefined;
  readonly format: AdviseFormat;
  /** Also the bundle's queries that do not count in a comparison. */
  readonly allQueries: boolean;
  /** Where a twin is built: `pglite`, a major version, or a folder. */
  readonly server: string | undefined;
}

export const adviseUsage = `planlens advise [FILE.sql[:LINE]…] --connection URL | --bundle FILE | --demo [options]

Finds the cheapest set of indexes for a whole workload, each proven on the planner, and
existing indexes that can go. Runs no statement and changes nothing. The workload is the
queries of the files, else those of the bundle or the demo. Each query of a file counts once;
with --from-statements one that pg_stat_statements knows counts as often as it was called.

  --connection URL        as for planlens explain; without it PG* variables and DATABASE_URL
  --bundle FILE           a statistics bundle (planlens twin export): no server needed
  --demo                  the embedded demo database
  --from-statements       the statements of pg_stat_statements, or those that were
                          counted when the bundle was made; also beside files
  --budget 336MB          bytes for all new indexes together; MB are 10^6, MiB 2^20
                          (without it as much as the tables take)
  --sizes model|hypopg    estimated real sizes (default), or those that HypoPG tells
  --proof hypopg|twin|auto  where indexes are tried: HypoPG, a twin of the statistics,
                          or HypoPG where the server has it and a twin elsewhere (default)
  --max-columns N         most key columns of one index (default: 3)
  --no-include            no INCLUDE columns
  --time-limit 60s        end with the best so far after this time: ms, s or min (default: 60s)
  --max-explains N        end with the best so far after this many EXPLAINs
  --server pglite|15|PATH where a twin is built, as for planlens twin build
  --all-queries           also the bundle's queries that are not counted
  --format text|json|sql|markdown
                          default: text; JSON as docs/advise.schema.json says

Ctrl+C ends the search with the best set so far, and so does a lost connection.
Exit codes: 0 done · 1 at least one statement was left out (its reason is printed) ·
2 the command line is wrong, a file cannot be read, or HypoPG or pg_stat_statements is
asked for and not there · 3 no connection, or it was lost ·
70 a fault in PlanLens itself · 130 interrupted before anything was planned.
`;

const options = {
  connection: { type: "string" },
  bundle: { type: "string" },
  demo: { type: "boolean", default: false },
  "from-statements": { type: "boolean", default: false },
  budget: { type: "string" },
  sizes: { type: "string", default: "model" },
  proof: { type: "string", default: "auto" },
  "max-columns": { type: "string", default: "3" },
  "no-include": { type: "boolean", default: false },
  "time-limit": { type: "string", default: "60s" },
  "max-explains": { type: "string" },
  server: { type: "string" },
  "all-queries": { type: "boolean", default: false },
  format: { type: "string", default: "text" },
  help: { type: "boolean", short: "h", default: false },
} as const;

const unitBytes: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/** `336MB` as bytes: kB, MB and GB are powers of 1000, as in the published measurements of advisors; kiB, MiB and GiB of 1024. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit = ""] =
    /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = unitBytes[unit.toLowerCase()];
  return number === undefined || factor === undefined
    ? undefined
    : Math.round(Number(number) * factor);
}

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  "": 1000,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** `60s`, `500ms`, `2min` as milliseconds; a bare number is seconds. */
export function parseDuration(text: string): number | undefined {
  const [, number, unit = ""] =
    /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text) ?? [];
  const factor = unitMs[unit.toLowerCase()];
  return number === undefined || factor === undefined
    ? undefined
    : Number(number) * factor;
}

const parseCount = (text: string): number | undefined =>
  /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;

function oneOf<const Choice extends string>(
  name: string,
  given: string,
  choices: readonly Choice[],
): Result<Choice, string> {
  const found = choices.find((choice) => choice === given);
  return found === undefined
    ? failed(`--${name} is ${choices.join(", ")}, not "${given}".`)
    : succeeded(found);
}

type Values = ReturnType<
  typeof parseArgs<{ options: typeof options; allowPositionals: true }>
>["values"];

function readSource(values: Values): Result<AdviseSource, string> {
  const { connection, bundle, demo } = values;
  const given = [connection !== undefined, bundle !== undefined, demo];
  if (given.filter(Boolean).length > 1)
    return failed("advise takes one of --connection, --bundle and --demo.");
  if (bundle !== undefined) return succeeded({ kind: "bundle", file: bundle });
  return succeeded(
    demo ? { kind: "demo" } : { kind: "connection", url: connection },
  );
}

interface Limits {
  readonly budgetBytes: number | undefined;
  readonly maximumColumns: number;
  readonly timeLimitMs: number;
  readonly maximumPlannings: number | undefined;
}

function readLimits(values: Values): Result<Limits, string> {
  const { budget, "max-explains": explains } = values;
  const budgetBytes = budget === undefined ? undefined : parseBytes(budget);
  if (budget !== undefined && budgetBytes === undefined)
    return failed(`--budget is a size such as 336MB, not "${budget}".`);
  const timeLimitMs = parseDuration(values["time-limit"]);
  if (timeLimitMs === undefined)
    return failed(
      `--time-limit is a time such as 60s, not "${values["time-limit"]}".`,
    );
  const maximumColumns = parseCount(values["max-columns"]);
  if (maximumColumns === undefined || maximumColumns > 32)
    return failed(
      `--max-columns is a number from 1 to 32, not "${values["max-columns"]}".`,
    );
  const maximumPlannings =
    explains === undefined ? undefined : parseCount(explains);
  if (explains !== undefined && maximumPlannings === undefined)
    return failed(`--max-explains is a number, not "${explains}".`);
  return succeeded({
    budgetBytes,
    maximumColumns,
    timeLimitMs,
    maximumPlannings,
  });
}

interface Choices {
  readonly sizes: AdviseArguments["sizes"];
  readonly proof: AdviseArguments["proof"];
  readonly format: AdviseFormat;
}

function readChoices(values: Values): Result<Choices, string> {
  const sizes = oneOf("sizes", values.sizes, ["model", "hypopg"]);
  if (!sizes.ok) return sizes;
  const proof = oneOf("proof", values.proof, ["hypopg", "twin", "auto"]);
  if (!proof.ok) return proof;
  const format = oneOf("format", values.format, [
    "text",
    "json",
    "sql",
    "markdown",
  ]);
  if (!format.ok) return format;
  if (sizes.value === "hypopg" && proof.value === "twin")
    return failed(
      "--sizes hypopg needs HypoPG: leave --proof out, or say --proof hypopg.",
    );
  return succeeded({
    sizes: sizes.value,
    // HypoPG's sizes come from nobody else.
    proof: sizes.value === "hypopg" ? "hypopg" : proof.value,
    format: format.value,
  });
}

/** What follows `planlens advise`; the failure is a sentence. */
export function parseAdviseArguments(
  args: readonly string[],
): Result<AdviseArguments | "help", string> {
  const raw = readOptions(args, options);
  if (!raw.ok) return raw;
  const { values, positionals: files } = raw.value;
  if (values.help) return succeeded("help");
  const source = readSource(values);
  if (!source.ok) return source;
  const limits = readLimits(values);
  if (!limits.ok) return limits;
  const choices = readChoices(values);
  if (!choices.ok) return choices;
  return succeeded({
    files,
    source: source.value,
    fromStatements: values["from-statements"],
    budget: values.budget,
    ...limits.value,
    ...choices.value,
    mayInclude: !values["no-include"],
    allQueries: values["all-queries"],
    server: values.server,
  });
}
