import type { PostgresTarget } from "../../../src/app/connection.ts";
import type { Database } from "../../../src/app/database.ts";
import type { IndexDefinition } from "../../../src/core/advice/suggestion.ts";
import { openPostgres } from "../../../src/adapters/postgres/open.ts";
import type { OpenOptions } from "../../../src/adapters/postgres/sessions.ts";
import type { Result } from "../../../src/core/result.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";

/** A port that the system keeps for itself. */
export const nowhere: PostgresTarget = {
  engine: "postgres",
  host: "127.0.0.1",
  port: 1,
  database: "postgres",
  user: "postgres",
  sslMode: "disable",
  sslRootCertPath: undefined,
  sslCertPath: undefined,
  sslKeyPath: undefined,
};

/** A run that nobody was asked about. */
export const unasked = {
  environment: "dev",
  consent: { mayWrite: false, mayCallVolatile: false },
} as const;

/** A run that a person has agreed to, of a statement that writes. */
export const agreedToWrite = {
  environment: "dev",
  consent: { mayWrite: true, mayCallVolatile: true },
} as const;

export function openQuietly(
  target: PostgresTarget,
  options: Partial<OpenOptions> = {},
): Database {
  return openPostgres(target, {
    name: "test",
    password: () => Promise.resolve(undefined),
    log: () => undefined,
    ...options,
  });
}

/** The value of an answer that must have worked. */
export function unwrap<Value>(result: Result<Value, unknown>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

/** Through the product's own parser. */
export async function parsed(text: string): Promise<ParsedStatement> {
  return unwrap((await loadSqlParser()).parse(text));
}

/** Plans once with these indexes present and leaves none behind. */
export async function tryIndexes(
  database: Database,
  statement: ParsedStatement,
  indexes: readonly IndexDefinition[],
): ReturnType<ReturnType<Database["openWhatIf"]>["plan"]> {
  const session = database.openWhatIf();
  try {
    return await session.plan(statement, indexes, new AbortController().signal);
  } finally {
    await session.close();
  }
}
