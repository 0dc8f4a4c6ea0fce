// Bundles the extension host, the command line, the webview and the demo server into dist/.
import { build } from "esbuild";
import { cp, mkdir, readFile, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = path.resolve(import.meta.dirname, "..");
const outDir = path.join(root, "dist");

// Optional native or cloud parts of the drivers: absent on purpose, the drivers ask for them in a try block.
const absentOnPurpose = [
  "pg-native",
  "mongodb-client-encryption",
  "@mongodb-js/zstd",
  "kerberos",
  "snappy",
  "socks",
  "aws4",
  "@aws-sdk/credential-providers",
  "gcp-metadata",
];

/** `src/adapters/postgres/open.ts` becomes `adapters-postgres-open.js`. */
const chunkName = (source) =>
  path
    .relative(path.join(root, "src"), source)
    .replace(/\.ts$/, ".js")
    .replaceAll(path.sep, "-");

/** What is imported on demand stays out of the bundle, in a file beside it; `found` collects these modules. */
const onDemand = (found) => ({
  name: "on-demand",
  setup: (bundler) => {
    bundler.onResolve({ filter: /^\./ }, ({ kind, path: to, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const source = path.join(resolveDir, to);
      found.add(source);
      return { path: `./${chunkName(source)}`, external: true };
    });
  },
});

/** `import * as` copies the editor's API, hundreds of properties, in every module; a plain `require` takes it as it is. */
const plainEditorApi = {
  name: "plain-editor-api",
  setup: (bundler) => {
    bundler.onLoad(
      { filter: /[\\/]src[\\/]extension[\\/].*\.ts$/ },
      async (file) => ({
        contents: (await readFile(file.path, "utf8")).replace(
          'import * as vscode from "vscode"',
          'import vscode = require("vscode")',
        ),
        loader: "ts",
      }),
    );
  },
};

/** The extension, and a file for each part that it loads when first needed. */
async function extensionBundles(production) {
  const plugins = (found) => [onDemand(found), plainEditorApi];
  const built = new Set();
  const bundleWith = async (entry, outfile) => {
    const found = new Set();
    await nodeBundle(entry, outfile, production, plugins(found));
    const fresh = [...found].filter((source) => !built.has(source));
    for (const source of fresh) built.add(source);
    await Promise.all(
      fresh.map((source) => bundleWith(source, chunkName(source))),
    );
  };
  await bundleWith("src/extension/main.ts", "extension.js");
}

/** One file for Node 18 and later. */
function nodeBundle(entry, outfile, production, plugins = []) {
  return build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path.join(outDir, outfile),
    bundle: true,
    platform: "node",
    target: "node18",
    format: "cjs",
    external: ["vscode", ...absentOnPurpose],
    plugins,
    // The extension host answers `require` in every version; `import()` only in later ones.
    supported: { "dynamic-import": false },
    // The CommonJS files of the libraries: `import.meta` is empty in a CommonJS bundle.
    mainFields: ["main", "module"],
    conditions: ["require", "node"],
    minify: production,
    sourcemap: production ? false : "linked",
    logLevel: "warning",
  });
}

function webviewBundle(production) {
  return build({
    absWorkingDir: root,
    entryPoints: [
      { in: "webview/main.ts", out: "main" },
      { in: "webview/panel.css", out: "panel" },
      { in: "webview/advice/main.ts", out: "advice" },
      { in: "webview/advice/advice.css", out: "advice" },
    ],
    outdir: path.join(outDir, "webview"),
    bundle: true,
    platform: "browser",
    target: "chrome120",
    format: "iife",
    minify: production,
    sourcemap: production ? false : "linked",
    logLevel: "warning",
  });
}

async function demoBundle(production) {
  const script = path.join(root, "tools", "build-demo.mjs");
  if (!existsSync(script)) return;
  const { buildDemo } = await import(pathToFileURL(script).href);
  await buildDemo({ outDir, production });
}

/** Builds everything; resolves when dist/ is complete. */
export async function buildAll({ production = true } = {}) {
  await rm(outDir, { recursive: true, force: true });
  await mkdir(outDir, { recursive: true });
  await Promise.all([
    extensionBundles(production),
    nodeBundle("src/cli/main.ts", "cli.js", production),
    webviewBundle(production),
    demoBundle(production),
  ]);
  // The parser looks for its WASM beside the file that it was bundled into.
  await cp(
    path.join(root, "node_modules", "libpg-query", "wasm", "libpg-query.wasm"),
    path.join(outDir, "libpg-query.wasm"),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildAll({ production: !process.argv.includes("--development") });
}
