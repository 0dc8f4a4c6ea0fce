import { beforeAll, describe, expect, it } from "vitest";
import { exploreWorkload } from "../../../../src/core/advice/workload/explore.ts";
import {
  planWith,
  startExploration,
  type ExploreInput,
  type WorkloadQuery,
} from "../../../../src/core/advice/workload/exploration.ts";
import { tableKey } from "../../../../src/core/advice/workload/pool.ts";
import { weighSet } from "../../../../src/core/advice/workload/weigh-set.ts";
import type { IndexDefinition } from "../../../../src/core/advice/suggestion.ts";
import { failed, succeeded } from "../../../../src/core/result.ts";
import { loadSqlParser } from "../../../../src/core/sql/parse.ts";
import type { ParsedStatement } from "../../../../src/core/sql/statement.ts";
import { indexOn } from "../../../support/index-definition.ts";

const onOrders = (column: string): IndexDefinition => indexOn("orders", column);

describe("the search for a workload's indexes", () => {
  let statement: ParsedStatement;
  beforeAll(async () => {
    const parsed = (await loadSqlParser()).parse(
      "SELECT * FROM orders WHERE customer_id = 1",
    );
    if (!parsed.ok) throw new Error("the statement does not parse");
    statement = parsed.value;
  });

  const queryNamed = (name: string): WorkloadQuery => ({
    name,
    statement,
    weight: 1,
    candidates: [onOrders("customer_id"), onOrders("status")],
    tables: new Set([tableKey({ schema: "public", table: "orders" })]),
  });

  const inputFor = (
    queries: readonly WorkloadQuery[],
    plan: ExploreInput<string>["plan"],
  ): ExploreInput<string> => ({
    queries,
    plan,
    concurrency: 1,
    bytesOf: () => 8192,
    upkeepOf: () => 0,
    budgetBytes: 1e6,
    maximumColumns: 2,
    patience: 3,
    maximumPlannings: 1000,
    shouldStop: () => false,
    mustEnd: () => false,
    onChoice: () => undefined,
  });

  /** A planner that uses an index on customer_id where there is one. */
  const planAs: ExploreInput<string>["plan"] = (_query, indexes) => {
    const names = indexes.map((_, at) => `trial_${String(at)}`);
    const at = indexes.findIndex(({ keys }) => keys[0]?.text === "customer_id");
    const root =
      at === -1
        ? { "Node Type": "Seq Scan", "Total Cost": 100 }
        : {
            "Node Type": "Index Scan",
            "Total Cost": 8,
            "Index Name": names[at],
          };
    return Promise.resolve(
      succeeded({
        plan: [{ Plan: root }],
        names,
        sizesBytes: indexes.map(() => 8192),
      }),
    );
  };

  it("asks a query that could not be planned once, and advises on the others", async () => {
    let refusals = 0;
    const search = await exploreWorkload(
      inputFor([queryNamed("good"), queryNamed("bad")], (query, indexes) => {
        if (query.name === "good") return planAs(query, indexes, 0);
        refusals += 1;
        return Promise.resolve(failed("column does not exist"));
      }),
    );
    expect(refusals).toBe(1);
    expect(search.failures.get(1)).toBe("column does not exist");
    const [chosen] = search.best?.set ?? [];
    expect(search.pool.all[chosen ?? -1]?.index.keys[0]?.text).toBe(
      "customer_id",
    );
  });

  describe("with several plannings at a time", () => {
    /** Each query likes a column of its own best; what it does not like it uses where it must. */
    const likes = ["status", "customer_id", "region", "day"];
    const costIn = (own: string, column: string | undefined): number =>
      100 - (likes.indexOf(column ?? "") + 1) * 3 - (column === own ? 60 : 0);

    const searchWith = async (
      concurrency: number,
    ): Promise<{
      readonly most: number;
      readonly overlaps: number;
      readonly plannings: number;
      readonly chosen: readonly (string | undefined)[];
    }> => {
      const running = new Map<string, number>();
      let most = 0;
      let overlaps = 0;
      let turns = 0;
      const queries = likes.map((name) => ({
        ...queryNamed(name),
        candidates: likes.map(onOrders),
      }));
      const input = inputFor(queries, async (query, indexes) => {
        const own = (running.get(query.name) ?? 0) + 1;
        running.set(query.name, own);
        overlaps += own - 1;
        const all = [...running.values()].reduce((sum, one) => sum + one, 0);
        most = Math.max(most, all);
        // Answers come back in another order than they were asked for.
        turns += 1;
        for (let wait = turns % 3; wait > 0; wait -= 1) await Promise.resolve();
        running.set(query.name, own - 1);
        const names = indexes.map((_, at) => `trial_${String(at)}`);
        const [best] = indexes
          .map(({ keys }, at) => ({
            name: names[at],
            cost: costIn(query.name, keys[0]?.text),
          }))
          .sort((a, b) => a.cost - b.cost);
        const root =
          best === undefined
            ? { "Node Type": "Seq Scan", "Total Cost": 100 }
            : {
                "Node Type": "Index Scan",
                "Total Cost": best.cost,
                "Index Name": best.name,
              };
        const sizesBytes = indexes.map(() => 8192);
        return succeeded({ plan: [{ Plan: root }], names, sizesBytes });
      });
      const search = await exploreWorkload({
        ...input,
        concurrency,
        budgetBytes: 3 * 8192,
      });
      const set = search.best?.set ?? [];
      const chosen = set.map(
        (number) => search.pool.all[number]?.index.keys[0]?.text,
      );
      return { most, overlaps, plannings: search.plannings, chosen };
    };

    it("comes to the same set by the same plannings, those of one query in turn", async () => {
      const alone = await searchWith(1);
      const together = await searchWith(3);
      expect(alone.most).toBe(1);
      expect(together.most).toBe(3);
      expect(together.overlaps).toBe(0);
      expect(together.chosen).toEqual(alone.chosen);
      expect(together.plannings).toBe(alone.plannings);
      expect(together.chosen).toHaveLength(3);
    });
  });

  it("keeps within the plannings it was given", async () => {
    const input = inputFor([queryNamed("one"), queryNamed("two")], planAs);
    const search = await exploreWorkload({ ...input, maximumPlannings: 3 });
    expect(search.plannings).toBe(3);
  });

  it("leaves out what the planner can do without, though no plan was known that did", async () => {
    const queries = [queryNamed("first"), queryNamed("last")];
    const search = startExploration(
      inputFor(queries, ({ name }, indexes) => {
        const names = indexes.map((_, at) => `trial_${String(at)}`);
        // Either index serves both queries as well; with both there each has its own.
        const used = names.at(name === "first" ? 0 : -1);
        const root =
          used === undefined
            ? { "Node Type": "Seq Scan", "Total Cost": 100 }
            : {
                "Node Type": "Index Scan",
                "Total Cost": 8,
                "Index Name": used,
              };
        const sizesBytes = indexes.map(() => 8192);
        return Promise.resolve(
          succeeded({ plan: [{ Plan: root }], names, sizesBytes }),
        );
      }),
    );
    const set = [onOrders("customer_id"), onOrders("status")].map(
      (index) => search.pool.add(index).number,
    );
    for (const at of queries.keys()) {
      await planWith(search, at, []);
      await planWith(search, at, set);
    }
    search.best = { set, cost: 16, bytes: 2 * 8192 };
    await weighSet(search);
    expect(search.best.cost).toBe(16);
    expect(search.best.set).toHaveLength(1);
  });

  it("leaves out what begins a longer index of the set and brings little beside it", async () => {
    const longer: IndexDefinition = {
      ...onOrders("customer_id"),
      keys: [...onOrders("customer_id").keys, ...onOrders("status").keys],
    };
    const searchOn = async (
      costWithShorter: number,
    ): Promise<readonly number[] | undefined> => {
      const search = startExploration(
        inputFor([queryNamed("one"), queryNamed("two")], ({ name }, given) => {
          const names = given.map((_, at) => `trial_${String(at)}`);
          const at = given.findIndex(
            ({ keys }) => keys.length === (name === "one" ? 1 : 2),
          );
          const used = at === -1 ? 0 : at;
          // One does with either; the other needs the longer.
          const [best, other] =
            name === "one" ? [costWithShorter, 10] : [10, 500];
          const cost = at === -1 ? other : best;
          const root =
            given.length === 0
              ? { "Node Type": "Seq Scan", "Total Cost": 1000 }
              : {
                  "Node Type": "Index Scan",
                  "Total Cost": cost,
                  "Index Name": names[used],
                };
          const sizesBytes = given.map(() => 8192);
          return Promise.resolve(
            succeeded({ plan: [{ Plan: root }], names, sizesBytes }),
          );
        }),
      );
      const set = [onOrders("customer_id"), longer].map(
        (index) => search.pool.add(index).number,
      );
      for (const at of [0, 1]) await planWith(search, at, []);
      search.best = { set, cost: 20, bytes: 2 * 8192 };
      await weighSet(search);
      return search.best.set;
    };
    expect(await searchOn(9.5)).toEqual([1]);
    expect(await searchOn(3)).toEqual([0, 1]);
  });

  it("confirms its set once its time is over, unless it must end", async () => {
    let left = 3;
    const input = inputFor([queryNamed("one"), queryNamed("two")], planAs);
    const search = await exploreWorkload({
      ...input,
      shouldStop: () => (left -= 1) < 0,
    });
    const [first] = search.known;
    expect(first?.exact(search.best?.set ?? [])).toBeDefined();
  });

  it("sends nothing when it is stopped before it begins", async () => {
    const input = inputFor([queryNamed("one")], planAs);
    const search = await exploreWorkload({
      ...input,
      shouldStop: () => true,
      mustEnd: () => true,
    });
    expect(search.plannings).toBe(0);
    expect(search.best?.set).toEqual([]);
  });
});
