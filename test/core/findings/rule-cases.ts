import { readFileSync } from "node:fs";
import type { Catalog } from "../../../src/core/catalog.ts";
import { findFindings } from "../../../src/core/findings/catalogue.ts";
import type { Finding } from "../../../src/core/findings/finding.ts";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { loadSqlParser } from "../../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../../src/core/sql/statement.ts";
import { rulePath } from "../../plans/stored.ts";

export interface StoredCase {
  readonly sql: string;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly statement: ParsedStatement;
  readonly findings: readonly Finding[];
}

/** A statement of the school with the plan and catalog a real PostgreSQL 15 gave for it. */
export async function readRuleCase(name: string): Promise<StoredCase> {
  const stored = JSON.parse(readFileSync(rulePath(name), "utf8")) as {
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
