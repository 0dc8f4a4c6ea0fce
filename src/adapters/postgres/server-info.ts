import type { Answer, ServerInfo } from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import { quoteIdentifier } from "../../core/sql/quote-identifier.ts";
import { readWithoutHidden } from "./hidden-relations.ts";
import type { Session } from "./session.ts";

export interface HypopgExtension {
  readonly version: string;
  /** Quoted; it need not be on the search_path. */
  readonly schema: string;
}

/** Its functions are as good as absent for a role that may not use their schema or call them. */
const mayCall = `has_schema_privilege(n.oid, 'USAGE') AND NOT EXISTS (SELECT FROM pg_depend d JOIN pg_proc p ON p.oid = d.objid
       WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_proc'::regclass
         AND p.proname IN ('hypopg_create_index', 'hypopg_drop_index', 'hypopg_relation_size', 'hypopg_reset')
         AND NOT has_function_privilege(p.oid, 'EXECUTE'))`;

export async function findHypopg(
  session: Session,
): Promise<HypopgExtension | undefined> {
  const [row] = await readWithoutHidden(session, {
    text: `SELECT /* planlens */ e.extversion, n.nspname FROM pg_extension e
     JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg' AND ${mayCall}`,
  });
  return row === undefined
    ? undefined
    : {
        version: row["extversion"] ?? "",
        schema: quoteIdentifier(row["nspname"] ?? ""),
      };
}

export async function readServerInfo(
  session: Session,
  whatIfByBuilding: boolean,
): Answer<ServerInfo> {
  const hypopg = await findHypopg(session);
  const [row] = await session.run(
    "SELECT /* planlens */ pg_is_in_recovery() AS replica",
  );
  const fallback = whatIfByBuilding ? "build" : "none";
  return succeeded({
    engine: "postgres",
    versionNumber: session.versionNumber,
    versionText: session.versionText,
    hypopgVersion: hypopg?.version,
    whatIf: hypopg === undefined ? fallback : "hypopg",
    isReadOnlyReplica: row?.["replica"] === "t",
  });
}
