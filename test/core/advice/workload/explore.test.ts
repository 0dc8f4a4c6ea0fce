import { beforeAll, describe, expect, it } from "vitest";
import { exploreWorkload } from "../../../../src/core/advice/workload/explore.ts";
import type {
  ExploreInput,
  WorkloadQuery,
} from "../../../../src/core/advice/workload/exploration.ts";
import { tableKey } from "../../../../src/core/advice/workload/pool.ts";
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
        if (query.name === "good") return planAs(query, indexes);
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

  it("keeps within the plannings it was given", async () => {
    const input = inputFor([queryNamed("one"), queryNamed("two")], planAs);
    const search = await exploreWorkload({ ...input, maximumPlannings: 3 });
    expect(search.plannings).toBe(3);
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
