// Gathers the English strings that go through vscode.l10n.t and the finding templates into l10n/bundle.l10n.json; `--check` compares instead of writing.
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import ts from "typescript";

const root = path.resolve(import.meta.dirname, "..");
const bundlePath = path.join(root, "l10n", "bundle.l10n.json");

async function sourcesIn(folder) {
  const entries = await readdir(path.join(root, folder), {
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

/** `l10n.t("…")` and `vscode.l10n.t("…")`. */
function isTranslation(node) {
  if (
    !ts.isCallExpression(node) ||
    !ts.isPropertyAccessExpression(node.expression)
  )
    return false;
  const { name, expression } = node.expression;
  const owner = ts.isPropertyAccessExpression(expression)
    ? expression.name.text
    : expression.text;
  return name.text === "t" && owner === "l10n";
}

function gather(text, file, found) {
  const visit = (node) => {
    const [first] = node.arguments ?? [];
    if (
      first !== undefined &&
      isText(first) &&
      (isTranslation(node) || isSentence(node))
    )
      found.add(first.text);
    if (
      ts.isPropertyAssignment(node) &&
      node.name.getText() === "template" &&
      isText(node.initializer)
    )
      found.add(node.initializer.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
}

/** The rules' own sentences: `sentence("… {0} …", …)`. */
const isSentence = (node) =>
  ts.isCallExpression(node) &&
  ts.isIdentifier(node.expression) &&
  /sentence$/iu.test(node.expression.text);

const found = new Set();
for (const folder of ["src/extension", "src/core/findings"])
  for (const file of await sourcesIn(folder))
    gather(await readFile(file, "utf8"), file, found);
const bundle = `${JSON.stringify(Object.fromEntries([...found].sort().map((text) => [text, text])), null, 2)}\n`;

if (process.argv.includes("--check")) {
  const kept = await readFile(bundlePath, "utf8").catch(() => "");
  if (kept !== bundle) {
    process.stderr.write(
      "l10n/bundle.l10n.json is out of date: run node tools/l10n.mjs\n",
    );
    process.exit(1);
  }
} else {
  await writeFile(bundlePath, bundle);
  process.stdout.write(`${found.size} strings\n`);
}
