import { afterAll, beforeAll, expect, it } from "vitest";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../../support/servers.ts";
import { openQuietly, parsed, unwrap } from "./support.ts";
import { indexOn } from "../../support/index-definition.ts";

const never = new AbortController().signal;

const byKind = indexOn("skewed", "kind");

for (const [kind, options, extension] of [
  ["15-hypopg", {}, "CREATE EXTENSION hypopg;"],
  [18, { whatIfByBuilding: true }, ""],
] as const)
  describeOn(kind, "trial indexes for chosen values", () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres(kind);
      await server.query(`${extension}
        CREATE TABLE skewed (kind int, note text);
        INSERT INTO skewed
          SELECT CASE WHEN n % 1000 = 0 THEN n ELSE 1 END, n::text FROM generate_series(1, 20000) n;
        ANALYZE skewed`);
    });
    afterAll(() => server.stop());

    it("are planned for these and no others", async () => {
      const database = openQuietly(server.target, options);
      const statement = await parsed("SELECT * FROM skewed WHERE kind = $1");
      const isUsedFor = async (value: string): Promise<boolean> => {
        const session = database.openWhatIf([value]);
        const { plan, names } = unwrap(
          await session.plan(statement, [byKind], never),
        );
        await session.close();
        return JSON.stringify(plan).includes(names[0] ?? "no name");
      };
      expect(await isUsedFor("1")).toBe(false);
      expect(await isUsedFor("7000")).toBe(true);
      await database.close();
    });
  });
