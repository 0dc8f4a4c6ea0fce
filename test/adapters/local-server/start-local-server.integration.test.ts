import { PGlite } from "@electric-sql/pglite";
import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import {
  readBinaries,
  type Binaries,
} from "../../../src/adapters/local-server/find-binaries.ts";
import {
  makeOwnFolder,
  sweepLeftovers,
} from "../../../src/adapters/local-server/own-folder.ts";
import { startLocalServer } from "../../../src/adapters/local-server/start-local-server.ts";
import { openSession } from "../../../src/adapters/postgres/session.ts";
import { findBinaries as findTestBinaries } from "../../support/server-binaries.ts";
import { describeOn } from "../../support/servers.ts";
import { unwrap } from "../postgres/support.ts";

const signal = new AbortController().signal;

/** Others may start servers on this machine at the same time. */
const ownFolders = (): readonly string[] =>
  readdirSync(tmpdir()).filter((name) => {
    if (!name.startsWith("planlens-twin-")) return false;
    const mark = path.join(tmpdir(), name, "owner.json");
    try {
      return readFileSync(mark, "utf8").includes(`"pid":${process.pid},`);
    } catch {
      return false;
    }
  });

async function binariesOf(kind: 13 | 18): Promise<Binaries> {
  const found = findTestBinaries(kind);
  const binaries = "bin" in found ? await readBinaries(found.bin) : undefined;
  if (binaries === undefined) throw new Error(`no PostgreSQL ${kind}`);
  return binaries;
}

for (const kind of [13, 18] as const)
  describeOn(kind, "a server of one's own", () => {
    it("starts from the programs of a folder, answers its owner alone, and leaves nothing", async () => {
      const binaries = await binariesOf(kind);
      expect(binaries.major).toBe(kind);
      const server = unwrap(await startLocalServer(binaries, signal));
      const folder = path.dirname(server.dataFolder);
      expect(statSync(folder).mode & 0o077).toBe(0);
      const session = unwrap(
        await openSession(server.target, server.password, 4000),
      );
      const [row] = await session.run(
        "SELECT current_setting('listen_addresses') AS addresses, current_setting('autovacuum') AS autovacuum",
      );
      expect(row).toEqual({ addresses: "", autovacuum: "off" });
      await session.end();
      await server.stop();
      expect(existsSync(folder)).toBe(false);
      expect(
        await openSession(server.target, server.password, 1000),
      ).toMatchObject({ ok: false, error: { kind: "unreachable" } });
    });

    it("does not hold up the process while its cluster is made, and may be given up then", async () => {
      const before = ownFolders();
      const giveUp = new AbortController();
      const binaries = await binariesOf(kind);
      const starting = startLocalServer(binaries, giveUp.signal);
      let turns = 0;
      const ticking = setInterval(() => {
        turns += 1;
        if (turns === 3) giveUp.abort();
      }, 20);
      expect(await starting).toEqual({
        ok: false,
        error: { kind: "cancelled" },
      });
      clearInterval(ticking);
      expect(turns).toBeLessThan(30);
      expect(ownFolders()).toEqual(before);
    });

    it("is swept away with its folder when its process was killed, and only then", async () => {
      const server = unwrap(
        await startLocalServer(await binariesOf(kind), signal),
      );
      const folder = path.dirname(server.dataFolder);
      const mark = path.join(folder, "owner.json");
      await sweepLeftovers();
      expect(existsSync(folder)).toBe(true);
      const gone = spawnSync(process.execPath, ["-e", ""]);
      const owner = JSON.parse(readFileSync(mark, "utf8")) as object;
      writeFileSync(mark, JSON.stringify({ ...owner, host: "another" }));
      await sweepLeftovers();
      writeFileSync(
        mark,
        JSON.stringify({ ...owner, pid: gone.pid, space: "another" }),
      );
      await sweepLeftovers();
      expect(existsSync(folder)).toBe(true);
      const session = unwrap(
        await openSession(server.target, server.password, 4000),
      );
      writeFileSync(mark, JSON.stringify({ ...owner, pid: gone.pid }));
      await sweepLeftovers();
      expect(existsSync(folder)).toBe(false);
      await expect.poll(session.isLost).toBe(true);
      await server.stop();
    });

    it("that is given up while it starts leaves nothing", async () => {
      const started = await startLocalServer(
        await binariesOf(kind),
        AbortSignal.abort(),
      );
      expect(started).toEqual({ ok: false, error: { kind: "cancelled" } });
    });
  });

