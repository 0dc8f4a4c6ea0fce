import { afterAll, beforeAll, expect, test } from "vitest";
import { exportBundle } from "../../../../src/adapters/postgres/twin/export/export-bundle.ts";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../../support/servers.ts";
import { unwrap } from "../support.ts";

describeOn(18, "a bundle's search_path", () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres(18);
    await server.query(
      `CREATE ROLE "Ada" LOGIN; CREATE SCHEMA "Ada" AUTHORIZATION "Ada"; CREATE TABLE "Ada".notes (id int); CREATE ROLE bob LOGIN`,
    );
  });
  afterAll(() => server.stop());

  const exportedBy = async (user: string): Promise<string | undefined> =>
    unwrap(
      await exportBundle(
        { ...server.target, user },
        undefined,
        { schemas: undefined, leaveOut: [], hashText: false, statements: 0 },
        new AbortController().signal,
      ),
    ).settings["search_path"];

  test("names the schema that is the role's own, since a twin plans as another role", async () => {
    expect(await exportedBy("Ada")).toBe('"Ada", public');
    expect(await exportedBy("bob")).toBe('"$user", public');
  });
});
