import { parseArgs } from "node:util";
import { openPostgres } from "../adapters/postgres/open.ts";
import { createCatalogCache } from "../app/catalog-cache.ts";
import type { Database } from "../app/database.ts";
import { describeDatabaseError } from "../app/wording.ts";
import { whyNot, type WhyNotFailure } from "../app/why-not.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { loadSqlParser } from "../core/sql/parse.ts";
import { splitStatements } from "../core/sql/split.ts";
import { english, sayText } from "../core/words.ts";
import { lineOf, readSqlFiles } from "./explain-files.ts";
import { findTarget } from "./find-target.ts";
import { describeFailure } from "./report.ts";
import {
  renderWhyNotJson,
  renderWhyNotText,
  type AskedStatement,
} from "./why-not-report.ts";

const usage = `planlens why-not FILE.sql[:LINE] --index NAME|"CREATE INDEX …" [--connection URL] [options]

Tells why the planner does not use an index for a statement: one of the table's, by
its name, or one that is only imagined (needs HypoPG, or --prove-by-building). Plans
the statement, under changed planner settings too, and never runs it.

  :LINE                 the statement that stands there; not needed for a single one
  --index               name of an index, or the CREATE INDEX of an imagined one
  --connection URL      as for planlens explain
  --format text|json    default: text
  --prove-by-building   build an imagined index in a transaction that is rolled back.
                        Locks the table: for databases that nobody else uses.
  --help

Exit codes: 0 answered · 1 the statement or the index cannot be planned · 2 the
command line is wrong or a file cannot be read · 3 no connection.
`;

const options = {
  index: { type: "string" },
  connection: { type: "string" },
  format: { type: "string", default: "text" },
  "prove-by-building": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Why there is no answer, and the exit code for it. */
interface Complaint {
  readonly sentence: string;
  readonly code: 1 | 2 | 3;
}

interface Asked {
  readonly file: string;
  readonly line: number | undefined;
  readonly index: string;
  readonly connection: string | undefined;
  readonly format: "text" | "json";
  readonly byBuilding: boolean;
}

function readRaw(args: readonly string[]) {
  try {
    return succeeded(
      parseArgs({ args: [...args], options, allowPositionals: true }),
    );
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

/** `FILE:LINE`, or the file alone. */
function readPlace(place: string): Pick<Asked, "file" | "line"> {
  const [, file = place, line] = /^(.+):(\d+)$/u.exec(place) ?? [];
  return { file, line: line === undefined ? undefined : Number(line) };
}

/** Undefined: help is wanted. The failure is a sentence. */
function parseWhyNotArguments(
  args: readonly string[],
): Result<Asked | undefined, string> {
  const raw = readRaw(args);
  if (!raw.ok) return raw;
  const { values, positionals } = raw.value;
  const { connection, format, index = "" } = values;
  const [place] = positionals;
  if (values.help) return succeeded(undefined);
  if (place === undefined || positionals.length > 1)
    return failed(
      "why-not needs one FILE.sql, with :LINE where it holds several statements.",
    );
  if (index.trim() === "")
    return failed('--index is missing: a name or a "CREATE INDEX …".');
  if (format !== "text" && format !== "json")
    return failed(`--format is text or json, not "${format}".`);
  const byBuilding = values["prove-by-building"];
  return succeeded({
    ...readPlace(place),
    index,
    connection,
    format,
    byBuilding,
  });
}

/** The statement at the line, or the only one. */
async function findStatement(
  asked: Asked,
): Promise<Result<AskedStatement, string>> {
  const files = await readSqlFiles([asked.file]);
  if (!files.ok) return files;
  const text = files.value[0]?.text ?? "";
  const spans = splitStatements(text).filter(({ kind }) => kind === "sql");
  const lines = spans.map(({ start }) => lineOf(text, start));
  const at = spans.findIndex(
    ({ end }, position) =>
      asked.line !== undefined &&
      (lines[position] ?? 0) <= asked.line &&
      lineOf(text, end) >= asked.line,
  );
  const span = asked.line === undefined ? spans[0] : spans[at];
  if (span === undefined)
    return failed(`${asked.file} has no statement at line ${asked.line ?? 1}.`);
  if (asked.line === undefined && spans.length > 1)
    return failed(
      `${asked.file} holds ${spans.length} statements: give the line of one, ${asked.file}:${lines[1] ?? 1}.`,
    );
  return succeeded({
    file: asked.file,
    line: lineOf(text, span.start),
    text: text.slice(span.start, span.end),
  });
}

function describeTrouble(failure: WhyNotFailure, name: string): string {
  if (failure.kind === "index") return sayText(failure.detail, english);
  const { what, next } = describeFailure(failure, name);
  return `${what} ${next}`;
}

/** On a database that answers. */
async function answerOn(
  database: Database,
  name: string,
  question: { readonly asked: Asked; readonly statement: AskedStatement },
  signal: AbortSignal,
): Promise<Result<string, Complaint>> {
  const { asked, statement } = question;
  const info = await database.info(signal);
  if (!info.ok) {
    const { what, next } = describeDatabaseError(info.error, name, english);
    return failed({ sentence: `${what} ${next}`, code: 3 });
  }
  const ports = {
    database,
    catalog: createCatalogCache(database),
    parser: await loadSqlParser(),
  };
  const { text } = statement;
  const outcome = await whyNot(ports, { text, index: asked.index }, signal);
  if (!outcome.ok)
    return failed({ sentence: describeTrouble(outcome.error, name), code: 1 });
  const render = asked.format === "json" ? renderWhyNotJson : renderWhyNotText;
  return succeeded(render(statement, outcome.value));
}

async function answer(
  asked: Asked,
  signal: AbortSignal,
): Promise<Result<string, Complaint>> {
  const statement = await findStatement(asked);
  if (!statement.ok) return failed({ sentence: statement.error, code: 2 });
  const found = await findTarget(asked.connection, process.env);
  if (!found.ok) return failed({ sentence: found.error, code: 2 });
  const { target, password } = found.value;
  const name = `${target.host}:${target.port}/${target.database}`;
  const database = openPostgres(target, {
    name,
    password,
    log: () => undefined,
    whatIfByBuilding: asked.byBuilding,
    singleSession: asked.byBuilding,
  });
  try {
    const question = { asked, statement: statement.value };
    return await answerOn(database, name, question, signal);
  } finally {
    await database.close();
  }
}

/** `planlens why-not …`; answers the exit code. */
export async function runWhyNot(
  args: readonly string[],
  complain: (sentence: string) => void,
  signal: AbortSignal,
): Promise<number> {
  const asked = parseWhyNotArguments(args);
  if (!asked.ok) {
    complain(`${asked.error} See planlens why-not --help.`);
    return 2;
  }
  if (asked.value === undefined) {
    process.stdout.write(usage);
    return 0;
  }
  const answered = await answer(asked.value, signal);
  if (answered.ok) process.stdout.write(`${answered.value}\n`);
  else complain(answered.error.sentence);
  return answered.ok ? 0 : answered.error.code;
}
