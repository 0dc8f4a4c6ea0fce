import type { RelationStatistics } from "../../../core/twin/bundle.ts";
import { estimateLevel } from "../../../core/twin/btree-pages.ts";
import type { Session } from "../session.ts";
import { isOurs } from "./write-statistics.ts";
import type { RelationFile } from "./grow-files.ts";

/**
 * Files of relations, and for B-trees the bytes of a key: the columns up to the first that tells most
 * rows apart, as suffix truncation keeps them on inner pages.
 */
const query = `SELECT /* planlens */ x.schema, x.name, pg_relation_filepath(c.oid) AS path,
    CASE WHEN m.amname = 'btree' THEN (
      SELECT min(w.bytes) FROM (
        SELECT k.nr, sum(coalesce(s.stawidth, nullif(a.attlen, -1), 16)) OVER (ORDER BY k.nr) AS bytes,
          coalesce(s.stadistinct, 0) AS distinct_values
        FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, nr)
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.nr
        LEFT JOIN pg_statistic s ON s.starelid = CASE WHEN k.attnum = 0 THEN c.oid ELSE i.indrelid END
          AND s.staattnum = CASE WHEN k.attnum = 0 THEN k.nr ELSE k.attnum END AND NOT s.stainherit
        WHERE k.nr <= i.indnkeyatts) w
      WHERE w.nr = i.indnkeyatts OR w.distinct_values < -0.1 OR w.distinct_values > x.blocks
    ) END AS key_bytes
  FROM json_to_recordset($1::json) AS x(schema text, name text, blocks float8)
  JOIN pg_namespace n ON n.nspname = x.schema
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = x.name AND c.relkind IN ('r', 'i') AND ${isOurs}
  LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_am m ON m.oid = c.relam`;

export interface NamedFile extends RelationFile {
  readonly schema: string;
  readonly name: string;
}

/** Where the relations lie and how long they shall be; needs the statistics to be written. */
export async function readRelationFiles(
  session: Session,
  relations: readonly Pick<RelationStatistics, "schema" | "name" | "blocks">[],
): Promise<readonly NamedFile[]> {
  const asked = relations.map(({ schema, name, blocks }) => ({
    schema,
    name,
    blocks,
  }));
  const rows = await session.run(query, [JSON.stringify(asked)]);
  const blocksOf = new Map(
    relations.map(({ schema, name, blocks }) => [
      JSON.stringify([schema, name]),
      blocks,
    ]),
  );
  return rows.map((row) => {
    const blocks =
      blocksOf.get(JSON.stringify([row["schema"], row["name"]])) ?? 0;
    const keyBytes = row["key_bytes"];
    return {
      schema: row["schema"] ?? "",
      name: row["name"] ?? "",
      path: row["path"] ?? "",
      blocks,
      treeLevel:
        keyBytes == null ? undefined : estimateLevel(blocks, Number(keyBytes)),
    };
  });
}
