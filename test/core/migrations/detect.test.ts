import { describe, expect, test } from "vitest";
import { detectRunners } from "../../../src/core/migrations/detect.ts";
import { listingOf } from "./samples.ts";

const told = (files: Readonly<Record<string, string>>): readonly string[] =>
  detectRunners(listingOf(files)).map(
    ({ runner, folder, certainty }) => `${runner} in ${folder}: ${certainty}`,
  );

describe("detectRunners", () => {
  test("finds nothing in a workspace without migrations", () => {
    expect(
      told({ "src/main.ts": "", "queries/report.sql": "SELECT 1" }),
    ).toEqual([]);
  });

  test("knows golang-migrate by its pairs", () => {
    expect(
      told({
        "migrations/000001_a.up.sql": "",
        "migrations/000001_a.down.sql": "",
      }),
    ).toEqual(["golang-migrate in migrations: likely"]);
  });

  test("knows dbmate by its marker, and asks nothing about plain files then", () => {
    expect(
      told({
        "db/migrations/20260101000000_a.sql": "-- migrate:up\nSELECT 1;",
      }),
    ).toEqual(["dbmate in db/migrations: certain"]);
  });

  test("knows Flyway by its names, and is certain with a configuration", () => {
    const file = { "src/main/resources/db/migration/V1__a.sql": "" };
    const folder = "src/main/resources/db/migration";
    expect(told(file)).toEqual([`flyway in ${folder}: likely`]);
    expect(told({ ...file, "flyway.toml": "" })).toEqual([
      `flyway in ${folder}: certain`,
    ]);
  });

  test("knows Prisma by its lock file, unless the lock names another database", () => {
    const file = { "prisma/migrations/20260101000000_a/migration.sql": "" };
    const lock = "prisma/migrations/migration_lock.toml";
    expect(told({ ...file, [lock]: 'provider = "postgresql"' })).toEqual([
      "prisma in prisma/migrations: certain",
    ]);
    expect(told(file)).toEqual(["prisma in prisma/migrations: likely"]);
    expect(told({ ...file, [lock]: 'provider = "mysql"' })).toEqual([]);
  });

  test("knows node-pg-migrate by package.json, with and without a first migration", () => {
    const manifest = {
      "package.json": '{ "dependencies": { "node-pg-migrate": "^8" } }',
    };
    expect(told(manifest)).toEqual(["node-pg-migrate in migrations: certain"]);
    expect(
      told({ ...manifest, "server/migrations/1700000000000_a.js": "" }),
    ).toEqual(["node-pg-migrate in server/migrations: certain"]);
  });

  test("takes numbered files in a migrations folder for plain SQL, elsewhere only perhaps", () => {
    expect(told({ "migrations/0001_a.sql": "" })).toEqual([
      "plain-sql in migrations: likely",
    ]);
    expect(told({ "sql/0001_a.sql": "" })).toEqual([
      "plain-sql in sql: ambiguous",
    ]);
  });

  test("gives several matches, the surest first, when several runners are at home", () => {
    expect(
      told({
        "migrations/0001_a.sql": "",
        "db/migrations/20260101000000_a.sql": "-- migrate:up",
        "go/000001_a.up.sql": "",
      }),
    ).toEqual([
      "dbmate in db/migrations: certain",
      "golang-migrate in go: likely",
      "plain-sql in migrations: likely",
    ]);
  });

  test("does not look into dependencies or build output", () => {
    expect(
      told({
        "node_modules/x/migrations/0001_a.sql": "",
        "dist/V1__a.sql": "",
      }),
    ).toEqual([]);
  });
});
