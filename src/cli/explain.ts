import type { Database } from "../app/database.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import type { ExplainArguments } from "./arguments.ts";
import { english, sayText, type Text } from "../core/words.ts";
import { explainFiles } from "./explain-files.ts";
import { openLive, type Live } from "./open-live.ts";
import { createProgress } from "./progress.ts";
import { renderJson, renderStatement, type StatementReport } from "./report.ts";
import {
  describeEmpty,
  readStatements,
  type FileStatement,
} from "./sql-files.ts";
import { besideTwin } from "./statistics-twin.ts";
import { printable } from "./printable.ts";
import {
  describeDatabaseError,
  sayTrouble,
  type Complaint,
} from "./wording.ts";

type Complain = (sentence: string) => void;

/** Told once, however many statements it concerns. */
function createTeller(complain: Complain): (notes: readonly Text[]) => void {
  const said = new Set<string>();
  return (notes) => {
    for (const sentence of notes.map((note) => sayText(note, english)))
      if (!said.has(sentence)) {
        said.add(sentence);
        complain(sentence);
      }
  };
}

/** How plans are shown. */
type Shown = Pick<ExplainArguments, "format" | "summary" | "advise">;

const interrupted = 130;

async function report(
  database: Database,
  statements: readonly FileStatement[],
  asked: Shown & {
    readonly name: string;
    readonly server: string;
    readonly complain?: Complain;
  },
  signal: AbortSignal,
): Promise<number> {
  const tell = createTeller(asked.complain ?? (() => undefined));
  const reports: StatementReport[] = [];
  for await (const one of explainFiles(
    database,
    statements,
    { advise: asked.advise },
    signal,
  )) {
    reports.push(one);
    if (one.outcome.ok) tell(one.outcome.value.advice.notes ?? []);
    if (asked.format === "text") {
      const text = renderStatement(one, {
        connection: asked.name,
        summary: asked.summary,
      });
      process.stdout.write(`${printable(text)}\n\n`);
    }
  }
  if (asked.format === "json")
    process.stdout.write(`${renderJson(reports, asked.name, asked.server)}\n`);
  if (signal.aborted) return interrupted;
  return reports.every((one) => one.outcome.ok) ? 0 : 1;
}

/** The statements of the files; those that hold none are named. */
export async function findStatements(
  files: readonly string[],
  complain: Complain,
): Promise<Result<readonly FileStatement[], Complaint>> {
  const found = await readStatements(files);
  if (!found.ok) return failed({ sentence: found.error, code: 2 });
  for (const name of found.value.empty) complain(describeEmpty(name));
  return succeeded(found.value.statements);
}

/** Said once, when the first index is to be tried. */
const withoutCopy = (name: string): string =>
  `${name} has no HypoPG, and no copy of its statistics could be made to try indexes on; suggestions are not proven.`;

/** The live server, with a copy of its statistics to try indexes on where it cannot try them itself. */
export const openProver = (live: Live, complain: Complain): Database =>
  besideTwin(live, {
    progress: createProgress(process.stderr),
    onTrouble: (error) => {
      if (error.kind === "cancelled") return;
      const trouble = sayTrouble(describeDatabaseError(error, live.name));
      complain(`${withoutCopy(live.name)} ${trouble}`);
    },
  });

/** `planlens explain …`; answers the exit code. */
export async function explain(
  asked: ExplainArguments,
  complain: Complain,
  signal: AbortSignal,
): Promise<number> {
  const statements = await findStatements(asked.files, complain);
  if (!statements.ok) {
    complain(statements.error.sentence);
    return statements.error.code;
  }
  const live = await openLive(
    { connection: asked.connection, byBuilding: asked.proveByBuilding },
    signal,
  );
  if (!live.ok) {
    complain(live.error.sentence);
    return live.error.code;
  }
  const { name, info } = live.value;
  const database =
    asked.advise && asked.twin
      ? openProver(live.value, complain)
      : live.value.database;
  try {
    const shown = { ...asked, name, server: info.versionText, complain };
    return await report(database, statements.value, shown, signal);
  } finally {
    await database.close();
  }
}

/** Like `explain`, on a twin that is open already. */
export const explainOn = (
  asked: Shown,
  statements: readonly FileStatement[],
  on: { readonly database: Database; readonly server: string },
  signal: AbortSignal,
): Promise<number> =>
  report(
    on.database,
    statements,
    { ...asked, name: "the twin", server: on.server },
    signal,
  );
