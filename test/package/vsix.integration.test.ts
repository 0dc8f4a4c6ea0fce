import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
import { findNode, nodeMajors } from "../support/nodes.ts";
import { startPostgres, whyUnavailable } from "../support/servers.ts";
import { readZip } from "../support/zip.ts";

const root = path.resolve(import.meta.dirname, "../..");
const vsix = path.join(root, "planlens.vsix");
let files: ReadonlyMap<string, Buffer> = new Map();

beforeAll(() => {
  if (!existsSync(vsix))
    throw new Error("planlens.vsix is missing: run `npm run package` first.");
  files = new Map(
    [...readZip(readFileSync(vsix))].map(([name, bytes]) => [
      name.replace(/^extension\//, ""),
      bytes,
    ]),
  );
});

test("the package holds every file that the extension reads", () => {
  const pages = readdirSync(path.join(root, "docs/rules")).filter((name) =>
    name.endsWith(".md"),
  );
  expect(pages.length).toBeGreaterThan(0);
  // The build puts there what the demo reads, and nothing else.
  const demo = readdirSync(path.join(root, "dist/demo"), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".map"))
    .map((entry) =>
      path
        .relative(root, path.join(entry.parentPath, entry.name))
        .replaceAll(path.sep, "/"),
    );
  expect(demo).toEqual(
    expect.arrayContaining([
      "dist/demo/generate.sql",
      "dist/demo/workload.json",
      "dist/demo/pglite/pglite.wasm",
      "dist/demo/pglite/pglite.data",
      "dist/demo/pglite/initdb.wasm",
      "dist/demo/pglite/cluster.br",
    ]),
  );
  const needed = [
    "package.json",
    "package.nls.json",
    "package.nls.de.json",
    "readme.md",
    "changelog.md",
    "LICENSE.txt",
    "l10n/bundle.l10n.json",
    "l10n/bundle.l10n.de.json",
    "media/icon.png",
    "media/panel.svg",
    "dist/extension.js",
    "dist/cli.js",
    "dist/libpg-query.wasm",
    "dist/demo-server.js",
    ...demo,
    "dist/webview/main.js",
    "dist/webview/panel.css",
    ...pages.map((name) => `docs/rules/${name}`),
  ];
  expect(needed.filter((name) => !files.has(name))).toEqual([]);
});

test("the extension's parts that are loaded on demand lie beside it", () => {
  const asked = [...files]
    .filter(([name]) => /^dist\/[^/]+\.js$/.test(name))
    .flatMap(([, bytes]) => [
      ...bytes.toString().matchAll(/require\("\.\/([^"/]+\.js)"\)/g),
    ])
    .map(([, name = ""]) => `dist/${name}`);
  expect(asked).toContain("dist/adapters-postgres-open.js");
  expect(asked.filter((name) => !files.has(name))).toEqual([]);
});

test("what is read before the editor goes on is small: no driver, no grammar", () => {
  expect(files.get("dist/extension.js")?.length).toBeLessThan(250_000);
});

test("the package holds no source, test, source map, dependency folder or secret file", () => {
  const unwanted =
    /^(src|test|webview|tools)\/|node_modules|\.map$|(^|\/)\.env/;
  expect([...files.keys()].filter((name) => unwanted.test(name))).toEqual([]);
});

const absolutePath = /\/[\w.@-]+(?:\/[\w.@-]+)+/g;
/** Every system has these. */
const ofAnySystem = /^\/(usr|etc|dev|proc|sys|bin|lib|opt|run|var)\//;

/** Folders that tell who built the package and where: the checkout, the home, and whatever else exists here. */
function pathsOfThisMachine(bytes: Buffer): readonly string[] {
  const text = bytes.toString("latin1");
  const telling = [root, os.homedir()];
  const named = new Set(text.match(absolutePath) ?? []);
  return [...named].filter(
    (found) =>
      telling.some((folder) => found.startsWith(`${folder}/`)) ||
      (!ofAnySystem.test(found) && existsSync(found)),
  );
}

test("no file of the package names a path of the machine that built it", () => {
  const found = [...files].flatMap(([name, bytes]) =>
    pathsOfThisMachine(bytes).map((one) => `${name}: ${one}`),
  );
  expect(found).toEqual([]);
});

test("a path of this machine would be found", () => {
  const here = import.meta.filename;
  expect(pathsOfThisMachine(Buffer.from(`x="${here}"`))).toEqual([here]);
  expect(
    pathsOfThisMachine(Buffer.from("/usr/bin/env /no/such/place")),
  ).toEqual([]);
});

test("the package is at most 15 MB", () => {
  expect(statSync(vsix).size).toBeLessThanOrEqual(15 * 1024 * 1024);
});

/** Those of the Visual Studio Marketplace; it refuses a package with any other. */
const marketplaceCategories: readonly string[] = [
  "AI",
  "Chat",
  "Data Science",
  "Debuggers",
  "Education",
  "Extension Packs",
  "Formatters",
  "Keymaps",
  "Language Packs",
  "Linters",
  "Machine Learning",
  "Notebooks",
  "Other",
  "Programming Languages",
  "SCM Providers",
  "Snippets",
  "Testing",
  "Themes",
  "Visualization",
];

test("the marketplace page has its icon, banner, categories and keywords", () => {
  const manifest = JSON.parse(String(files.get("package.json"))) as Readonly<
    Record<string, unknown>
  >;
  expect(manifest["icon"]).toBe("media/icon.png");
  expect(manifest["galleryBanner"]).toMatchObject({
    color: expect.stringMatching(/^#/) as string,
  });
  expect(manifest["categories"]).toEqual([
    ...new Set(manifest["categories"] as readonly string[]),
  ]);
  expect(manifest["categories"]).not.toEqual([]);
  expect(
    (manifest["categories"] as readonly string[]).filter(
      (category) => !marketplaceCategories.includes(category),
    ),
  ).toEqual([]);
  expect(manifest["keywords"]).toContain("postgresql");
});

for (const major of nodeMajors) {
  const found = findNode(major);
  const reason =
    whyUnavailable(18) ?? ("missing" in found ? found.missing : undefined);
  test.skipIf(reason !== undefined)(
    `the unpacked command line explains on Node ${major}${reason === undefined ? "" : ` (skipped: ${reason})`}`,
    async () => {
      if ("missing" in found) return;
      const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-vsix-"));
      const server = await startPostgres(18);
      try {
        for (const [name, bytes] of files) {
          if (!name.startsWith("dist/") || name.startsWith("dist/demo/"))
            continue;
          mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
          writeFileSync(path.join(folder, name), bytes);
        }
        const done = spawnSync(
          found.program,
          [
            path.join(folder, "dist/cli.js"),
            ...["explain", "-", "--connection", server.url],
            ...["--format", "json"],
          ],
          {
            input: "SELECT count(*) FROM pg_class WHERE relname = 'x';",
            encoding: "utf8",
            env: { HOME: folder },
          },
        );
        expect(done.stderr).toBe("");
        expect(done.status).toBe(0);
        expect(done.stdout).toContain("pg_class");
      } finally {
        await server.stop();
        rmSync(folder, { recursive: true });
      }
    },
  );
}
