import type { Answer, Effects } from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import { isInsignificant, readTokens } from "../../core/sql/lexer.ts";
import type {
  ParsedStatement,
  QualifiedName,
} from "../../core/sql/statement.ts";
import { effectsQuery, harmless, runsNamed } from "./effects-query.ts";
import type { Session } from "./session.ts";
import { withoutJit } from "./without-jit.ts";

const asJson = (names: readonly QualifiedName[]): unknown =>
  names.map(({ schema, name }) => ({ schema: schema ?? null, name }));

/** `ON CONFLICT DO UPDATE`: nothing else has these two words beside each other, DO being reserved. */
function updatesOnConflict(sql: string): boolean {
  const tokens = readTokens(sql).filter((token) => !isInsignificant(token));
  const words = tokens.map(({ start, end }) =>
    sql.slice(start, end).toLowerCase(),
  );
  return words.some((word, at) => word === "do" && words[at + 1] === "update");
}

/** What it names as written is written in this one way; WITH may write in others, and ON CONFLICT may update. */
const isOnly = (
  { verb, facts, sql }: ParsedStatement,
  only: "insert" | "delete",
): boolean =>
  verb === only &&
  facts.tables.filter(({ isTarget }) => isTarget).length === 1 &&
  !(only === "insert" && updatesOnConflict(sql));

const unique = (names: readonly string[]): readonly string[] =>
  [...new Set(names)].sort();

/** What running the statement could do beside returning rows, as far as the catalog tells. */
export async function readEffects(
  session: Session,
  statement: ParsedStatement,
): Answer<Effects> {
  const tables = statement.facts.tables.map(({ schema, name, isTarget }) => ({
    schema: schema ?? null,
    name,
    target: isTarget,
  }));
  const { functions, operators, types, members } = statement.facts;
  const values = [
    asJson(functions),
    asJson(operators),
    tables,
    members,
    harmless,
    asJson(types),
    isOnly(statement, "delete"),
    isOnly(statement, "insert"),
    runsNamed,
  ].map((value) => JSON.stringify(value));
  const rows = await session.send({
    steps: [withoutJit, { text: effectsQuery, values }],
  });
  const named = (kind: string): readonly string[] =>
    unique(
      rows.flatMap((row) => (row["kind"] === kind ? [row["name"] ?? ""] : [])),
    );
  return succeeded({
    volatileFunctions: named("function"),
    triggers: named("trigger"),
    foreignTables: named("foreignTable"),
    sequences: named("sequence"),
  });
}
