import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { beforeAll, expect, test } from "vitest";
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
  const needed = [
    "package.json",
    "package.nls.json",
    "readme.md",
    "changelog.md",
    "LICENSE.txt",
    "l10n/bundle.l10n.json",
    "media/icon.png",
    "media/panel.svg",
    "dist/extension.js",
    "dist/cli.js",
    "dist/libpg-query.wasm",
    "dist/demo-server.js",
    "dist/demo/generate.sql",
    "dist/demo/workload.json",
    "dist/demo/pglite/pglite.wasm",
    "dist/demo/pglite/pglite.data",
    "dist/demo/pglite/initdb.wasm",
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

test("no text file of the package names a folder of this machine", () => {
  const text = /\.(js|json|md|sql|css|svg|txt)$/;
  const telling = [root, os.homedir()].filter((folder) => folder.length > 5);
  const found = [...files].filter(
    ([name, bytes]) =>
      text.test(name) && telling.some((folder) => bytes.includes(folder)),
  );
  expect(found.map(([name]) => name)).toEqual([]);
});

test("the package is at most 15 MB", () => {
  expect(statSync(vsix).size).toBeLessThanOrEqual(15 * 1024 * 1024);
});

test("the marketplace page has its icon, banner, categories and keywords", () => {
  const manifest = JSON.parse(String(files.get("package.json"))) as Readonly<
    Record<string, unknown>
  >;
  expect(manifest["icon"]).toBe("media/icon.png");
  expect(manifest["galleryBanner"]).toMatchObject({
    color: expect.stringMatching(/^#/) as string,
  });
  expect(manifest["categories"]).not.toEqual([]);
  expect(manifest["keywords"]).toContain("postgresql");
});
