import { type Text, words } from "../../words.ts";
import { fileNameOf, folderOf, foldersIn, joinPath } from "../listing.ts";
import { commonNotes, createScript, fileSlug } from "../migration-text.ts";
import type {
  Migration,
  MigrationRequest,
  Runner,
  RunnerMatch,
  WorkspaceListing,
} from "../migration.ts";
import { versionAfterNames } from "../version.ts";

const folderName = /^(\d{14})_/;
const migrationFile = /(?:^|\/)migrations\/\d{14}_[^/]*\/migration\.sql$/;

const usual = { kind: "timestamp" } as const;

function isPostgres(listing: WorkspaceListing, lock: string): boolean {
  const text = listing.contents[lock];
  return (
    text === undefined ||
    /provider\s*=\s*"(?:postgresql|postgres|cockroachdb)"/.test(text)
  );
}

function match(
  folder: string,
  evidence: Text,
  certainty: RunnerMatch["certainty"],
): RunnerMatch {
  return { runner: "prisma", folder, evidence, certainty };
}

function detect(listing: WorkspaceListing): readonly RunnerMatch[] {
  const locks = listing.paths.filter(
    (path) => fileNameOf(path) === "migration_lock.toml",
  );
  const certain = locks
    .filter((lock) => isPostgres(listing, lock))
    .map((lock) => match(folderOf(lock), "migration_lock.toml", "certain"));
  const locked = new Set(locks.map(folderOf));
  const shaped = listing.paths
    .filter((path) => migrationFile.test(path))
    .map((path) => folderOf(folderOf(path)))
    .filter((folder) => !locked.has(folder));
  const likely = [...new Set(shaped)].map((folder) =>
    match(
      folder,
      words("folders like 20260101120000_name/migration.sql"),
      "likely",
    ),
  );
  if (certain.length + likely.length > 0) return [...certain, ...likely];
  const schemas = listing.paths.filter(
    (path) => fileNameOf(path) === "schema.prisma",
  );
  return locks.length > 0
    ? []
    : schemas.map((path) =>
        match(
          joinPath(folderOf(path), "migrations"),
          "schema.prisma",
          "likely",
        ),
      );
}

function render(request: MigrationRequest): Migration {
  const folders = foldersIn(request.listing, request.folder);
  const version = versionAfterNames(folders, folderName, {
    usual,
    now: request.now,
  });
  const folder = joinPath(request.folder, `${version}_${fileSlug(request)}`);
  const content = createScript(request);
  return {
    runner: "prisma",
    files: [{ path: joinPath(folder, "migration.sql"), content }],
    notes: [
      ...commonNotes(request),
      words("Prisma has no down migrations."),
      words(
        "Add the index to schema.prisma (@@index with the same map name), or the next migrate dev will want to drop it.",
      ),
    ],
  };
}

/** Evidence: prisma#14456 and #9154: a single concurrent statement in migration.sql runs outside a transaction. */
export const prisma: Runner = { id: "prisma", title: "Prisma", detect, render };
