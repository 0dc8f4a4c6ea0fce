import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  describeOn,
  startPostgres,
  type TestServer,
} from "../support/servers.ts";
import { caseSets } from "./cases.ts";
import { openGround, type Ground } from "./ground.ts";

/** The design target: within 1.2 times of the best index made by hand, in at most 60 EXPLAINs. */
const maximumRatio = 1.2;
/** ANALYZE draws its samples anew each time, which moves costs by a little. */
const clearlyMet = 1.1;
const maximumPlannings = 60;
/** Six random page reads: what the advisor itself takes for nothing to gain. */
const floor = 25;

describeOn(
  "15-hypopg",
  "advice for one statement beside indexes made by hand",
  () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres("15-hypopg");
    });
    afterAll(() => server.stop());

    for (const set of caseSets)
      describe(`${set.world.name}, by ${set.prover}`, () => {
        let ground: Ground;
        beforeAll(async () => {
          ground = await openGround(server, set);
        });
        afterAll(() => ground.close());

        for (const { title, sql, ideal, missed } of set.cases)
          test(
            missed === undefined ? title : `${title} (${missed})`,
            async () => {
              const verdict = await ground.judge(sql, ideal);
              expect(verdict.plannings).toBeLessThanOrEqual(maximumPlannings);
              const isNear = verdict.ours - verdict.ideal < floor;
              const ratio = isNear ? 1 : verdict.ratio;
              if (missed === undefined)
                expect(ratio).toBeLessThanOrEqual(maximumRatio);
              // One that comes to be met is to be said so.
              else expect(ratio).toBeGreaterThan(clearlyMet);
              if (ideal.length === 0)
                expect(verdict.advice.suggestions).toEqual([]);
            },
          );
      });
  },
);
