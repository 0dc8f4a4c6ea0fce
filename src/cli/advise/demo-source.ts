import { mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startDemo, type Demo } from "../../adapters/demo/start-demo.ts";
import { openPostgres } from "../../adapters/postgres/open.ts";
import { failed, succeeded } from "../../core/result.ts";
import { readStatements } from "../sql-files.ts";
import { copyStatistics } from "../statistics-twin.ts";
import { complaintOf } from "../wording.ts";
import { askServer, type Told } from "./ask-server.ts";
import { openOnTwin } from "./open-planner.ts";
import {
  nameStatements,
  type FoundQuery,
  type Opened,
  type Source,
  type SourceNeeds,
} from "./source.ts";

/** The embedded server's script and files lie beside the command line's own bundle. */
const besideUs = (name: string): string =>
  path.join(path.dirname(realpathSync(process.argv[1] ?? ".")), name);

/** The demo's own queries, named as they lie in its folder. */
async function readDemoQueries(): Promise<readonly FoundQuery[]> {
  const folder = besideUs("demo/queries");
  const names = readdirSync(folder).filter((name) => name.endsWith(".sql"));
  const found = await readStatements(
    names.sort().map((name) => path.join(folder, name)),
  );
  if (!found.ok) return [];
  return nameStatements(
    found.value.statements.map((statement) => ({
      ...statement,
      file: `demo/queries/${path.basename(statement.file)}`,
    })),
  );
}

/** The embedded database in a folder of its own. */
async function startOwnDemo({
  progress,
  signal,
}: SourceNeeds): Opened<Pick<Demo, "target" | "stop">> {
  progress.say("Starting the demo database");
  const folder = mkdtempSync(path.join(tmpdir(), "planlens-demo-"));
  const remove = (): void => {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  const demo = await startDemo({
    folder: path.join(folder, "data"),
    serverScript: besideUs("demo-server.js"),
    assetsFolder: besideUs("demo"),
    onProgress: ({ step, done, of }) => {
      progress.say(`Starting the demo database, ${done} of ${of}: ${step}`);
    },
    signal,
  });
  if (!demo.ok) {
    remove();
    return failed(complaintOf(demo.error, "The demo database"));
  }
  const { target, stop } = demo.value;
  return succeeded({
    target,
    stop: async () => {
      await stop();
      remove();
    },
  });
}

const noPassword = (): Promise<undefined> => Promise.resolve(undefined);

/** The embedded server serves one session: it is asked, closed, and then copied. */
async function askDemo(
  { target }: Pick<Demo, "target">,
  needs: SourceNeeds,
): Opened<Told> {
  const database = openPostgres(target, {
    name: "demo",
    log: () => undefined,
    password: noPassword,
    singleSession: true,
  });
  try {
    return await askServer({ database, name: "the demo database" }, needs);
  } finally {
    await database.close();
  }
}

/** Its statistics are taken: building real indexes in it would take far longer. */
export async function openDemo(needs: SourceNeeds): Opened<Source> {
  const { asked, signal } = needs;
  const hasOwn = asked.files.length > 0 || asked.fromStatements;
  const queries = hasOwn ? [] : await readDemoQueries();
  const demo = await startOwnDemo(needs);
  if (!demo.ok) return demo;
  const { target, stop } = demo.value;
  const told = await askDemo(demo.value, needs);
  if (!told.ok) {
    await stop();
    return told;
  }
  const source = { target, password: noPassword };
  return succeeded({
    ...told.value,
    found: hasOwn ? told.value.found : queries,
    openPlanner: async () =>
      openOnTwin(await copyStatistics(source, asked.server, signal), asked),
    close: stop,
  });
}
