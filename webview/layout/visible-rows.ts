import type { PlanNode } from "../../src/core/plan/plan.ts";
import type { TreeGroup } from "./fold-siblings.ts";
import type { TreeModel } from "./tree-model.ts";
import { ancestorsOf, withAncestors } from "./tree-model.ts";

/** What is unfolded: node ids and keys of groups. */
export interface OpenRows {
  readonly nodes: ReadonlySet<number>;
  readonly groups: ReadonlySet<string>;
}

interface Placed {
  readonly level: number;
  /** Index of the row above that this one belongs to, -1 at the root. */
  readonly parentRow: number;
  /** No sibling follows, so no guide runs on below. */
  readonly last: boolean;
}

export type VisibleRow =
  | (Placed & {
      readonly kind: "node";
      readonly node: PlanNode;
      readonly expanded: boolean | undefined;
    })
  | (Placed & {
      readonly kind: "group";
      readonly group: TreeGroup;
      readonly expanded: boolean;
    });

type Entry = PlanNode | TreeGroup;
interface Pending {
  readonly entry: Entry;
  readonly level: number;
  readonly parentRow: number;
  readonly last: boolean;
}

const isGroup = (entry: Entry): entry is TreeGroup => "members" in entry;

/** The rows in order, without recursion: plans nest as deep as a generated query does. */
export function visibleRows(
  model: TreeModel,
  open: OpenRows,
): readonly VisibleRow[] {
  const root = model.nodes[0];
  if (root === undefined) return [];
  const rows: VisibleRow[] = [];
  const pending: Pending[] = [
    { entry: root, level: 1, parentRow: -1, last: true },
  ];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { entry, ...placed } = next;
    const row = isGroup(entry)
      ? groupRow(entry, placed, open)
      : nodeRow(entry, placed, open);
    rows.push(row);
    if (row.expanded !== true) continue;
    const below = entriesBelow(model, row);
    for (let at = below.length - 1; at >= 0; at -= 1) {
      const child = below[at];
      if (child === undefined) continue;
      pending.push({
        entry: child,
        level: placed.level + 1,
        parentRow: rows.length - 1,
        last: at === below.length - 1,
      });
    }
  }
  return rows;
}

function groupRow(
  group: TreeGroup,
  placed: Placed,
  open: OpenRows,
): VisibleRow {
  return {
    kind: "group",
    group,
    expanded: open.groups.has(group.key),
    ...placed,
  };
}

function nodeRow(node: PlanNode, placed: Placed, open: OpenRows): VisibleRow {
  const expanded =
    node.children.length === 0 ? undefined : open.nodes.has(node.id);
  return { kind: "node", node, expanded, ...placed };
}

/** Children in plan order; a group stands where its first member stood. */
function entriesBelow(model: TreeModel, row: VisibleRow): readonly Entry[] {
  if (row.kind === "group") {
    return row.group.members.flatMap((id) => model.nodes[id] ?? []);
  }
  if (!model.groupsOf.has(row.node.id)) return row.node.children;
  const entries: Entry[] = [];
  for (const child of row.node.children) {
    const group = model.groupOf.get(child.id);
    if (group === undefined) entries.push(child);
    else if (group.members[0] === child.id) entries.push(group);
  }
  return entries;
}

// Up to here the whole plan fits on one screen or two, so nothing is hidden at first.
const smallPlan = 60;
// Operations below five percent of the whole are not worth a look at first; the design sets this bound.
const worthAShare = 0.05;

/** Open at first: the path to every operation with a share of its own and to every finding. */
export function firstOpen(
  model: TreeModel,
  ownShare: (nodeId: number) => number,
  found: ReadonlySet<number>,
): OpenRows {
  if (model.nodes.length <= smallPlan) {
    return { nodes: allParents(model), groups: new Set() };
  }
  const hottest = model.nodes.reduce(
    (most, { id }) => (ownShare(id) > ownShare(most) ? id : most),
    0,
  );
  const worth = model.nodes
    .map((node) => node.id)
    .filter(
      (id) => id === hottest || found.has(id) || ownShare(id) >= worthAShare,
    );
  return openTo(model, new Set(worth.map((id) => model.parents[id] ?? -1)));
}

/** Only the path down to one operation. */
export function hotPathOpen(model: TreeModel, hottest: number): OpenRows {
  return openTo(model, new Set([model.parents[hottest] ?? -1]));
}

export function everythingOpen(model: TreeModel): OpenRows {
  return {
    nodes: allParents(model),
    groups: new Set(model.groups.map((group) => group.key)),
  };
}

/** Opens whatever hides the given node. */
export function reveal(
  model: TreeModel,
  open: OpenRows,
  nodeId: number,
): OpenRows {
  const above = ancestorsOf(model, nodeId);
  const groups = [...above, nodeId].flatMap(
    (id) => model.groupOf.get(id)?.key ?? [],
  );
  return {
    nodes: new Set([...open.nodes, ...above]),
    groups: new Set([...open.groups, ...groups]),
  };
}

export function toggled(open: OpenRows, row: VisibleRow): OpenRows {
  return row.kind === "node"
    ? { ...open, nodes: flipped(open.nodes, row.node.id) }
    : { ...open, groups: flipped(open.groups, row.group.key) };
}

function flipped<Key>(keys: ReadonlySet<Key>, key: Key): ReadonlySet<Key> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

function openTo(model: TreeModel, ids: ReadonlySet<number>): OpenRows {
  const nodes = withAncestors(ids, model.parents);
  const groups = [...nodes].flatMap((id) => model.groupOf.get(id)?.key ?? []);
  return { nodes, groups: new Set(groups) };
}

function allParents(model: TreeModel): ReadonlySet<number> {
  return new Set(
    model.nodes
      .filter((node) => node.children.length > 0)
      .map((node) => node.id),
  );
}

/** Index of the row that shows a node, or of the group it is folded into, or of the nearest row above it. */
export function rowOf(
  rows: readonly VisibleRow[],
  model: TreeModel,
  nodeId: number,
): number {
  const places = rowPlaces(rows);
  for (let id = nodeId; id >= 0; id = model.parents[id] ?? -1) {
    const place =
      places.nodes.get(id) ??
      places.groups.get(model.groupOf.get(id)?.key ?? "");
    if (place !== undefined) return place;
  }
  return 0;
}

function rowPlaces(rows: readonly VisibleRow[]): {
  nodes: Map<number, number>;
  groups: Map<string, number>;
} {
  const nodes = new Map<number, number>();
  const groups = new Map<string, number>();
  rows.forEach((row, at) => {
    if (row.kind === "node") nodes.set(row.node.id, at);
    else groups.set(row.group.key, at);
  });
  return { nodes, groups };
}

/** Whether a guide runs through each level left of a row, outermost first. */
export function railsOf(
  rows: readonly VisibleRow[],
  at: number,
): readonly boolean[] {
  const rails: boolean[] = [];
  let row = rows[at];
  while (row !== undefined && row.parentRow >= 0) {
    rails.unshift(!row.last);
    row = rows[row.parentRow];
  }
  return rails;
}
