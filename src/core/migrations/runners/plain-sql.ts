import { phrase, words } from "../../words.ts";
import {
  filesIn,
  foldersWith,
  isMigrationFolder,
  joinPath,
} from "../listing.ts";
import { commonNotes, createScript, fileSlug } from "../migration-text.ts";
import type {
  Migration,
  MigrationRequest,
  Runner,
  RunnerMatch,
  WorkspaceListing,
} from "../migration.ts";
import { versionAfterNames } from "../version.ts";

/** `0007_name.sql`, `20260101120000-name.sql`, `7.name.sql`: a version, a separator, words. */
const fileName = /^(\d+)([_\-.])[^.]*\.sql$/;
const otherRunners = /\.(?:up|down)\.sql$|^[VUR][\d_.]*__/;

const usual = { kind: "sequence", width: 4 } as const;

function namesOf(listing: WorkspaceListing, folder: string): readonly string[] {
  return filesIn(listing, folder).filter(
    (name) => fileName.test(name) && !otherRunners.test(name),
  );
}

function detect(listing: WorkspaceListing): readonly RunnerMatch[] {
  return foldersWith(listing, fileName)
    .filter((folder) => namesOf(listing, folder).length > 0)
    .map((folder) => ({
      runner: "plain-sql",
      folder,
      evidence: phrase(
        "numbered files like {0}",
        namesOf(listing, folder).at(-1) ?? "",
      ),
      certainty: isMigrationFolder(folder) ? "likely" : "ambiguous",
    }));
}

function render(request: MigrationRequest): Migration {
  const names = namesOf(request.listing, request.folder);
  const version = versionAfterNames(names, fileName, {
    usual,
    now: request.now,
  });
  const separator = names.map((name) => fileName.exec(name)?.[2]).at(-1) ?? "_";
  const path = joinPath(
    request.folder,
    `${version}${separator}${fileSlug(request)}.sql`,
  );
  const content = createScript(request);
  return {
    runner: "plain-sql",
    files: [{ path, content }],
    notes: [
      ...commonNotes(request),
      ...(request.concurrently
        ? [words("Run it with psql -f, without --single-transaction (-1).")]
        : []),
      words("No down file: plain SQL folders have no convention for one."),
    ],
  };
}

/** A folder of numbered .sql files that psql or a script of one's own runs in order. */
export const plainSql: Runner = {
  id: "plain-sql",
  title: "Plain SQL files",
  detect,
  render,
};
