import type {
  Migration,
  MigrationRequest,
  Runner,
  RunnerId,
} from "./migration.ts";
import { dbmate } from "./runners/dbmate.ts";
import { flyway } from "./runners/flyway.ts";
import { golangMigrate } from "./runners/golang-migrate.ts";
import { nodePgMigrate } from "./runners/node-pg-migrate.ts";
import { plainSql } from "./runners/plain-sql.ts";
import { prisma } from "./runners/prisma.ts";

/** Every runner, the ones with a configuration of their own first. */
export const runners: readonly Runner[] = [
  prisma,
  flyway,
  nodePgMigrate,
  dbmate,
  golangMigrate,
  plainSql,
];

/** The runner of that name. */
function findRunner(id: RunnerId): Runner {
  const found = runners.find((runner) => runner.id === id);
  if (found === undefined) throw new Error(`No runner is called ${id}`);
  return found;
}

/** The files a runner needs to create one index, with what the person should know. */
export function renderMigration(
  id: RunnerId,
  request: MigrationRequest,
): Migration {
  return findRunner(id).render(request);
}
