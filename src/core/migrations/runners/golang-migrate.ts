import { phrase, words } from "../../words.ts";
import { filesIn, foldersWith, joinPath } from "../listing.ts";
import {
  commonNotes,
  createScript,
  dropStatement,
  fileSlug,
} from "../migration-text.ts";
import type {
  Migration,
  MigrationRequest,
  Runner,
  RunnerMatch,
  WorkspaceListing,
} from "../migration.ts";
import { versionAfterNames } from "../version.ts";

/** golang-migrate's own pattern (source/parse.go), for SQL. */
const fileName = /^([0-9]+)_(.*)\.(?:down|up)\.sql$/;

/** `migrate create -seq` numbers with six digits. */
const usual = { kind: "sequence", width: 6 } as const;

function detect(listing: WorkspaceListing): readonly RunnerMatch[] {
  return foldersWith(listing, fileName).map((folder) => {
    const names = filesIn(listing, folder).filter((name) =>
      fileName.test(name),
    );
    return {
      runner: "golang-migrate",
      folder,
      evidence: phrase("file names like {0}", names.at(-1) ?? ""),
      certainty: "likely",
    };
  });
}

function render(request: MigrationRequest): Migration {
  const names = filesIn(request.listing, request.folder);
  const version = versionAfterNames(names, fileName, {
    usual,
    now: request.now,
  });
  const stem = joinPath(request.folder, `${version}_${fileSlug(request)}`);
  return {
    runner: "golang-migrate",
    files: [
      {
        path: `${stem}.up.sql`,
        content: createScript(request),
      },
      { path: `${stem}.down.sql`, content: `${dropStatement(request)}\n` },
    ],
    notes: [
      ...commonNotes(request),
      words("golang-migrate never opens a transaction of its own."),
    ],
  };
}

/** Evidence: source/parse.go and MIGRATIONS.md of golang-migrate. */
export const golangMigrate: Runner = {
  id: "golang-migrate",
  title: "golang-migrate",
  detect,
  render,
};
