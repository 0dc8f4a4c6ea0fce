import type * as vscode from "vscode";
import type { ParsedStatement } from "../../core/sql/statement.ts";

type Memory = Pick<vscode.Memento, "get" | "update" | "keys">;

/** One per parameter, as text; null is NULL. */
export type Values = readonly (string | null)[];

const prefix = "planlens.values:";

const keyOf = ({ fingerprint }: Pick<ParsedStatement, "fingerprint">): string =>
  prefix + fingerprint;

/** The values given to this query the last time; none when nothing readable is kept. */
export function recallValues(
  memory: Memory,
  statement: Pick<ParsedStatement, "fingerprint">,
): Values {
  const kept = memory.get<unknown>(keyOf(statement));
  return Array.isArray(kept)
    ? kept.filter(
        (value): value is string | null =>
          value === null || typeof value === "string",
      )
    : [];
}

export async function rememberValues(
  memory: Memory,
  statement: Pick<ParsedStatement, "fingerprint">,
  values: Values,
): Promise<void> {
  await memory.update(keyOf(statement), values);
}

/** Forgets the values of every query of this workspace; resolves to how many queries had any. */
export async function forgetValues(memory: Memory): Promise<number> {
  const keys = memory.keys().filter((key) => key.startsWith(prefix));
  for (const key of keys) await memory.update(key, undefined);
  return keys.length;
}
