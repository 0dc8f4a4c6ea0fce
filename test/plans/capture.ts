import { readFileSync } from "node:fs";
import path from "node:path";
import pg from "pg";
import type { TestServer } from "../support/servers.ts";
import type { RuleCase } from "./rule-cases.ts";
import { plansFolder } from "./stored.ts";
import type { Situation } from "./operators.ts";

/** Sessions see memoize, MERGE … only where they exist; unknown settings are left out. */
const settingsSince: Readonly<Record<string, number>> = { enable_memoize: 14 };

export async function openSchool(server: TestServer): Promise<pg.Client> {
  await server.query(readFileSync(path.join(plansFolder, "schema.sql"), "utf8"));
  // VACUUM cannot stand in a script of several statements.
  await server.query("VACUUM ANALYZE");
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  return client;
}

type Asked = Pick<Situation | RuleCase, "sql" | "settings">;

/** Runs EXPLAIN with these options in a transaction that is rolled back. */
export async function explain(
  client: pg.Client,
  asked: Asked,
  options: string,
  major: number,
): Promise<unknown> {
  await client.query("BEGIN");
  try {
    for (const [name, value] of Object.entries(asked.settings ?? {}))
      if ((settingsSince[name] ?? 0) <= major)
        await client.query(`SET LOCAL ${name} = ${value}`);
    const answer = await client.query<{ readonly "QUERY PLAN": unknown }>(
      `EXPLAIN (${options}) ${asked.sql}`,
    );
    const rows = answer.rows.map((row) => row["QUERY PLAN"]);
    return options.includes("JSON") ? rows[0] : rows.join("\n");
  } finally {
    await client.query("ROLLBACK");
  }
}

/** What a trigger sees of the rows that fired it can be planned only inside it. */
export async function explainTransitionTable(client: pg.Client): Promise<unknown> {
  await client.query("BEGIN");
  try {
    await client.query(`
      CREATE FUNCTION look() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE found json;
      BEGIN
        EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) SELECT count(*) FROM added WHERE id > 200' INTO found;
        INSERT INTO captured VALUES (found);
        RETURN NULL;
      END $$;
      CREATE TRIGGER look AFTER INSERT ON levels REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION look();
      INSERT INTO levels SELECT 200 + i, 'x' FROM generate_series(1, 10) i;`);
    const { rows } = await client.query<{ readonly plan: unknown }>("SELECT plan FROM captured");
    return rows[0]?.plan;
  } finally {
    await client.query("ROLLBACK");
  }
}