/** As if nobody had touched the folder and its cluster since. */
function touchBefore(folder: string, hours: number): void {
  const then = Date.now() / 1000 - hours * 3600;
  const data = path.join(folder, "data");
  for (const one of [
    ...readdirSync(data).map((name) => path.join(data, name)),
    data,
    folder,
  ])
    utimesSync(one, then, then);
}

describe("a folder without a server", () => {
  it("is swept away when its process was killed, unless somebody else marked it", async () => {
    const folder = makeOwnFolder();
    const mark = path.join(folder, "owner.json");
    const gone = spawnSync(process.execPath, ["-e", ""]);
    const owner = JSON.parse(readFileSync(mark, "utf8")) as object;
    rmSync(mark);
    await sweepLeftovers();
    expect(existsSync(folder)).toBe(true);
    writeFileSync(mark, "{ damaged");
    await sweepLeftovers();
    expect(existsSync(folder)).toBe(true);
    // The number of a server that is gone too, or of a process that is none of ours.
    mkdirSync(path.join(folder, "data"));
    writeFileSync(
      path.join(folder, "data", "postmaster.pid"),
      `${process.pid}\n`,
    );
    writeFileSync(mark, JSON.stringify({ ...owner, pid: gone.pid }));
    await sweepLeftovers();
    expect(existsSync(folder)).toBe(false);
  });

  it("from before folders were marked is swept away when nobody has touched it for a day", async () => {
    const folder = makeOwnFolder();
    const data = path.join(folder, "data");
    const pidFile = path.join(data, "postmaster.pid");
    const version = path.join(data, "PG_VERSION");
    const gone = spawnSync(process.execPath, ["-e", ""]);
    const age = (hours: number): void => {
      touchBefore(folder, hours);
    };
    const staysAt = async (hours: number): Promise<boolean> => {
      age(hours);
      await sweepLeftovers();
      return existsSync(folder);
    };
    rmSync(path.join(folder, "owner.json"));
    mkdirSync(data);
    expect(await staysAt(30)).toBe(true);
    writeFileSync(version, "18\n");
    writeFileSync(pidFile, `${process.pid}\n`);
    expect(await staysAt(30)).toBe(true);
    writeFileSync(pidFile, `${gone.pid}\n`);
    expect(await staysAt(23)).toBe(true);
    age(30);
    utimesSync(version, new Date(), new Date());
    await sweepLeftovers();
    expect(existsSync(folder)).toBe(true);
    writeFileSync(path.join(folder, "owner.json"), "{ damaged");
    expect(await staysAt(30)).toBe(true);
    rmSync(path.join(folder, "owner.json"));
    expect(await staysAt(30)).toBe(false);
  });

  it("from before folders were marked stays as long as an embedded database is open in it", async () => {
    const folder = makeOwnFolder();
    rmSync(path.join(folder, "owner.json"));
    const database = await PGlite.create(path.join(folder, "data"));
    touchBefore(folder, 30);
    await sweepLeftovers();
    expect(existsSync(path.join(folder, "data", "PG_VERSION"))).toBe(true);
    await database.close();
    touchBefore(folder, 30);
    await sweepLeftovers();
    expect(existsSync(folder)).toBe(false);
  });

  it("is none", async () => {
    expect(await readBinaries("/")).toBeUndefined();
  });

  it("that has something else of that name fails with what it said", async () => {
    const started = await startLocalServer(
      { folder: "/nowhere", major: 16 },
      signal,
    );
    expect(started).toMatchObject({
      ok: false,
      error: { kind: "misconfigured" },
    });
  });
});
