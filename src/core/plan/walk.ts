import type { Plan, PlanNode } from "./plan.ts";

const rootOf = (from: Plan | PlanNode): PlanNode =>
  "root" in from ? from.root : from;

export interface Visit {
  readonly node: PlanNode;
  readonly parent: PlanNode | undefined;
  /** Zero at the node the walk began with. */
  readonly depth: number;
}

/** Every node with its parent and depth, parents before children, in the server's order. Deep plans do not overflow the stack. */
export function* visit(from: Plan | PlanNode): Generator<Visit> {
  const open: Visit[] = [{ node: rootOf(from), parent: undefined, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const { node, depth } = next;
    for (let at = node.children.length - 1; at >= 0; at -= 1) {
      const child = node.children[at];
      if (child !== undefined)
        open.push({ node: child, parent: node, depth: depth + 1 });
    }
  }
}

/** The nodes alone, preorder; ids of a whole plan come as 0, 1, 2, … */
export function* walk(from: Plan | PlanNode): Generator<PlanNode> {
  for (const { node } of visit(from)) yield node;
}

export function findNode(
  from: Plan | PlanNode,
  id: number,
): PlanNode | undefined {
  for (const node of walk(from)) if (node.id === id) return node;
  return undefined;
}

/** Parent of every node but the root, by id. */
export function parentsOf(
  from: Plan | PlanNode,
): ReadonlyMap<number, PlanNode> {
  const parents = new Map<number, PlanNode>();
  for (const { node, parent } of visit(from))
    if (parent !== undefined) parents.set(node.id, parent);
  return parents;
}
