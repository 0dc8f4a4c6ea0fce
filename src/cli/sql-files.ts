import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import path from "node:path";
import { failed, succeeded, type Result } from "../core/result.ts";
import { splitStatements } from "../core/sql/split.ts";
import { decodeText, isPacked } from "./decode-text.ts";
import { describeFileError } from "./wording.ts";

/** One statement of a file. */
export interface FileStatement {
  readonly file: string;
  /** One-based, of its first character. */
  readonly line: number;
  /** One-based, in UTF-16 units. */
  readonly column: number;
  readonly text: string;
}

/** What the files named hold. */
export interface FoundStatements {
  /** In their order; psql commands are passed over. */
  readonly statements: readonly FileStatement[];
  /** Files without a statement. */
  readonly empty: readonly string[];
}

/** A file as it was named: with `:LINE` only the statement that stands there is meant. */
interface NamedFile {
  readonly name: string;
  readonly line: number | undefined;
}

/** One-based line of an offset. */
export function lineOf(text: string, offset: number): number {
  let line = 1;
  for (
    let at = text.indexOf("\n");
    at !== -1 && at < offset;
    at = text.indexOf("\n", at + 1)
  )
    line += 1;
  return line;
}

function readName(written: string): NamedFile {
  const [, name, line] = /^(.+):(\d+)$/u.exec(written) ?? [];
  return name === undefined || existsSync(written)
    ? { name: written, line: undefined }
    : { name, line: Number(line) };
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin)
    chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

const isFolder = (name: string): Promise<boolean> =>
  stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );

const bundleHint =
  "it is packed, as a statistics bundle is, which is given with --bundle";

/** A bundle among the SQL files is a slip that its first bytes tell. */
function decodeSql(bytes: Buffer): Result<string, string> {
  return isPacked(bytes) ? failed(bundleHint) : decodeText(bytes);
}

async function readText(name: string): Promise<Result<string, string>> {
  try {
    const text = decodeSql(
      name === "-" ? await readStandardInput() : await readFile(name),
    );
    return text.ok ? text : failed(`${name} cannot be read: ${text.error}.`);
  } catch (error) {
    const why = describeFileError(error);
    const hint = (await isFolder(name))
      ? ` Name its files: ${path.join(name, "*.sql")}.`
      : "";
    return failed(`${name} cannot be read: ${why}.${hint}`);
  }
}

interface Placed extends FileStatement {
  readonly lastLine: number;
}

/** Counts on from the last statement: a dump holds hundred thousands. */
function statementsIn(file: string, text: string): readonly Placed[] {
  let line = 1;
  let counted = 0;
  const lineAt = (offset: number): number => {
    line += lineOf(text.slice(counted, offset), offset) - 1;
    counted = offset;
    return line;
  };
  return splitStatements(text)
    .filter(({ kind }) => kind === "sql")
    .map(({ start, end }) => ({
      file,
      line: lineAt(start),
      column: start - text.lastIndexOf("\n", start - 1),
      lastLine: lineAt(end),
      text: text.slice(start, end),
    }));
}

/** Lines at which statements begin, as a hint; a long file's first ones. */
function describeLines(statements: readonly Placed[]): string {
  const lines = [...new Set(statements.map(({ line }) => line))];
  const shown = lines.slice(0, 8).join(", ");
  return `${shown}${lines.length > 8 ? ", …" : ""}`;
}

function chooseStatements(
  all: readonly Placed[],
  { name, line }: NamedFile,
): Result<readonly Placed[], string> {
  if (line === undefined) return succeeded(all);
  const [there] = all.filter((one) => one.line <= line && one.lastLine >= line);
  if (there !== undefined) return succeeded([there]);
  return failed(
    all.length === 0
      ? `${name} holds no statement.`
      : `${name} has no statement at line ${line}; its statements begin at ${describeLines(all)}.`,
  );
}

/** Statements of the files (`FILE`, `FILE:LINE`, `-`) in order; the failure is a sentence naming what could not be read. */
export async function readStatements(
  names: readonly string[],
): Promise<Result<FoundStatements, string>> {
  const statements: FileStatement[] = [];
  const empty: string[] = [];
  for (const written of names) {
    const named = readName(written);
    const text = await readText(named.name);
    if (!text.ok) return text;
    const chosen = chooseStatements(
      statementsIn(named.name, text.value),
      named,
    );
    if (!chosen.ok) return chosen;
    if (chosen.value.length === 0) empty.push(named.name);
    for (const { file, line, column, text: sql } of chosen.value)
      statements.push({ file, line, column, text: sql });
  }
  return succeeded({ statements, empty });
}

/** What there is to say of files that hold nothing to plan. */
export const describeEmpty = (name: string): string =>
  `${name === "-" ? "Standard input" : name} holds no SQL statement.`;
