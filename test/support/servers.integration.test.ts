import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOn, startPostgres, type TestServer } from "./servers.ts";
import type { ServerKind } from "./server-binaries.ts";

const kinds: readonly ServerKind[] = [13, 14, 15, 16, 17, 18, "15-hypopg"];

for (const kind of kinds) {
  describeOn(kind, "a test server", () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres(kind);
    });
    afterAll(() => server.stop());

    it("has its major version and pg_stat_statements, and keeps its data over a restart", async () => {
      await server.query(
        "create extension pg_stat_statements; create table kept as select 1 as one",
      );
      await server.restart();
      const rows = await server.query(
        "select current_setting('server_version_num')::int / 10000 as major, (select one from kept) as one, (select count(*)::int from pg_stat_statements) as statements",
      );
      expect(rows[0]).toMatchObject({
        major: kind === "15-hypopg" ? 15 : kind,
        one: 1,
      });
      expect(Number(rows[0]?.["statements"])).toBeGreaterThan(0);
    });
  });
}
