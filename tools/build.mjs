// Bundles the extension host, the command line, the webview and the demo server into dist/.
import { build } from "esbuild";
import { cp, mkdir, rm } from "node:fs/promises";
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

/** The Node bundles: one file each, loaded by Node 18 and later. */
function nodeBundle(entry, outfile, production) {
  return build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: path.join(outDir, outfile),
    bundle: true,
    platform: "node",
    target: "node18",
    format: "cjs",
    external: ["vscode", ...absentOnPurpose],
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
    entryPoints: { main: "webview/main.ts", panel: "webview/panel.css" },
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
    nodeBundle("src/extension/main.ts", "extension.js", production),
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
