import { openPostgres } from "../adapters/postgres/open.ts";
import type { PostgresTarget } from "../app/connection.ts";
import type { Database, ServerInfo } from "../app/database.ts";
import { failed, succeeded, type Result } from "../core/result.ts";
import { findTarget } from "./find-target.ts";
import { complaintOf, type Complaint } from "./wording.ts";

/** A server that answers. */
export interface Live {
  readonly database: Database;
  readonly info: ServerInfo;
  /** `host:port/database` */
  readonly name: string;
  readonly target: PostgresTarget;
  readonly password: () => Promise<string | undefined>;
}

export interface LiveOptions {
  /** As given with --connection. */
  readonly connection: string | undefined;
  /** Try indexes by building them in a transaction that is rolled back. */
  readonly byBuilding: boolean;
}

/** Opens what `--connection` or the environment names, and asks it who it is. The caller closes it. */
export async function openLive(
  { connection, byBuilding }: LiveOptions,
  signal: AbortSignal,
): Promise<Result<Live, Complaint>> {
  const found = await findTarget(connection, process.env);
  if (!found.ok) return failed({ sentence: found.error, code: 2 });
  const { target, password } = found.value;
  const name = `${target.host}:${target.port}/${target.database}`;
  const database = openPostgres(target, {
    name,
    password,
    log: () => undefined,
    whatIfByBuilding: byBuilding,
    singleSession: byBuilding,
  });
  const info = await database.info(signal);
  if (info.ok)
    return succeeded({ database, info: info.value, name, target, password });
  await database.close();
  return failed(complaintOf(info.error, name));
}
