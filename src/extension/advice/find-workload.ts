import {
  gatherWorkload,
  type FoundStatement,
  type GatheredStatement,
} from "../../app/gather-workload.ts";
import type { DatabaseError } from "../../app/database.ts";
import type { ExplainPorts } from "../../app/explain-statement.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { slowQueryLabel } from "../sidebar/slow-query-words.ts";
import type { StatementOrigin, WorkloadSource } from "./advice-record.ts";

/** The queries that were found, and what kept the server's from being read where the files' are there anyway. */
export interface FoundWorkload {
  readonly statements: readonly GatheredStatement<StatementOrigin>[];
  readonly serverTrouble: DatabaseError | undefined;
}

// What a server has counted beyond these is a small share of its time.
const maximumServerQueries = 500;

async function fromServer(
  { database }: ExplainPorts,
  signal: AbortSignal,
): Promise<Result<readonly FoundStatement<StatementOrigin>[], DatabaseError>> {
  const slow = await database.slowQueries(maximumServerQueries, signal);
  if (!slow.ok) return slow;
  return succeeded(
    slow.value.queries.map(({ queryId, text, calls }) => ({
      name: slowQueryLabel(text),
      text,
      calls,
      place: { kind: "server", queryId },
    })),
  );
}

/** Statements of the chosen source, each weighted. Fails when that is the server alone and it does not tell. */
export async function findWorkload(
  ports: ExplainPorts,
  source: WorkloadSource,
  collectFiles: (
    signal: AbortSignal,
  ) => Promise<readonly FoundStatement<StatementOrigin>[]>,
  signal: AbortSignal,
): Promise<Result<FoundWorkload, DatabaseError>> {
  const files = source === "server" ? [] : await collectFiles(signal);
  const counted =
    source === "files" ? succeeded([]) : await fromServer(ports, signal);
  if (!counted.ok && source === "server") return failed(counted.error);
  const onServer = counted.ok ? counted.value : [];
  return succeeded({
    statements: gatherWorkload(ports.parser, [...files, ...onServer]),
    serverTrouble: counted.ok ? undefined : counted.error,
  });
}
