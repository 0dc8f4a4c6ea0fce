import { words } from "../../words.ts";
import { fileNameOf, filesIn, folderOf, joinPath } from "../listing.ts";
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

/** dbmate's own pattern (db.go). */
const fileName = /^(\d+).*\.sql$/;
const marker = /^--\s*migrate:up\b/m;

const usual = { kind: "timestamp" } as const;

function detect(listing: WorkspaceListing): readonly RunnerMatch[] {
  const marked = Object.entries(listing.contents).filter(
    ([path, text]) => fileName.test(fileNameOf(path)) && marker.test(text),
  );
  const folders = [...new Set(marked.map(([path]) => folderOf(path)))];
  return folders.map((folder) => ({
    runner: "dbmate",
    folder,
    evidence: words("files that begin with “-- migrate:up”"),
    certainty: "certain",
  }));
}

function render(request: MigrationRequest): Migration {
  const names = filesIn(request.listing, request.folder);
  const version = versionAfterNames(names, fileName, {
    usual,
    now: request.now,
  });
  const option = request.concurrently ? " transaction:false" : "";
  const up = `-- migrate:up${option}\n${createScript(request)}`;
  const down = `-- migrate:down${option}\n${dropStatement(request)}\n`;
  const path = joinPath(request.folder, `${version}_${fileSlug(request)}.sql`);
  const off = [
    words(
      "transaction:false stands on both sections: dbmate reads it for each on its own.",
    ),
  ];
  return {
    runner: "dbmate",
    files: [{ path, content: `${up}\n${down}` }],
    notes: [...commonNotes(request), ...(request.concurrently ? off : [])],
  };
}

/** Evidence: db.go and migration.go of dbmate. */
export const dbmate: Runner = { id: "dbmate", title: "dbmate", detect, render };
