import { readFileSync } from "node:fs";
import type { Catalog } from "../../../src/core/catalog.ts";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import type { Finding } from "../../../src/core/findings/finding.ts";
import { renderSentence } from "../../../src/core/findings/sentence.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";
import { english } from "../../../src/core/words.ts";
import { rulePath } from "../../plans/stored.ts";

export interface StoredCase {
  readonly sql: string;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly statement: ParsedStatement;
  readonly findings: readonly Finding[];
}

/**
 * A statement of the school with the plan and catalog a real PostgreSQL 15 gave for it; `change` rewrites the
 * stored JSON, for what another version writes or another catalog holds.
 */
export async function readRuleCase(
  name: string,
  change: (stored: string) => string = (same) => same,
): Promise<StoredCase> {
  const stored = JSON.parse(change(readFileSync(rulePath(name), "utf8"))) as {
    readonly sql: string;
    readonly catalog: Catalog;
    readonly plan: unknown;
  };
  const plan = parseExplain(stored.plan);
  const statement = (await loadSqlParser()).parse(stored.sql);
  if (!plan.ok || !statement.ok) throw new Error(`${name} is not readable`);
  return {
    sql: stored.sql,
    catalog: stored.catalog,
    plan: plan.value,
    statement: statement.value,
    findings: findFindings({
      plan: plan.value,
      statement: statement.value,
      catalog: stored.catalog,
    }),
  };
}

/** What is said of a stored case after these changes of its JSON, each of which has to be there. */
export async function sayChanged(
  name: string,
  ...changes: readonly (readonly [from: string, to: string])[]
): Promise<readonly (readonly [rule: string, sentence: string])[]> {
  const { findings } = await readRuleCase(name, (stored) => {
    let text = stored;
    for (const [from, to] of changes) {
      if (!text.includes(from)) throw new Error(`${name} has no ${from}`);
      text = text.replace(from, to);
    }
    return text;
  });
  return findings.map(({ rule, sentence }) => [
    rule,
    renderSentence(sentence, english),
  ]);
}
