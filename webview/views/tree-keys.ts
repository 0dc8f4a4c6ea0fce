import type { TreeAction } from "../layout/key-map.ts";
import type { OpenRows, VisibleRow } from "../layout/visible-rows.ts";
import {
  everythingOpen,
  hotPathOpen,
  reveal,
  rowOf,
  toggled,
} from "../layout/visible-rows.ts";
import type { Session } from "../session.ts";

export interface TreeHands {
  readonly session: Session;
  /** Index of the row with the focus. */
  readonly at: () => number;
  readonly moveTo: (at: number) => void;
  readonly showNode: (nodeId: number) => void;
  readonly pageSize: () => number;
}

/** Moves, folding and jumps; true when the action was one of these. */
export function moveInTree(action: TreeAction, hands: TreeHands): boolean {
  const move = moves[action];
  if (move === undefined) return false;
  move(hands);
  return true;
}

const step = (by: (hands: TreeHands) => number) => (hands: TreeHands) => {
  hands.moveTo(hands.at() + by(hands));
};

const moves: Partial<Record<TreeAction, (hands: TreeHands) => void>> = {
  down: step(() => 1),
  up: step(() => -1),
  pageDown: step((hands) => hands.pageSize()),
  pageUp: step((hands) => -hands.pageSize()),
  first: (hands) => {
    hands.moveTo(0);
  },
  last: (hands) => {
    hands.moveTo(hands.session.now().rows.length - 1);
  },
  open: openOrEnter,
  close: closeOrLeave,
  openAll: ({ session }) => {
    setOpen(session, everythingOpen(session.facts.model));
  },
  hotPath: (hands) => {
    const { session } = hands;
    setOpen(session, hotPathOpen(session.facts.model, hottestOf(session)));
    hands.showNode(hottestOf(session));
  },
  hottest: (hands) => {
    hands.showNode(hottestOf(hands.session));
  },
  nextFinding: (hands) => {
    toFinding(hands, 1);
  },
  previousFinding: (hands) => {
    toFinding(hands, -1);
  },
};

function hottestOf(session: Session): number {
  return session.facts.measures.hottest(session.now().bars);
}

function setOpen(session: Session, open: OpenRows): void {
  session.update({ open });
}

function openOrEnter(hands: TreeHands): void {
  const row = rowAt(hands);
  if (row?.expanded === false) toggle(hands, row);
  else if (row?.expanded === true) hands.moveTo(hands.at() + 1);
}

function closeOrLeave(hands: TreeHands): void {
  const row = rowAt(hands);
  if (row?.expanded === true) toggle(hands, row);
  else if (row !== undefined && row.parentRow >= 0) hands.moveTo(row.parentRow);
}

function rowAt(hands: TreeHands): VisibleRow | undefined {
  return hands.session.now().rows[hands.at()];
}

export function toggle(hands: TreeHands, row: VisibleRow): void {
  setOpen(hands.session, toggled(hands.session.now().open, row));
}

function toFinding(hands: TreeHands, direction: 1 | -1): void {
  const { facts, now } = hands.session;
  const nodes = facts.findings.flatMap(({ finding }) => finding.nodeId ?? []);
  if (nodes.length === 0) return;
  const current = nodes.indexOf(now().chosen ?? -1);
  const start = current === -1 && direction === -1 ? 0 : current;
  const next = nodes[(start + direction + nodes.length) % nodes.length];
  if (next !== undefined) hands.showNode(next);
}

/** Unfolds whatever hides the node; returns the index of its row. */
export function revealNode(session: Session, nodeId: number): number {
  const { model } = session.facts;
  session.update({ open: reveal(model, session.now().open, nodeId) });
  return rowOf(session.now().rows, model, nodeId);
}
