import type { Answer, ParameterDescription } from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { comparedColumns, type ComparedColumn } from "./compared-columns.ts";
import { preparedName } from "./exchange.ts";
import { healing, locateError } from "./explain.ts";
import { readWithoutHidden } from "./hidden-relations.ts";
import { relationNamed } from "./named-relation.ts";
import {
  countParameters,
  findPreparation,
  knownPreparation,
} from "./prepare.ts";
import type { Session } from "./session.ts";

/** How many values a person wants to choose from. */
const exampleCount = 8;

const examplesQuery = `SELECT /* planlens */ a.number,
    array_to_json((coalesce(s.most_common_vals, s.histogram_bounds)::text::text[])[1:${exampleCount}]) AS examples
  FROM json_to_recordset($1::json) AS a(number int, schema text, "table" text, "column" text)
  JOIN pg_class c ON c.oid = ${relationNamed("a.schema", 'a."table"')}
  JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = a."column"`;

async function readExamples(
  session: Session,
  compared: readonly ComparedColumn[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const found = new Map<number, readonly string[]>();
  if (compared.length === 0) return found;
  const rows = await readWithoutHidden(session, {
    text: examplesQuery,
    values: [JSON.stringify(compared)],
  });
  for (const row of rows) {
    const number = Number(row["number"]);
    const examples = JSON.parse(row["examples"] ?? "[]") as readonly string[];
    if (!found.has(number)) found.set(number, examples);
  }
  return found;
}

const typesQuery = `SELECT /* planlens */ array_to_json(parameter_types::text[]) AS types
  FROM pg_prepared_statements WHERE name = '${preparedName}'`;

/** Types as the server infers them, values from the statistics of the column each one is compared with. */
export async function describeParameters(
  session: Session,
  statement: ParsedStatement,
): Answer<readonly ParameterDescription[]> {
  if (countParameters(statement) === 0) return succeeded([]);
  let types: readonly string[];
  let sent = knownPreparation(session, statement);
  try {
    await findPreparation(session, statement);
    const [row] = await healing(session, statement, "none", () => {
      sent = knownPreparation(session, statement);
      return session.send({
        prepare: sent.text.text,
        types: sent.types,
        steps: [{ text: typesQuery }],
      });
    });
    types = JSON.parse(row?.["types"] ?? "[]") as readonly string[];
  } catch (error) {
    return locateError(error, { prefix: "", text: sent.text });
  }
  const examples = await readExamples(session, comparedColumns(statement));
  return succeeded(
    types.map((type, at) => ({
      number: at + 1,
      type,
      examples: examples.get(at + 1) ?? [],
    })),
  );
}
