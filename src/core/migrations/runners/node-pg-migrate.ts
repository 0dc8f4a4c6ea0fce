import { words } from "../../words.ts";
import {
  contentOf,
  dependsOn,
  filesIn,
  foldersWith,
  isMigrationFolder,
  joinPath,
} from "../listing.ts";
import {
  commonNotes,
  createStatement,
  dropStatement,
  fileSlug,
  headerLines,
} from "../migration-text.ts";
import type {
  Migration,
  MigrationRequest,
  Runner,
  RunnerMatch,
  WorkspaceListing,
} from "../migration.ts";
import { versionAfterNames } from "../version.ts";

/** `<13-digit ms | 17-digit utc | index>_name.<ext>`; the separator is `_` or, in older releases, `-`. */
const fileName = /^(\d+)([_-]).*\.(js|cjs|mjs|ts|cts|mts|sql)$/;
const packageName = "node-pg-migrate";

const usual = { kind: "milliseconds" } as const;

function detect(listing: WorkspaceListing): readonly RunnerMatch[] {
  if (!dependsOn(listing, packageName)) return [];
  const folders = foldersWith(listing, fileName).filter(isMigrationFolder);
  const evidence = words("node-pg-migrate in package.json");
  return (folders.length === 0 ? ["migrations"] : folders).map((folder) => ({
    runner: "node-pg-migrate",
    folder,
    evidence,
    certainty: "certain",
  }));
}

type Shape = "commonjs" | "module" | "typescript";

interface Style {
  readonly extension: string;
  readonly shape: Shape;
}

const styles: Readonly<Record<string, Shape>> = {
  cjs: "commonjs",
  mjs: "module",
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
};

/** Whether `.js` files here are modules: from a sibling's text, else from package.json. */
function shapeOfJs(request: MigrationRequest, names: readonly string[]): Shape {
  const sibling = names
    .map((name) => contentOf(request.listing, joinPath(request.folder, name)))
    .find((text) => text !== undefined);
  if (sibling !== undefined)
    return /^\s*export\s/m.test(sibling) ? "module" : "commonjs";
  const manifest = contentOf(request.listing, "package.json") ?? "";
  return /"type"\s*:\s*"module"/.test(manifest) ? "module" : "commonjs";
}

function styleOf(request: MigrationRequest, names: readonly string[]): Style {
  const extensions = names.flatMap((name) => fileName.exec(name)?.[3] ?? []);
  const extension = extensions.filter((name) => name !== "sql").at(-1) ?? "js";
  const shape = styles[extension];
  if (shape !== undefined) return { extension, shape };
  return {
    extension,
    shape: shapeOfJs(
      request,
      names.filter((name) => name.endsWith(".js")),
    ),
  };
}

/** A text as a JavaScript template literal. */
function quoteTemplate(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("`", "\\`")
    .replaceAll("${", "\\${");
  return `\`${escaped}\``;
}

function renderFunction(
  shape: Shape,
  name: "up" | "down",
  body: readonly string[],
): string {
  const heads: Readonly<Record<Shape, string>> = {
    commonjs: `exports.${name} = (pgm) => {`,
    module: `export const ${name} = (pgm) => {`,
    typescript: `export async function ${name}(pgm: MigrationBuilder): Promise<void> {`,
  };
  const end = shape === "typescript" ? "}" : "};";
  return [heads[shape], ...body.map((line) => `  ${line}`), end].join("\n");
}

function renderModule(request: MigrationRequest, shape: Shape): string {
  const off = request.concurrently ? ["pgm.noTransaction();"] : [];
  const header = headerLines(request).map((line) => `// ${line}`);
  const parts = [
    ...(shape === "typescript"
      ? [`import type { MigrationBuilder } from "${packageName}";`]
      : []),
    ...(header.length > 0 ? [header.join("\n")] : []),
    `${shape === "commonjs" ? "exports.shorthands =" : "export const shorthands ="} undefined;`,
    renderFunction(shape, "up", [
      ...off,
      `pgm.sql(${quoteTemplate(createStatement(request))});`,
    ]),
    renderFunction(shape, "down", [
      ...off,
      `pgm.sql(${quoteTemplate(dropStatement(request))});`,
    ]),
  ];
  return `${parts.join("\n\n")}\n`;
}

function render(request: MigrationRequest): Migration {
  const names = filesIn(request.listing, request.folder).filter((name) =>
    fileName.test(name),
  );
  const style = styleOf(request, names);
  const version = versionAfterNames(names, fileName, {
    usual,
    now: request.now,
  });
  const separator = names.map((name) => fileName.exec(name)?.[2]).at(-1) ?? "_";
  const slug = fileSlug(request).replaceAll("_", separator === "-" ? "-" : "_");
  const path = joinPath(
    request.folder,
    `${version}${separator}${slug}.${style.extension}`,
  );
  const hasSql = names.some((name) => name.endsWith(".sql"));
  const asJs = [
    words(
      "Written as JavaScript: node-pg-migrate's .sql files cannot turn the transaction off.",
    ),
  ];
  return {
    runner: "node-pg-migrate",
    files: [{ path, content: renderModule(request, style.shape) }],
    notes: [
      ...commonNotes(request),
      ...(hasSql && request.concurrently ? asJs : []),
    ],
  };
}

/** Evidence: migration.ts and sqlMigration.ts of node-pg-migrate. */
export const nodePgMigrate: Runner = {
  id: "node-pg-migrate",
  title: "node-pg-migrate",
  detect,
  render,
};
