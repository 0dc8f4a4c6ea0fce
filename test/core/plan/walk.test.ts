import { describe, expect, it } from "vitest";
import {
  findNode,
  parentsOf,
  visit,
  walk,
} from "../../../src/core/plan/walk.ts";
import { goldenPlans, readGolden } from "./golden.ts";

describe("walking a plan", () => {
  it.each(goldenPlans)("$name: ids are 0, 1, 2 … in preorder", ({ plan }) => {
    const ids = [...walk(plan)].map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, position) => position));
  });

  it("names parent and depth of every operator", () => {
    const { plan } = readGolden("nested-loop", 15);
    const parents = parentsOf(plan);
    for (const { node, parent, depth } of visit(plan)) {
      expect(parents.get(node.id)).toBe(parent);
      expect(depth === 0).toBe(parent === undefined);
      expect(findNode(plan, node.id)).toBe(node);
    }
    expect(findNode(plan, 9999)).toBeUndefined();
  });
});
