import { rmSync } from "node:fs";
import type { ServerKind } from "../../support/server-binaries.ts";
import {
  startPostgres,
  type ServerOptions,
  type TestServer,
} from "../../support/servers.ts";
import type { World } from "./use-workbench.ts";

/** The database, and the connection to it. */
export const database = "school";

export interface School extends World {
  readonly server: TestServer;
}

export const schoolConnection = (server: TestServer): unknown => ({
  id: database,
  name: database,
  engine: "postgres",
  host: "127.0.0.1",
  port: server.port,
  database,
  user: "postgres",
  sslMode: "disable",
});

/** A server with the database `school` and fresh statistics, and a folder with a connection to it. */
export async function openSchool(options: {
  readonly kind: ServerKind;
  readonly server?: ServerOptions;
  readonly schema: string;
  readonly writeFolder: () => string;
  readonly theme: string;
}): Promise<School> {
  const server = await startPostgres(options.kind, options.server);
  await server.query(`CREATE DATABASE ${database}`);
  await server.query(options.schema, database);
  await server.query("VACUUM ANALYZE", database);
  const folder = options.writeFolder();
  return {
    server,
    folder,
    settings: {
      "workbench.colorTheme": options.theme,
      "planlens.connections": [schoolConnection(server)],
    },
    end: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
