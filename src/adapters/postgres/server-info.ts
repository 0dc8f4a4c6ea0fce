import type { Answer, ServerInfo } from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import { quoteIdentifier } from "../../core/sql/quote-identifier.ts";
import type { Session } from "./session.ts";

export interface HypopgExtension {
  readonly version: string;
  /** Quoted; it need not be on the search_path. */
  readonly schema: string;
}

export async function findHypopg(
  session: Session,
): Promise<HypopgExtension | undefined> {
  const [row] = await session.run(
    `SELECT /* planlens */ e.extversion, n.nspname FROM pg_extension e
     JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'hypopg'`,
  );
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
