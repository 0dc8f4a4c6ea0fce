import type { Database, DatabaseError } from "../../app/database.ts";
import { tellHiddenStatements } from "../../app/hidden-statements.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { english, sayText } from "../../core/words.ts";
import type { Live } from "../open-live.ts";
import { complaintOf } from "../wording.ts";
import {
  nothingFound,
  titleOf,
  type Opened,
  type Source,
  type SourceNeeds,
} from "./source.ts";

/** Statements of pg_stat_statements that are taken, the costliest first. */
const mostStatements = 500;

const noFile = nothingFound(
  "give FILE.sql, --from-statements, or a bundle that holds queries.",
);

async function readCounted(
  database: Database,
  { asked, signal }: SourceNeeds,
): Promise<Result<Pick<Told, "found" | "remarks">, DatabaseError>> {
  if (!asked.fromStatements) return succeeded({ found: [] });
  const slow = await database.slowQueries(mostStatements, signal);
  if (!slow.ok) return slow;
  const found = slow.value.queries.map(({ queryId, text, calls }) => ({
    name: queryId,
    text,
    calls,
    place: titleOf(queryId, text),
  }));
  const hidden = tellHiddenStatements(slow.value);
  return succeeded({
    found,
    remarks: hidden === undefined ? [] : [sayText(hidden, english)],
  });
}

const notCounted = ({ kind }: DatabaseError): string =>
  kind === "missingExtension" || kind === "missingRight"
    ? "--from-statements needs the statements that pg_stat_statements counts. "
    : "";

/** What a live server tells of its own workload. */
export type Told = Pick<Source, "found" | "remarks" | "withoutFound" | "usage">;

/** Asks for the use of its indexes, and for the statements it has counted where these are wanted. */
export async function askServer(
  { database, name }: Pick<Live, "database" | "name">,
  needs: SourceNeeds,
): Opened<Told> {
  const found = await readCounted(database, needs);
  if (!found.ok) {
    const { sentence, code } = complaintOf(found.error, name);
    return failed({ sentence: `${notCounted(found.error)}${sentence}`, code });
  }
  const use = await database.indexUse(needs.signal);
  return succeeded({
    ...found.value,
    usage: use.ok ? use : failed(complaintOf(use.error, name)),
    withoutFound: needs.asked.fromStatements
      ? nothingFound(
          `pg_stat_statements of ${name} has counted no query of this database yet. Let the application run for a while, or give FILE.sql.`,
        )
      : noFile,
  });
}
