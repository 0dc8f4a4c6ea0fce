import { openPostgres } from "../../adapters/postgres/open.ts";
import type { Database, DatabaseError } from "../../app/database.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import type { Live } from "../open-live.ts";
import {
  copyStatistics,
  tellOfCopy,
  type ServedTwin,
} from "../statistics-twin.ts";
import { remarkLines } from "../twin/remark-lines.ts";
import { complaintOf, type Complaint } from "../wording.ts";
import type { AdviseArguments } from "./arguments.ts";
import type { Opened, OpenPlanner, SourceNeeds } from "./source.ts";

const noHypopg: Complaint = {
  sentence:
    "There is no HypoPG in this database. Have CREATE EXTENSION hypopg run there (its package is postgresql-15-hypopg on Debian, with the server's version), or leave --proof hypopg out to try indexes on a copy of the statistics.",
  code: 2,
};

/** HypoPG on the twin: hypothetical indexes on its statistics. */
async function openWithHypopg({
  built,
}: ServedTwin["twin"]): Promise<Database | undefined> {
  try {
    await built.admin.run("CREATE EXTENSION IF NOT EXISTS hypopg");
  } catch {
    return undefined;
  }
  return openPostgres(built.target, {
    name: "twin",
    log: () => undefined,
    password: () => Promise.resolve(undefined),
  });
}

/** A twin with HypoPG when that is asked for; closes everything when it cannot be had. */
export async function openOnTwin(
  served: Result<ServedTwin, DatabaseError>,
  { proof }: AdviseArguments,
): Opened<OpenPlanner> {
  if (!served.ok) return failed(complaintOf(served.error, "The twin's server"));
  const { twin, bundle, description, close } = served.value;
  const notes = [
    `Planned on a twin of ${description}.`,
    ...remarkLines(bundle, twin.remarks),
  ];
  if (proof !== "hypopg")
    return succeeded({ database: twin.database, notes, close });
  const database = await openWithHypopg(twin);
  if (database === undefined) {
    await close();
    return failed(noHypopg);
  }
  const closeBoth = async (): Promise<void> => {
    await database.close();
    await close();
  };
  return succeeded({ database, notes, close: closeBoth });
}

/** HypoPG on the server where it is wanted and there, else a twin. */
export async function openLivePlanner(
  live: Live,
  { asked, progress, signal }: SourceNeeds,
): Opened<OpenPlanner> {
  const hasHypopg = live.info.whatIf === "hypopg";
  if (hasHypopg && asked.proof !== "twin")
    return succeeded({
      database: live.database,
      notes: [],
      close: () => Promise.resolve(),
    });
  if (asked.proof === "hypopg") return failed(noHypopg);
  tellOfCopy(live.name, "--proof hypopg");
  progress.say(`Copying the statistics of ${live.name}`);
  const served = await copyStatistics(live, asked.server, signal);
  // On the twin's server every right is there: what is missing is missing at the source.
  if (!served.ok && served.error.kind === "missingRight")
    return failed(complaintOf(served.error, live.name));
  const planner = await openOnTwin(served, asked);
  if (!planner.ok) return planner;
  // The twin knows the statistics; what was written, and what this role may see, only the server knows.
  const { catalog } = live.database;
  return succeeded({
    ...planner.value,
    database: { ...planner.value.database, catalog },
  });
}
