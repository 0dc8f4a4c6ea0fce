import type { Migration } from "../../core/migrations/migration.ts";

/** Of the text that a preview shows. */
export const previewScheme = "planlens-migration";

/** How a line of its own is said to be none of the program's. */
const commentMark = (path: string): string =>
  path.endsWith(".sql") ? "--" : "//";

/** The files one after the other, each under its path, so that one look tells all that would be written. */
export const renderPreview = (files: Migration["files"]): string =>
  files
    .map(
      ({ path, content }) =>
        `${commentMark(path)} ${path}\n\n${content.trimEnd()}\n`,
    )
    .join("\n\n");
