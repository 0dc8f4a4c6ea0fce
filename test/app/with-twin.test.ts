import { beforeAll, describe, expect, it } from "vitest";
import type {
  Answer,
  Database,
  DatabaseError,
  ServerInfo,
  WhatIfAnswer,
} from "../../src/app/database.ts";
import { withTwin } from "../../src/app/with-twin.ts";
import type { Catalog } from "../../src/core/catalog.ts";
import { failed, succeeded } from "../../src/core/result.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../src/core/sql/statement.ts";
import { databaseWith } from "../support/database.ts";

const never = new AbortController().signal;

const infoWith = (whatIf: ServerInfo["whatIf"]): ServerInfo => ({
  engine: "postgres",
  versionNumber: 160_000,
  versionText: "16.0",
  hypopgVersion: undefined,
  whatIf,
  isReadOnlyReplica: false,
});

/** A world of one live database and the copies made of it. */
interface World {
  rows: number;
  nowMs: number;
  whatIf: ServerInfo["whatIf"];
  built: number;
  readonly closed: string[];
  readonly planned: string[];
  readonly troubles: DatabaseError[];
  /** What the next copy answers instead of being made. */
  refusal: DatabaseError | undefined;
  /** The next copy asks first, and there is no answer yet. */
  isUnasked: boolean;
  /** A person has not said that it may be copied. */
  saidNo: boolean;
  /** What the next planning on a copy answers. */
  loss: DatabaseError | undefined;
}

const newWorld = (): World => ({
  rows: 100,
  nowMs: 0,
  whatIf: "none",
  built: 0,
  closed: [],
  planned: [],
  troubles: [],
  refusal: undefined,
  isUnasked: false,
  saidNo: false,
  loss: undefined,
});

function sessionOf(world: World, name: string): Database["openWhatIf"] {
  return (values) => ({
    plan: () => {
      world.planned.push([name, ...(values ?? [])].join(" "));
      const { loss } = world;
      world.loss = undefined;
      return Promise.resolve(
        loss === undefined
          ? succeeded({ plan: name, names: [], sizesBytes: [] })
          : failed(loss),
      );
    },
    close: () => Promise.resolve(),
  });
}

function open(world: World): Database {
  const live = databaseWith({
    info: () => Promise.resolve(succeeded(infoWith(world.whatIf))),
    catalog: (): Answer<Catalog> =>
      Promise.resolve(
        succeeded({
          tables: [
            {
              schema: "public",
              name: "t",
              kind: "table",
              estimatedRows: world.rows,
              pages: 1,
              columns: [],
              indexes: [],
              foreignKeys: [],
              referencedBy: [],
            },
          ],
        }),
      ),
    openWhatIf: sessionOf(world, "live"),
    close: () => {
      world.closed.push("live");
      return Promise.resolve();
    },
  });
  return withTwin(live, {
    isRefused: () => world.saidNo,
    build: () => {
      if (world.isUnasked) {
        world.isUnasked = false;
        world.saidNo = true;
        return Promise.resolve(
          failed({ kind: "unsupported", message: "not answered" }),
        );
      }
      if (world.refusal !== undefined)
        return Promise.resolve(failed(world.refusal));
      world.built += 1;
      const name = `copy ${String(world.built)}`;
      return Promise.resolve(
        succeeded(
          databaseWith({
            openWhatIf: sessionOf(world, name),
            close: () => {
              world.closed.push(name);
              return Promise.resolve();
            },
          }),
        ),
      );
    },
    now: () => world.nowMs,
    onTrouble: (error) => {
      world.troubles.push(error);
    },
  });
}

