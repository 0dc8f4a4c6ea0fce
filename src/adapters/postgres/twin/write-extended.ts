import type {
  ColumnStatistics,
  CommonCombinations,
  ExtendedStatistics,
} from "../../../core/twin/bundle.ts";
import {
  patchCommon,
  renderDependencies,
  renderDistinct,
  type NumberKey,
} from "../../../core/twin/extended-binary.ts";
import type { Remark } from "../../../core/twin/plan-build.ts";
import { quoteIdentifier } from "../../../core/sql/quote-identifier.ts";
import { phrase, words } from "../../../core/words.ts";
import { readError } from "../errors.ts";
import type { Row } from "../exchange.ts";
import type { Session } from "../session.ts";
import { writeColumnStatistics } from "./write-statistics.ts";

/** A table of the object's columns and expressions, to let the server itself make what has no text form. */
const stage = "planlens_stage";

interface Target {
  readonly id: string;
  readonly relation: string;
  readonly keys: readonly number[];
  readonly columns: readonly string[];
  /** SQL of each expression. */
  readonly expressions: readonly string[];
}

const findTarget = (
  version: number,
): string => `SELECT /* planlens */ s.oid AS id, s.stxrelid::regclass::text AS relation, array_to_json(s.stxkeys::int2[]) AS keys,
    (SELECT json_agg(a.attname ORDER BY k.nr) FROM unnest(s.stxkeys::int2[]) WITH ORDINALITY k(attnum, nr)
      JOIN pg_attribute a ON a.attrelid = s.stxrelid AND a.attnum = k.attnum) AS columns,
    ${version >= 140_000 ? "array_to_json(pg_get_statisticsobjdef_expressions(s.oid))" : "NULL"} AS expressions
  FROM pg_statistic_ext s JOIN pg_namespace n ON n.oid = s.stxnamespace WHERE n.nspname = $1 AND s.stxname = $2`;

const readJson = <Value>(
  text: string | null | undefined,
  none: Value,
): Value => (text == null ? none : (JSON.parse(text) as Value));

function readTarget(row: Row): Target {
  return {
    id: row["id"] ?? "0",
    relation: row["relation"] ?? "",
    keys: readJson<readonly number[]>(row["keys"], []),
    columns: readJson<readonly string[]>(row["columns"], []),
    expressions: readJson<readonly string[]>(row["expressions"], []),
  };
}

const keyNames = (target: Target): readonly string[] =>
  [...target.columns, ...target.expressions].map((_, at) => `k${at + 1}`);

async function makeStage(owner: Session, target: Target): Promise<void> {
  const keys = [
    ...target.columns.map(quoteIdentifier),
    ...target.expressions.map((expression) => `(${expression})`),
  ];
  const list = keys.map((key, at) => `${key} AS k${at + 1}`).join(", ");
  await owner.run(`DROP TABLE IF EXISTS public.${stage}`);
  await owner.run(
    `CREATE TABLE public.${stage} AS SELECT ${list} FROM ${target.relation} LIMIT 0`,
  );
}

