import { existsSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readBinaries } from "../../../src/adapters/local-server/find-binaries.ts";
import { startLocalServer } from "../../../src/adapters/local-server/start-local-server.ts";
import { openSession } from "../../../src/adapters/postgres/session.ts";
import { findBinaries as findTestBinaries } from "../../support/server-binaries.ts";
import { describeOn } from "../../support/servers.ts";
import { unwrap } from "../postgres/support.ts";

const signal = new AbortController().signal;

function binariesOf(kind: 13 | 18) {
  const found = findTestBinaries(kind);
  const binaries = "bin" in found ? readBinaries(found.bin) : undefined;
  if (binaries === undefined) throw new Error(`no PostgreSQL ${kind}`);
  return binaries;
}

for (const kind of [13, 18] as const)
  describeOn(kind, "a server of one's own", () => {
    it("starts from the programs of a folder, answers its owner alone, and leaves nothing", async () => {
      const binaries = binariesOf(kind);
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

    it("that is given up while it starts leaves nothing", async () => {
      const started = await startLocalServer(
        binariesOf(kind),
        AbortSignal.abort(),
      );
      expect(started).toEqual({ ok: false, error: { kind: "cancelled" } });
    });
  });

describe("a folder without a server", () => {
  it("is none", () => {
    expect(readBinaries("/")).toBeUndefined();
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
