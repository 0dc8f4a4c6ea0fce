import type { PlanNode } from "../../src/core/plan/plan.ts";

/** Siblings of one kind that one row stands for: "86 more partitions alike". */
export interface TreeGroup {
  /** Stable across redraws: parent id and kind of its members. */
  readonly key: string;
  readonly parentId: number;
  readonly members: readonly number[];
  /** All members are plain scans of tables, so they may be called partitions. */
  readonly partitions: boolean;
}

// Siblings below one percent each tell nothing by themselves; the design sets this bound.
const alikeBelowShare = 0.01;
// Two rows folded into one save a single line and cost a click.
const smallestGroup = 3;

/**
 * Groups the children of an Append: one kind, each below one percent of the whole
 * with everything under it, none with a finding under it. Other nodes have no groups.
 */
export function foldSiblings(
  node: PlanNode,
  totalShare: (nodeId: number) => number,
  foundBelow: ReadonlySet<number>,
): readonly TreeGroup[] {
  if (node.kind !== "append" && node.kind !== "mergeAppend") return [];
  if (node.children.length < smallestGroup) return [];
  const minor = node.children.filter(
    (child) =>
      !foundBelow.has(child.id) && totalShare(child.id) < alikeBelowShare,
  );
  const byKind = groupByKind(minor);
  const groups: TreeGroup[] = [];
  for (const [kind, alike] of byKind) {
    if (alike.length < smallestGroup) continue;
    groups.push({
      key: `${node.id} ${kind}`,
      parentId: node.id,
      members: alike.map((child) => child.id),
      partitions: alike.every(
        (child) =>
          child.relation !== undefined && child.kind !== "subqueryScan",
      ),
    });
  }
  return groups;
}

function groupByKind(
  children: readonly PlanNode[],
): ReadonlyMap<string, readonly PlanNode[]> {
  const byKind = new Map<string, PlanNode[]>();
  for (const child of children) {
    const kind = `${child.kind}${child.neverExecuted ? " never" : ""}`;
    const alike = byKind.get(kind);
    if (alike === undefined) byKind.set(kind, [child]);
    else alike.push(child);
  }
  return byKind;
}