const hex = (bytes: Uint8Array): string =>
  `\\x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;

/** Fills the stage with one row per combination; ANALYZE then writes the values as the catalog wants them. */
async function analyzeStage(
  owner: Session,
  target: Target,
  common: CommonCombinations,
): Promise<void> {
  const names = keyNames(target);
  const types = await owner.run(
    `SELECT /* planlens */ format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = 'public.${stage}'::regclass AND attnum > 0 ORDER BY attnum`,
  );
  const casts = types
    .map(({ type }, at) => `(x.v ->> ${at})::${type ?? "text"}`)
    .join(", ");
  await owner.run(
    `INSERT INTO public.${stage} SELECT ${casts} FROM json_array_elements($1::json) x(v)`,
    [JSON.stringify(common.values)],
  );
  await owner.run(
    `CREATE STATISTICS public.${stage}_statistics (mcv) ON ${names.join(", ")} FROM public.${stage}`,
  );
  await owner.run(
    `ALTER STATISTICS public.${stage}_statistics SET STATISTICS 10000`,
  );
  await owner.run(`ANALYZE public.${stage}`);
}

async function renderCommon(
  own: Sessions,
  target: Target,
  common: CommonCombinations,
): Promise<string | undefined> {
  await analyzeStage(own.owner, target, common);
  const made = await own.admin.run(
    `SELECT /* planlens */ encode(d.stxdmcv::bytea, 'hex') AS list, i.index, array_to_json(i.values) AS values, array_to_json(i.nulls) AS nulls
     FROM pg_statistic_ext_data d CROSS JOIN LATERAL pg_mcv_list_items(d.stxdmcv) i
     WHERE d.stxoid = (SELECT oid FROM pg_statistic_ext WHERE stxname = '${stage}_statistics')`,
  );
  const placeOf = new Map(
    made.map((row) => {
      const values = readJson<readonly (string | null)[]>(row["values"], []);
      const nulls = readJson<readonly boolean[]>(row["nulls"], []);
      const combination = values.map((value, at) =>
        nulls[at] === true ? null : value,
      );
      return [JSON.stringify(combination), Number(row["index"])];
    }),
  );
  const order = common.values.map((one) => placeOf.get(JSON.stringify(one)));
  const known = order.filter((place) => place !== undefined);
  const list = made[0]?.["list"];
  if (list == null || known.length !== order.length) return undefined;
  const patched = patchCommon(
    new Uint8Array(Buffer.from(list, "hex")),
    known,
    common,
  );
  return patched === undefined ? undefined : hex(patched);
}

interface Sessions {
  readonly admin: Session;
  readonly owner: Session;
}

/** Statistics of the expressions go through the stage's own rows of pg_statistic. */
async function stageExpressions(
  admin: Session,
  target: Target,
  statistics: ExtendedStatistics,
): Promise<void> {
  const columns = statistics.expressions.map((one, at): ColumnStatistics => ({
    ...one,
    schema: "public",
    relation: stage,
    column: `k${target.columns.length + at + 1}`,
    position: undefined,
    inherited: false,
  }));
  await admin.run(
    `DELETE FROM pg_catalog.pg_statistic WHERE starelid = 'public.${stage}'::regclass`,
  );
  await writeColumnStatistics(admin, columns);
}

const castsNeeded = ["pg_ndistinct", "pg_dependencies", "pg_mcv_list"];

/** The types share bytea's form, but only the way to bytea is there. Superuser's right, on the twin alone. */
async function makeCasts(admin: Session): Promise<void> {
  for (const type of castsNeeded) {
    const [present] = await admin.run(
      `SELECT /* planlens */ 1 AS one FROM pg_cast WHERE castsource = 'bytea'::regtype AND casttarget = '${type}'::regtype`,
    );
    if (present === undefined)
      await admin.run(`CREATE CAST (bytea AS ${type}) WITHOUT FUNCTION`);
  }
}

async function insertData(
  admin: Session,
  target: Target,
  statistics: ExtendedStatistics,
  common: string | undefined,
): Promise<void> {
  const numberKey: NumberKey = (key) =>
    target.keys[key] ?? -(key - target.keys.length + 1);
  const { distinctValues, dependencies, expressions } = statistics;
  const values = [
    target.id,
    distinctValues.length === 0
      ? null
      : hex(renderDistinct(distinctValues, numberKey)),
    dependencies.length === 0
      ? null
      : hex(renderDependencies(dependencies, numberKey)),
    common ?? null,
  ];
  const hasInherited = admin.versionNumber >= 150_000;
  const inherited = hasInherited ? `, stxdinherit` : "";
  const flag = hasInherited ? `, ${String(statistics.inherited)}` : "";
  const isSame = hasInherited
    ? `AND stxdinherit = ${String(statistics.inherited)}`
    : "";
  const hasExpressions = admin.versionNumber >= 140_000;
  const staged =
    expressions.length === 0
      ? "NULL"
      : `(SELECT array_agg(s ORDER BY s.staattnum) FROM pg_statistic s WHERE s.starelid = 'public.${stage}'::regclass)`;
  await admin.run(
    `DELETE FROM pg_catalog.pg_statistic_ext_data WHERE stxoid = $1::oid ${isSame}`,
    [target.id],
  );
  await admin.run(
    `INSERT INTO pg_catalog.pg_statistic_ext_data (stxoid, stxdndistinct, stxddependencies, stxdmcv${hasExpressions ? ", stxdexpr" : ""}${inherited})
     SELECT $1::oid, $2::bytea::pg_ndistinct, $3::bytea::pg_dependencies, $4::bytea::pg_mcv_list${hasExpressions ? `, ${staged}` : ""}${flag}`,
    values,
  );
}

async function writeOne(
  own: Sessions,
  statistics: ExtendedStatistics,
): Promise<string | undefined> {
  const { schema, name, common, expressions } = statistics;
  const [row] = await own.admin.run(findTarget(own.admin.versionNumber), [
    schema,
    name,
  ]);
  if (row === undefined) return "the twin has no such object";
  const target = readTarget(row);
  const needsStage = common !== undefined || expressions.length > 0;
  if (needsStage) await makeStage(own.owner, target);
  const rendered =
    common === undefined ? undefined : await renderCommon(own, target, common);
  if (expressions.length > 0)
    await stageExpressions(own.admin, target, statistics);
  await insertData(own.admin, target, statistics, rendered);
  if (needsStage) await own.owner.run(`DROP TABLE public.${stage}`);
  return common !== undefined && rendered === undefined
    ? words(
        "its common combinations could not be made again; the rest is there",
      )
    : undefined;
}

/** Writes the data of CREATE STATISTICS objects, as superuser, while the tables are empty. */
export async function writeExtendedStatistics(
  own: Sessions,
  all: readonly ExtendedStatistics[],
): Promise<readonly Remark[]> {
  if (all.length === 0) return [];
  const remarks: Remark[] = [];
  await makeCasts(own.admin);
  for (const one of all) {
    const what = phrase("data of statistics {0}", `${one.schema}.${one.name}`);
    try {
      const why = await writeOne(own, one);
      if (why !== undefined) remarks.push({ what, why });
    } catch (error) {
      if (own.admin.isLost() || own.owner.isLost()) throw error;
      remarks.push({ what, why: readError(error).message });
    }
  }
  return remarks;
}
