import { formatBytes, formatCost, formatCount } from "../../src/core/format.ts";
import type { SuggestionView } from "../../src/protocol/messages.ts";
import { button, iconButton } from "../controls.ts";
import { h, link } from "../dom.ts";
import { icon } from "../icons.ts";
import type { Post } from "../post.ts";
import { say } from "../strings.ts";
import { sqlBlock } from "./sql-text.ts";

export function section(
  title: string,
  className: string,
  ...content: readonly (Node | string)[]
): HTMLElement {
  return h("section", { class: className }, h("h3", {}, title), ...content);
}

export function migrationSection(one: SuggestionView, post: Post): HTMLElement {
  const copy = iconButton("copy", say("copySql"), () => {
    post("copy", { text: one.ddl });
  });
  const target = h(
    "div",
    { class: "target" },
    h("span", { class: "chip" }, one.runner ?? say("noRunner")),
  );
  if (one.path !== undefined) {
    target.append(
      link(one.path, () => {
        post("previewMigration", { suggestionId: one.id });
      }),
    );
  }
  return section(
    say("migration"),
    "full",
    h("div", { class: "code-with-copy" }, sqlBlock(one.ddl), copy),
    target,
    h(
      "ul",
      { class: "checks" },
      ...one.notes.map((note) =>
        h("li", {}, icon("info"), h("span", {}, note)),
      ),
    ),
  );
}

export function cardActions(
  one: SuggestionView,
  post: Post,
  status: HTMLElement,
): HTMLElement {
  const suggestionId = one.id;
  return h(
    "div",
    { class: "acts full" },
    button({
      label: say("writeMigration"),
      icon: "file",
      look: "primary",
      onPress: () => {
        post("writeMigration", { suggestionId });
      },
    }),
    button({
      label: say("previewDiff"),
      icon: "compare",
      onPress: () => {
        post("previewMigration", { suggestionId });
      },
    }),
    status,
  );
}

interface Column {
  readonly title: string;
  /** Figures stand at the right. */
  readonly isFigure?: boolean;
}

/** A table behind its title, open at first. */
function foldedTable(
  title: string,
  columns: readonly Column[],
  rows: readonly (readonly (Node | string)[])[],
): HTMLElement {
  const sideOf = (at: number): string =>
    columns[at]?.isFigure === true ? "" : "l";
  const head = columns.map((column, at) =>
    h("th", { class: sideOf(at), attributes: { scope: "col" } }, column.title),
  );
  const body = rows.map((cells) =>
    h(
      "tr",
      {},
      ...cells.map((cell, at) => h("td", { class: sideOf(at) }, cell)),
    ),
  );
  return h(
    "details",
    { class: "full", attributes: { open: "" } },
    h("summary", {}, icon("right"), h("b", {}, title)),
    h(
      "table",
      { class: "list" },
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...body),
    ),
  );
}

/** Others that help too, for who prefers a smaller one or one that writes feel less. */
export function otherIndexes({
  others,
}: SuggestionView): HTMLElement | undefined {
  if (others.length === 0) return undefined;
  return foldedTable(
    say("otherIndexes"),
    [
      { title: say("indexColumn") },
      { title: say("costAfter"), isFigure: true },
      { title: say("size"), isFigure: true },
      { title: say("remark") },
    ],
    others.map(({ keyText, costAfter, sizeBytes, note }) => [
      h("code", {}, keyText),
      formatCost(costAfter),
      formatBytes(sizeBytes),
      note,
    ]),
  );
}

export function alternatives({
  rejected,
}: SuggestionView): HTMLElement | undefined {
  if (rejected.length === 0) return undefined;
  return foldedTable(
    rejected.length === 1
      ? say("oneAlternative")
      : say("alternatives", formatCount(rejected.length)),
    [
      { title: say("indexColumn") },
      { title: say("costAfter"), isFigure: true },
      { title: say("whyNotFirst") },
    ],
    rejected.map(({ keyText, costAfter, reason }) => [
      h("code", {}, keyText),
      formatCost(costAfter),
      reason,
    ]),
  );
}

/** What the source has and the copy of its statistics has not, behind its count. */
export function remarksOf(
  remarks: readonly string[],
  className: string,
): HTMLElement {
  const count =
    remarks.length === 1
      ? say("oneRemark")
      : say("remarks", formatCount(remarks.length));
  return h(
    "details",
    { class: className },
    h("summary", {}, icon("right"), h("b", {}, count)),
    h("ul", {}, ...remarks.map((remark) => h("li", {}, remark))),
  );
}