describe("a database with a copy of its statistics", () => {
  let statement: ParsedStatement;
  beforeAll(async () => {
    const parser = await loadSqlParser();
    const parsed = parser.parse("SELECT * FROM t WHERE a = 1");
    if (!parsed.ok) throw new Error("not SQL");
    statement = parsed.value;
  });
  const plan = (database: Database): Answer<WhatIfAnswer> =>
    database.openWhatIf().plan(statement, [], never);

  it("says that indexes are tried on a copy, and makes none before one is", async () => {
    const world = newWorld();
    const info = await open(world).info(never);
    expect(info).toMatchObject({ ok: true, value: { whatIf: "twin" } });
    expect(world.built).toBe(0);
  });

  it("leaves a server that can try indexes itself alone", async () => {
    const world = { ...newWorld(), whatIf: "hypopg" as const };
    const database = open(world);
    expect(await database.info(never)).toMatchObject({
      value: { whatIf: "hypopg" },
    });
    await plan(database);
    expect(world.planned).toEqual(["live"]);
    expect(world.built).toBe(0);
  });

  it("makes one copy and keeps it", async () => {
    const world = newWorld();
    const database = open(world);
    await Promise.all([plan(database), plan(database)]);
    await plan(database);
    expect(world.built).toBe(1);
    expect(world.planned).toEqual(["copy 1", "copy 1", "copy 1"]);
  });

  it("tries indexes for the values that were given, on the copy as on the server", async () => {
    const onCopy = newWorld();
    await open(onCopy).openWhatIf(["7"]).plan(statement, [], never);
    expect(onCopy.planned).toEqual(["copy 1 7"]);
    const onServer = { ...newWorld(), whatIf: "hypopg" as const };
    await open(onServer).openWhatIf(["7"]).plan(statement, [], never);
    expect(onServer.planned).toEqual(["live 7"]);
  });

  it("makes another when the statistics of the tables have changed", async () => {
    const world = newWorld();
    const database = open(world);
    await plan(database);
    await plan(database);
    world.rows = 5_000;
    await plan(database);
    expect(world.planned).toEqual(["copy 1", "copy 1", "copy 2"]);
    expect(world.closed).toEqual(["copy 1"]);
  });

  it("makes another after half an hour", async () => {
    const world = newWorld();
    const database = open(world);
    await plan(database);
    world.nowMs = 31 * 60_000;
    await plan(database);
    expect(world.planned).toEqual(["copy 1", "copy 2"]);
  });

  it("plans again on a new copy when the first is gone", async () => {
    const world = newWorld();
    const database = open(world);
    await plan(database);
    world.loss = { kind: "connectionLost", message: "gone" };
    expect(await plan(database)).toMatchObject({ value: { plan: "copy 2" } });
  });

  it("promises nothing where a person said no, until they say otherwise", async () => {
    const world = newWorld();
    const database = open(world);
    const promised = async (): Promise<unknown> => {
      const info = await database.info(never);
      return info.ok ? info.value.whatIf : info.error;
    };
    world.saidNo = true;
    expect(await promised()).toBe("none");
    world.saidNo = false;
    expect(await promised()).toBe("twin");
    expect(world.built).toBe(0);
  });

  it("makes a copy as soon as the person who was asked says yes, without waiting for the next try", async () => {
    const world = newWorld();
    const database = open(world);
    world.isUnasked = true;
    expect(await plan(database)).toMatchObject({ ok: false });
    expect(await plan(database)).toMatchObject({ value: { plan: "live" } });
    expect(database.openCopy?.(undefined)).toBeUndefined();
    expect(world.troubles).toEqual([]);
    world.saidNo = false;
    expect(await plan(database)).toMatchObject({ value: { plan: "copy 1" } });
  });

  it("promises nothing for a while when no copy can be made, and then tries again", async () => {
    const world = newWorld();
    const database = open(world);
    world.refusal = { kind: "missingRight", message: "no", remedy: undefined };
    expect(await plan(database)).toMatchObject({ ok: false });
    expect(world.troubles).toHaveLength(1);
    expect(await database.info(never)).toMatchObject({
      value: { whatIf: "none" },
    });
    world.nowMs = 6 * 60_000;
    world.refusal = undefined;
    expect(await plan(database)).toMatchObject({ value: { plan: "copy 1" } });
  });

  it("answers one who has gone at once, and keeps the copy for the next", async () => {
    const world = newWorld();
    const database = open(world);
    const gone = await database
      .openWhatIf()
      .plan(statement, [], AbortSignal.abort());
    expect(gone).toEqual(failed({ kind: "cancelled" }));
    await plan(database);
    expect(world.built).toBe(1);
  });

  it("takes its copy away when it is closed", async () => {
    const world = newWorld();
    const database = open(world);
    await plan(database);
    await database.close();
    expect(world.closed).toEqual(["copy 1", "live"]);
  });
});
