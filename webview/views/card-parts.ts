import { formatCost, formatCount } from "../../src/core/format.ts";
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

export function alternatives({
  rejected,
}: SuggestionView): HTMLElement | undefined {
  if (rejected.length === 0) return undefined;
  const count =
    rejected.length === 1
      ? say("oneAlternative")
      : say("alternatives", formatCount(rejected.length));
  const heads = [say("indexColumn"), say("costAfter"), say("whyNotFirst")];
  const head = heads.map((title, at) =>
    h(
      "th",
      { class: at === 1 ? "" : "l", attributes: { scope: "col" } },
      title,
    ),
  );
  const rows = rejected.map(({ keyText, costAfter, reason }) =>
    h(
      "tr",
      {},
      h("td", { class: "l" }, h("code", {}, keyText)),
      h("td", {}, formatCost(costAfter)),
      h("td", { class: "l" }, reason),
    ),
  );
  return h(
    "details",
    { class: "full", attributes: { open: "" } },
    h("summary", {}, icon("right"), h("b", {}, count)),
    h(
      "table",
      { class: "list" },
      h("thead", {}, h("tr", {}, ...head)),
      h("tbody", {}, ...rows),
    ),
  );
}
