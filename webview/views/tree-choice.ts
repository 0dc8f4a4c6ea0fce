import type { VisibleRow } from "../layout/visible-rows.ts";
import { rowOf } from "../layout/visible-rows.ts";
import type { PanelChoice, Session } from "../session.ts";

/** Where the focused row went when rows came or left. */
export function followRow(
  session: Session,
  now: PanelChoice,
  before: PanelChoice,
  at: number,
): number {
  const old = before.rows[at];
  if (old === undefined) return 0;
  if (old.kind === "node")
    return rowOf(now.rows, session.facts.model, old.node.id);
  const same = now.rows.findIndex(
    (row) => row.kind === "group" && row.group.key === old.group.key,
  );
  return same >= 0
    ? same
    : rowOf(now.rows, session.facts.model, old.group.parentId);
}

/** The row of what is chosen; the first one when nothing is. */
export function chosenRow(choice: PanelChoice, session: Session): number {
  if (choice.chosenGroup !== undefined) {
    const at = choice.rows.findIndex(
      (row) => row.kind === "group" && row.group.key === choice.chosenGroup,
    );
    return Math.max(0, at);
  }
  return choice.chosen === undefined
    ? 0
    : rowOf(choice.rows, session.facts.model, choice.chosen);
}

/** Chooses the operation or the group in that row. */
export function choose(session: Session, at: number): void {
  const row = session.now().rows[at];
  if (row === undefined) return;
  session.update(
    row.kind === "node"
      ? { chosen: row.node.id, chosenGroup: undefined }
      : { chosen: undefined, chosenGroup: row.group.key },
  );
}

export function isChosen(row: VisibleRow, now: PanelChoice): boolean {
  return row.kind === "node"
    ? row.node.id === now.chosen
    : row.group.key === now.chosenGroup;
}
