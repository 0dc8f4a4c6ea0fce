import { renderCreateIndex, renderDropIndex } from "../advice/render-ddl.ts";
import { phrase, type Text, words } from "../words.ts";
import type { MigrationRequest } from "./migration.ts";

/** One line, whatever the text holds, without semicolons: golang-migrate's multi-statement mode splits at those in comments too. */
const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, " ").replaceAll(";", ",").trim();

const invalidGuard = (request: MigrationRequest): string =>
  oneLine(
    renderDropIndex(request.index, request.name, {
      concurrently: true,
      ifExists: true,
    }),
  );

/** Why the migration is there, in English whatever the editor speaks: the file belongs to everybody who works on it, and what to do when a concurrent build broke off; lines without comment marks. */
export function headerLines(request: MigrationRequest): readonly string[] {
  const lines = request.reason === undefined ? [] : [oneLine(request.reason)];
  if (!request.concurrently) return lines;
  return [
    ...lines,
    "CONCURRENTLY keeps the table writable, and so this file holds one statement and no transaction.",
    `If the build breaks off it leaves an INVALID index. Before running this again: ${invalidGuard(request)}`,
  ];
}

/** The header as SQL comments, each line closed by a newline. */
function renderHeader(request: MigrationRequest): string {
  return headerLines(request)
    .map((line) => `-- ${line}\n`)
    .join("");
}

/** The CREATE INDEX statement with its semicolon. */
export function createStatement(request: MigrationRequest): string {
  return `${renderCreateIndex(request.index, request.name, { concurrently: request.concurrently })};`;
}

/** What creates the index, with the header above it, as a whole file or section of SQL. */
export const createScript = (request: MigrationRequest): string =>
  `${renderHeader(request)}${createStatement(request)}\n`;

/** The DROP INDEX statement with its semicolon. */
export function dropStatement(request: MigrationRequest): string {
  const options = { concurrently: request.concurrently, ifExists: true };
  return `${renderDropIndex(request.index, request.name, options)};`;
}

/** Words for a migration file's name: the index name reduced to letters, digits and underscores. */
export function fileSlug(request: MigrationRequest): string {
  const parts =
    `add_${request.name}`.normalize("NFKD").match(/[A-Za-z0-9]+/g) ?? [];
  return parts.join("_").toLowerCase();
}

/** What holds for every runner when the index is built concurrently, and when it is not. */
export function commonNotes(request: MigrationRequest): readonly Text[] {
  if (!request.concurrently)
    return [
      words(
        "Built without CONCURRENTLY: writes to the table wait until the index is ready.",
      ),
    ];
  return [
    words(
      "One statement in the file: several sent together form a transaction, and CONCURRENTLY refuses that (25001).",
    ),
    words(
      "A lock_timeout belongs in the connection or an earlier file, not in this one.",
    ),
    phrase(
      "A build that breaks off leaves an INVALID index: {0}, then run the migration again.",
      invalidGuard(request),
    ),
  ];
}
