/** The folder and the servers of an everyday: a team's database with TLS and without call counts, a MongoDB, migrations of no certain tool. */
import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import type { MongoMemoryServer } from "mongodb-memory-server-core";
import { findMongodBinary, startMongod } from "../../support/mongod.ts";
import { startPostgres, type TestServer } from "../../support/servers.ts";
import { rosterQuery, smallSchoolTable } from "./small-school.ts";

export const database = "campus";

/** Pieces of the statements that the tests look for, and the files they stand in. */
export const sleeping = "SELECT pg_sleep(55)";
const statements = {
  "roster.sql": `-- The newest of a course.\n${rosterQuery};\n`,
  "sleep.sql": `-- Longer than anybody waits.\n${sleeping};\n`,
  "pause.sql": `-- Pauses a course.\nUPDATE enrollments SET status = 'paused' WHERE course_id = 42;\n`,
};

export interface EverydayWorld {
  readonly folder: string;
  readonly server: TestServer;
  /** Path of the authority that signed the server's certificate. */
  readonly authority: string;
  /** With the user `ada`, password `right-hunter2`; undefined where no `mongod` can run. */
  readonly mongo: MongoMemoryServer | undefined;
  readonly end: () => Promise<void>;
}

/** A certificate authority and a server certificate for `localhost`, made anew. */
function makeCertificates(folder: string): Record<string, string> {
  const run = (words: string): void => {
    const done = spawnSync("openssl", words.split(" "), { cwd: folder });
    if (done.status !== 0)
      throw new Error(`openssl ${words}: ${String(done.stderr)}`);
  };
  run(
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-authority -keyout ca.key -out ca.crt",
  );
  run(
    "req -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout server.key -out server.csr",
  );
  run(
    "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out server.crt",
  );
  const read = (name: string): string =>
    readFileSync(path.join(folder, name), "utf8");
  return { "server.crt": read("server.crt"), "server.key": read("server.key") };
}

function writeFolder(port: number): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-everyday-"));
  for (const name of ["queries", "migrations"])
    mkdirSync(path.join(folder, name));
  for (const [name, text] of Object.entries(statements))
    writeFileSync(path.join(folder, "queries", name), text);
  writeFileSync(
    path.join(folder, "migrations", "000001_start.up.sql"),
    "SELECT 1;\n",
  );
  writeFileSync(
    path.join(folder, "migrations", "000001_start.down.sql"),
    "SELECT 1;\n",
  );
  mkdirSync(path.join(folder, "db", "migrate"), { recursive: true });
  writeFileSync(
    path.join(folder, "db", "migrate", "20260101090000_start.sql"),
    "-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 1;\n",
  );
  writeFileSync(
    path.join(folder, ".env"),
    `DATABASE_URL=postgres://postgres:hunter2@127.0.0.1:${port}/${database}?sslmode=disable\n`,
  );
  return folder;
}

export async function openEverydayWorld(): Promise<EverydayWorld> {
  const keys = mkdtempSync(path.join(os.tmpdir(), "planlens-tls-"));
  const files = makeCertificates(keys);
  const server = await startPostgres("15-hypopg", {
    settings: { ssl: "on" },
    files,
  });
  await server.query(`CREATE DATABASE ${database}`);
  await server.query(`${smallSchoolTable}\nCREATE EXTENSION hypopg;`, database);
  await server.query("VACUUM ANALYZE enrollments", database);
  const binary = findMongodBinary();
  const mongo =
    "path" in binary
      ? await startMongod(binary.path, {
          user: "ada",
          password: "right-hunter2",
        })
      : undefined;
  const folder = writeFolder(server.port);
  return {
    folder,
    server,
    mongo,
    authority: path.join(keys, "ca.crt"),
    end: async () => {
      await mongo?.stop();
      await server.stop();
      for (const made of [folder, keys])
        rmSync(made, { recursive: true, force: true });
    },
  };
}
