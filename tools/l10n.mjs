// Gathers every English text that a person may see in another language into l10n/bundle.l10n.json; `--check` compares instead of writing, and checks the translations.
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
const folder = path.join(root, "l10n");
const bundlePath = path.join(folder, "bundle.l10n.json");

async function sourcesIn(place) {
  const entries = await readdir(path.join(root, place), {
    recursive: true,
    withFileTypes: true,
  });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
}

const isText = (node) =>
  ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node);

/** `t` of `l10n.t("…")`, `sentence` of `sentence("…")`. */
const calledName = ({ expression }) =>
  ts.isPropertyAccessExpression(expression)
    ? expression.name.text
    : expression.text;

/** Their first argument is a text, or a choice between texts. */
const takesText = new Set(["t", "sentence", "phrase"]);

function* textsOf(node) {
  if (isText(node)) yield node.text;
  else if (ts.isConditionalExpression(node)) {
    yield* textsOf(node.whenTrue);
    yield* textsOf(node.whenFalse);
  }
}

/** Every text in the argument of `words(…)`; keys are no texts. */
function* textsIn(node) {
  if (isText(node)) yield node.text;
  else if (ts.isPropertyAssignment(node)) yield* textsIn(node.initializer);
  else for (const child of childrenOf(node)) yield* textsIn(child);
}

function childrenOf(node) {
  const children = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

const pieced = [];

function gather(node, found) {
  const [first] = ts.isCallExpression(node) ? node.arguments : [];
  if (first !== undefined) {
    const name = calledName(node);
    // A text put together from pieces is in no bundle.
    if (takesText.has(name) && ts.isTemplateExpression(first))
      pieced.push(first.getText());
    const texts = takesText.has(name)
      ? textsOf(first)
      : name === "words"
        ? textsIn(first)
        : [];
    for (const text of texts) if (text !== "") found.add(text);
  }
  for (const child of childrenOf(node)) gather(child, found);
}

async function gatherAll() {
  const found = new Set();
  for (const place of ["src", "webview"])
    for (const file of await sourcesIn(place)) {
      const text = await readFile(file, "utf8");
      gather(
        ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true),
        found,
      );
    }
  return [...found].sort();
}

const placeholders = (text) =>
  [...text.matchAll(/\{\d+\}|\$\([a-z-]+\)|\(command:[\w.]+\)/gu)]
    .map(([one]) => one)
    .sort()
    .join(" ");

/** What a translation lacks, has too much, or has with other placeholders than the English text. */
function* faultsOf(name, english, translated) {
  for (const [key, text] of Object.entries(english)) {
    if (typeof translated[key] !== "string" || translated[key] === "")
      yield `${name} lacks: ${key}`;
    else if (placeholders(translated[key]) !== placeholders(text))
      yield `${name} has other placeholders: ${key}`;
  }
  for (const key of Object.keys(translated))
    if (!Object.hasOwn(english, key)) yield `${name} has a stray text: ${key}`;
}

const readJson = async (file) => JSON.parse(await readFile(file, "utf8"));

async function faultsOfTranslations(bundle) {
  const faults = [];
  const manifest = await readJson(path.join(root, "package.nls.json"));
  const inFolder = (await readdir(folder)).map((name) => [
    name,
    path.join(folder, name),
    bundle,
  ]);
  const inRoot = (await readdir(root)).map((name) => [
    name,
    path.join(root, name),
    manifest,
  ]);
  for (const [name, file, english] of [...inFolder, ...inRoot])
    if (/^(?:bundle\.l10n|package\.nls)\.[\w-]+\.json$/u.test(name))
      faults.push(...faultsOf(name, english, await readJson(file)));
  return faults;
}

const bundle = Object.fromEntries(
  (await gatherAll()).map((text) => [text, text]),
);
const written = `${JSON.stringify(bundle, null, 2)}\n`;

if (process.argv.includes("--check")) {
  const kept = await readFile(bundlePath, "utf8").catch(() => "");
  const faults = await faultsOfTranslations(bundle);
  if (kept !== written)
    faults.unshift(
      "l10n/bundle.l10n.json is out of date: run node tools/l10n.mjs",
    );
  faults.push(
    ...pieced.map((text) => `write whole sentences, not pieces: ${text}`),
  );
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  if (faults.length > 0) process.exit(1);
} else {
  await writeFile(bundlePath, written);
  process.stdout.write(`${Object.keys(bundle).length} strings\n`);
}
