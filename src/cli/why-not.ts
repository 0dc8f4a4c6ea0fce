import type { Database } from "../app/database.ts";
import { createCatalogCache } from "../app/catalog-cache.ts";
import { findHiddenStatistics } from "../app/hidden-statistics.ts";
import { whyNot, type WhyNotFailure } from "../app/why-not.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { loadSqlParser } from "../core/sql/parse.ts";
import { english, sayText } from "../core/words.ts";
import { openLive, type Live } from "./open-live.ts";
import { readOptions } from "./options.ts";
import { createProgress } from "./progress.ts";
import { describeFailure } from "./report.ts";
import {
  describeEmpty,
  readStatements,
  type FileStatement,
} from "./sql-files.ts";
import { copyStatistics, tellOfCopy } from "./statistics-twin.ts";
import { renderWhyNotJson, renderWhyNotText } from "./why-not-report.ts";
import { printable } from "./printable.ts";
import { complaintOf, sayTrouble, type Complaint } from "./wording.ts";

const usage = `planlens why-not FILE.sql[:LINE] --index NAME|"CREATE INDEX …" [--connection URL] [options]

Tells why the planner does not use an index for a statement: one of the table's, by
its name, or one that is only imagined: with HypoPG where the server has it, else on a
copy of its statistics, made on this machine. Plans the statement, under changed planner
settings too, and never runs it.

  :LINE                 the statement that stands there; not needed for a single one
  --index               name of an index, or the CREATE INDEX of an imagined one
  --connection URL      as for planlens explain
  --format text|json    default: text
  --server pglite|15|PATH
                        where the copy is made, as for planlens twin build; not with
                        an option that makes none
  --no-twin             no copy of the statistics: without HypoPG an imagined index is
                        judged by its columns only
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
  server: { type: "string" },
  "no-twin": { type: "boolean", default: false },
  "prove-by-building": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

interface Asked {
  /** `FILE` or `FILE:LINE`. */
  readonly place: string;
  readonly index: string;
  readonly connection: string | undefined;
  readonly format: "text" | "json";
  readonly server: string | undefined;
  readonly byBuilding: boolean;
  /** False: no copy of the statistics, so an imagined index is not planned with where there is no HypoPG. */
  readonly twin: boolean;
}

/** A sentence about `--server` beside an option with which it would do nothing. */
function describeIdleServer(
  server: string | undefined,
  withoutCopy: Readonly<Record<string, boolean>>,
): string | undefined {
  const option = Object.keys(withoutCopy).find((name) => withoutCopy[name]);
  return server === undefined || option === undefined
    ? undefined
    : `--server says where a copy of the statistics is made, and ${option} makes none: leave one of them out.`;
}

/** Undefined: help is wanted. The failure is a sentence. */
function parseWhyNotArguments(
  args: readonly string[],
): Result<Asked | undefined, string> {
  const raw = readOptions(args, options);
  if (!raw.ok) return raw;
  const { values, positionals } = raw.value;
  const { connection, format, server, index = "" } = values;
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
  const twin = !values["no-twin"];
  const idle = describeIdleServer(server, {
    "--no-twin": !twin,
    "--prove-by-building": byBuilding,
  });
  if (idle !== undefined) return failed(idle);
  return succeeded({
    place,
    index,
    connection,
    format,
    server,
    byBuilding,
    twin,
  });
}

/** The statement at the line, or the only one. */
async function findStatement({
  place,
}: Asked): Promise<Result<FileStatement, string>> {
  const found = await readStatements([place]);
  if (!found.ok) return found;
  const { statements } = found.value;
  const [only, second] = statements;
  if (only === undefined) return failed(describeEmpty(place));
  return second === undefined
    ? succeeded(only)
    : failed(
        `${place} holds ${statements.length} statements: give the line of one, ${place}:${second.line}.`,
      );
}

function describeTrouble(failure: WhyNotFailure, name: string): string {
  return failure.kind === "index"
    ? sayText(failure.detail, english)
    : sayTrouble(describeFailure(failure, name));
}

/** Where the statement is planned. */
interface Planner {
  readonly database: Database;
  /** Where its statistics come from. */
  readonly source: Database;
  /** For complaints. */
  readonly name: string;
  /** Said below the answer. */
  readonly note: string | undefined;
  readonly close: () => Promise<void>;
}

/** An imagined index is planned on a copy of the statistics where the server cannot imagine one. What is known of its tables stays the server's. */
async function openCopy(
  live: Live,
  asked: Asked,
  signal: AbortSignal,
): Promise<Result<Planner, Complaint>> {
  tellOfCopy(live.name, "--no-twin");
  const progress = createProgress(process.stderr);
  progress.say(`Copying the statistics of ${live.name}`);
  const served = await copyStatistics(live, asked.server, signal);
  progress.clear();
  if (!served.ok) return failed(complaintOf(served.error, live.name));
  const { twin, description, close } = served.value;
  return succeeded({
    database: {
      ...twin.database,
      plannerFacts: live.database.plannerFacts,
    },
    source: live.database,
    name: "the twin",
    note: `Planned on a twin of ${description}, since ${live.name} has no HypoPG.`,
    close,
  });
}

async function choosePlanner(
  live: Live,
  asked: Asked,
  signal: AbortSignal,
): Promise<Result<Planner, Complaint>> {
  const isImagined = /^\s*create\s/iu.test(asked.index);
  if (isImagined && live.info.whatIf === "none" && asked.twin)
    return openCopy(live, asked, signal);
  const { database, name } = live;
  const close = (): Promise<void> => Promise.resolve();
  return succeeded({
    database,
    source: database,
    name,
    note: undefined,
    close,
  });
}

async function answerOn(
  { database, source, name, note }: Planner,
  question: { readonly asked: Asked; readonly statement: FileStatement },
  signal: AbortSignal,
): Promise<Result<string, Complaint>> {
  const { asked, statement } = question;
  const ports = {
    database,
    catalog: createCatalogCache(database),
    parser: await loadSqlParser(),
  };
  const { text } = statement;
  const outcome = await whyNot(ports, { text, index: asked.index }, signal);
  if (!outcome.ok)
    return failed({ sentence: describeTrouble(outcome.error, name), code: 1 });
  const { parser } = ports;
  const hidden = await findHiddenStatistics(
    { database: source, parser },
    [text],
    signal,
  );
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...hidden.map((one) => sayText(one, english)),
  ];
  const render = asked.format === "json" ? renderWhyNotJson : renderWhyNotText;
  return succeeded(render(statement, outcome.value, notes));
}

async function answer(
  asked: Asked,
  signal: AbortSignal,
): Promise<Result<string, Complaint>> {
  const statement = await findStatement(asked);
  if (!statement.ok) return failed({ sentence: statement.error, code: 2 });
  const live = await openLive(asked, signal);
  if (!live.ok) return live;
  try {
    const planner = await choosePlanner(live.value, asked, signal);
    if (!planner.ok) return planner;
    const question = { asked, statement: statement.value };
    try {
      return await answerOn(planner.value, question, signal);
    } finally {
      await planner.value.close();
    }
  } finally {
    await live.value.database.close();
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
  if (answered.ok) process.stdout.write(`${printable(answered.value)}\n`);
  else complain(answered.error.sentence);
  return answered.ok ? 0 : answered.error.code;
}
