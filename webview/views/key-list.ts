import { button } from "../controls.ts";
import { h } from "../dom.ts";
import type { StringKey } from "../strings.ts";
import { say } from "../strings.ts";

const keys: readonly (readonly [string, StringKey])[] = [
  ["↑ ↓ PgUp PgDn", "keyRowMove"],
  ["→ ←", "keyRowOpen"],
  ["Home End", "keyRowEnds"],
  ["*", "keyRowAll"],
  ["0", "keyRowHot"],
  ["H", "keyRowHottest"],
  ["F Shift+F", "keyRowFindings"],
  ["/ Ctrl+F", "keyRowFind"],
  ["Enter", "keyRowDetails"],
  ["Ctrl+C", "keyRowCopy"],
  ["1 – 5", "keyRowViews"],
  ["Esc", "keyRowBack"],
  ["?", "keyRowKeys"],
];

/** Opens the list of keys; Escape and the button close it, and focus goes back by itself. */
export function showKeyList(parent: HTMLElement): void {
  const dialog = h(
    "dialog",
    { class: "keys", attributes: { "aria-labelledby": "keys-title" } },
    h("h2", { attributes: { id: "keys-title" } }, say("keysTitle")),
    h(
      "dl",
      {},
      ...keys.map(([key, words]) =>
        h(
          "div",
          {},
          h(
            "dt",
            {},
            ...key
              .split(" ")
              .map((part) => (part === "–" ? part : h("kbd", {}, part))),
          ),
          h("dd", {}, say(words)),
        ),
      ),
    ),
  );
  dialog.append(
    button({
      label: say("close"),
      onPress: () => {
        dialog.close();
      },
    }),
  );
  dialog.addEventListener("close", () => {
    dialog.remove();
  });
  parent.append(dialog);
  dialog.showModal();
}
