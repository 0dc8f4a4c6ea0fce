import { afterAll, beforeAll, expect, it } from "vitest";
import { openOwnDatabase } from "../../../../src/adapters/postgres/twin/own-database.ts";
import { emptyBundle } from "../../../support/empty-bundle.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../../support/servers.ts";
import { unwrap } from "../support.ts";

describeOn(18, "the one session of an embedded twin", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres(18);
  });
  afterAll(() => server.stop());

  const count = async (): Promise<number> => {
    const rows = await server.query(
      "SELECT 1 FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
    );
    return rows.length;
  };

  it("is lost, and leaves no other behind, when it is opened again and a setting is refused", async () => {
    const { target } = server;
    const place = {
      ...{ target, password: undefined, dataFolder: undefined },
      singleSession: true,
    };
    const own = unwrap(await openOwnDatabase(place, emptyBundle));
    await server.query("CREATE ROLE passing");
    await own.set("role", "passing");
    expect(await count()).toBe(1);
    await server.query("DROP ROLE passing");
    await server.query(`SELECT pg_terminate_backend(${own.admin.backendPid})`);
    await expect.poll(() => own.admin.isLost()).toBe(true);
    await expect(own.admin.run("SELECT 1")).rejects.toThrow(
      /^Connection terminated$/u,
    );
    await expect.poll(count).toBe(0);
    await own.drop();
  });
});
