import { readFile } from "node:fs/promises";
import { createCatalogCache } from "../app/catalog-cache.ts";
import type { Database } from "../app/database.ts";
import {
  explainStatement,
  type ExplainPorts,
} from "../app/explain-statement.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { loadSqlParser } from "../core/sql/parse.ts";
import { splitStatements } from "../core/sql/split.ts";
import type { StatementReport } from "./report.ts";

export interface SqlFile {
  readonly name: string;
  readonly text: string;
}

async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin)
    chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString("utf8");
}

/** Reads the files in order; the failure is a sentence naming the one that could not be read. */
export async function readSqlFiles(
  names: readonly string[],
): Promise<Result<readonly SqlFile[], string>> {
  const files: SqlFile[] = [];
  for (const name of names) {
    try {
      const text =
        name === "-" ? await readStandardInput() : await readFile(name, "utf8");
      files.push({ name, text: text.replace(/^\uFEFF/, "") });
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return failed(`${name} cannot be read: ${cause}`);
    }
  }
  return succeeded(files);
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

/** Explains every SQL statement of the files, one after the other; psql commands are passed over. */
export async function* explainFiles(
  database: Database,
  files: readonly SqlFile[],
  options: { readonly advise: boolean },
  signal: AbortSignal,
): AsyncGenerator<StatementReport> {
  const ports: ExplainPorts = {
    database,
    catalog: createCatalogCache(database),
    parser: await loadSqlParser(),
  };
  for (const { name, text } of files) {
    for (const span of splitStatements(text)) {
      if (span.kind === "metaCommand") continue;
      const statement = text.slice(span.start, span.end);
      const outcome = await explainStatement(
        ports,
        statement,
        { values: undefined, advise: options.advise },
        signal,
      );
      yield {
        file: name,
        line: lineOf(text, span.start),
        text: statement,
        outcome,
      };
      if (signal.aborted) return;
    }
  }
}
