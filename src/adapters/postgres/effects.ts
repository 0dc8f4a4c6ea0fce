import type { Answer, DatabaseError, Effects } from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import type { Hazard, ParsedStatement } from "../../core/sql/statement.ts";
import type { Session } from "./session.ts";

/** Volatile, yet without any effect: they only read a clock or make a number. */
const harmless = [
  "random",
  "random_normal",
  "clock_timestamp",
  "timeofday",
  "gen_random_uuid",
  "uuidv4",
  "uuidv7",
  "pg_sleep",
  "pg_sleep_for",
  "pg_sleep_until",
];

const effectsQuery = `WITH /* planlens */ RECURSIVE
  called AS (SELECT x.schema, x.name
    FROM json_to_recordset($1::json) AS x(schema text, name text)),
  named AS (SELECT DISTINCT to_regclass(CASE WHEN x.schema IS NULL THEN quote_ident(x.name)
      ELSE quote_ident(x.schema) || '.' || quote_ident(x.name) END)::oid AS id, x.target
    FROM json_to_recordset($2::json) AS x(schema text, name text, target boolean)),
  touched(id) AS (SELECT id FROM named WHERE id IS NOT NULL
    UNION SELECT d.refobjid FROM touched t JOIN pg_rewrite r ON r.ev_class = t.id
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
        AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> t.id),
  function_ids AS (
    SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      JOIN called c ON c.name = p.proname AND (c.schema IS NULL OR c.schema = n.nspname)
      WHERE NOT (n.nspname = 'pg_catalog' AND p.proname = ANY (ARRAY(SELECT json_array_elements_text($3::json))))
    UNION SELECT d.refobjid FROM touched t JOIN pg_rewrite r ON r.ev_class = t.id
      JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_proc'::regclass
    UNION SELECT d.refobjid FROM touched t JOIN pg_policy y ON y.polrelid = t.id
      JOIN pg_depend d ON d.classid = 'pg_policy'::regclass AND d.objid = y.oid AND d.refclassid = 'pg_proc'::regclass)
SELECT 'function' AS kind, p.oid::regprocedure::text AS name FROM function_ids f JOIN pg_proc p ON p.oid = f.oid
  WHERE p.provolatile = 'v' AND p.prokind IN ('f', 'p')
UNION ALL SELECT 'trigger', t.tgname || ' on ' || t.tgrelid::regclass || ' (' || t.tgfoid::regproc || ')'
  FROM named JOIN pg_trigger t ON t.tgrelid = named.id
  WHERE named.target AND NOT t.tgisinternal AND t.tgenabled <> 'D'
UNION ALL SELECT 'sequence', s.oid::regclass::text FROM named
  JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = named.id
    AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' WHERE named.target
UNION ALL SELECT 'sequence', s.oid::regclass::text FROM named
  JOIN pg_attrdef e ON e.adrelid = named.id
  JOIN pg_depend d ON d.classid = 'pg_attrdef'::regclass AND d.objid = e.oid AND d.refclassid = 'pg_class'::regclass
  JOIN pg_class s ON s.oid = d.refobjid AND s.relkind = 'S' WHERE named.target`;

interface QualifiedName {
  readonly schema: string | null;
  readonly name: string;
}

function splitName(written: string): QualifiedName {
  const parts = written
    .split(".")
    .map((part) => part.replace(/^"(.*)"$/, "$1"));
  return {
    schema: parts.length > 1 ? (parts.at(-2) ?? null) : null,
    name: parts.at(-1) ?? "",
  };
}

function calledFunctions(statement: ParsedStatement): readonly QualifiedName[] {
  const fromHazards = statement.hazards.flatMap((hazard) =>
    hazard.kind === "callsFunction" ? [hazard.name] : [],
  );
  return [...new Set([...statement.facts.functions, ...fromHazards])].map(
    splitName,
  );
}

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
  const values = [calledFunctions(statement), tables, harmless].map((value) =>
    JSON.stringify(value),
  );
  const rows = await session.run(effectsQuery, values);
  const named = (kind: string): readonly string[] =>
    unique(
      rows.flatMap((row) => (row["kind"] === kind ? [row["name"] ?? ""] : [])),
    );
  return succeeded({
    volatileFunctions: named("function"),
    triggers: named("trigger"),
    sequences: named("sequence"),
  });
}

function wordsFor(hazard: Hazard): string | undefined {
  switch (hazard.kind) {
    case "writes":
      return `${hazard.what} changes data`;
    case "writesInCte":
      return `${hazard.what} in WITH changes data`;
    case "selectInto":
      return "SELECT INTO creates a table";
    case "locksRows":
      return `${hazard.clause} locks rows`;
    case "callsFunction":
      return undefined;
  }
}

/** Why the statement may not be run without consent, before anything of it is sent; undefined when it only reads. */
export function findRefusal(
  statement: ParsedStatement,
  effects: Effects,
): DatabaseError | undefined {
  const [words] = statement.hazards.flatMap((hazard) => wordsFor(hazard) ?? []);
  if (words !== undefined) return { kind: "readOnlyViolation", message: words };
  const [called] = effects.volatileFunctions;
  if (called === undefined) return undefined;
  return {
    kind: "readOnlyViolation",
    message: `it calls ${called}, which is volatile and may change something`,
  };
}
