import { walk } from "../../src/core/plan/walk.ts";
import type { Plan, PlanNode } from "../../src/core/plan/plan.ts";
import type { TreeGroup } from "./fold-siblings.ts";
import { foldSiblings } from "./fold-siblings.ts";

/** Everything the rows need, gathered in one walk. Arrays are indexed by node id. */
export interface TreeModel {
  readonly nodes: readonly PlanNode[];
  /** -1 at the root. */
  readonly parents: readonly number[];
  /** 1 at the root, as `aria-level` counts. */
  readonly levels: readonly number[];
  /** Groups of alike siblings by the id of their parent. */
  readonly groupsOf: ReadonlyMap<number, readonly TreeGroup[]>;
  readonly groups: readonly TreeGroup[];
  /** The group a node is folded into. */
  readonly groupOf: ReadonlyMap<number, TreeGroup>;
}

export interface TreeInput {
  readonly plan: Plan;
  /** Share of the whole with children, 0 to 1, by node id. */
  readonly totalShare: (nodeId: number) => number;
  /** Node ids that a finding is about. */
  readonly found: ReadonlySet<number>;
}

/** One pass over the plan; 10,000 operations take a few milliseconds. */
export function buildTreeModel(input: TreeInput): TreeModel {
  const nodes: PlanNode[] = [];
  const parents: number[] = [];
  const levels: number[] = [];
  for (const node of walk(input.plan)) {
    nodes[node.id] = node;
    parents[node.id] ??= -1;
    const level = (levels[node.id] ??= 1);
    for (const child of node.children) {
      parents[child.id] = node.id;
      levels[child.id] = level + 1;
    }
  }
  const foundBelow = withAncestors(input.found, parents);
  const groupsOf = new Map<number, readonly TreeGroup[]>();
  for (const node of nodes) {
    const groups = foldSiblings(node, input.totalShare, foundBelow);
    if (groups.length > 0) groupsOf.set(node.id, groups);
  }
  const groups = [...groupsOf.values()].flat();
  const groupOf = new Map<number, TreeGroup>();
  for (const group of groups)
    for (const member of group.members) groupOf.set(member, group);
  return { nodes, parents, levels, groupsOf, groups, groupOf };
}

/** The given nodes and all nodes above them. */
export function withAncestors(
  ids: Iterable<number>,
  parents: readonly number[],
): ReadonlySet<number> {
  const all = new Set<number>();
  for (const id of ids) {
    let at = id;
    while (at >= 0 && !all.has(at)) {
      all.add(at);
      at = parents[at] ?? -1;
    }
  }
  return all;
}

/** Strictly above: root first. */
export function ancestorsOf(model: TreeModel, id: number): readonly number[] {
  const above: number[] = [];
  for (
    let at = model.parents[id] ?? -1;
    at >= 0;
    at = model.parents[at] ?? -1
  ) {
    above.unshift(at);
  }
  return above;
}
