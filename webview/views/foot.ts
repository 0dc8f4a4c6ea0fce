import { formatCount } from "../../src/core/format.ts";
import { h } from "../dom.ts";
import type { PanelChoice, Session } from "../session.ts";
import { say } from "../strings.ts";

export function foot(session: Session): HTMLElement {
  const facts = h("span", { class: "foot-facts" });
  const show = (): void => {
    facts.replaceChildren(
      ...footFacts(session).map((text, at) =>
        h("span", { class: at > 0 ? "wide" : "" }, text),
      ),
    );
  };
  show();
  session.onChange((now, before) => {
    if (now.rows !== before.rows) show();
  });
  return h(
    "footer",
    { class: "foot" },
    facts,
    h("span", { class: "spacer" }),
    h(
      "span",
      { class: "wide hints" },
      ...hint("↑↓", say("keyMove")),
      ...hint("→←", say("keyOpen")),
      ...hint("H", say("keyHottest")),
      ...hint("F", say("keyFinding")),
      ...hint("?", say("keyAll")),
    ),
  );
}

function hint(key: string, words: string): readonly (Node | string)[] {
  return [h("kbd", {}, key), ` ${words} `];
}

function footFacts(session: Session): readonly string[] {
  const { model, view } = session.facts;
  const texts = [shownText(session.now(), model.nodes.length)];
  const folded = model.groups.reduce(
    (sum, group) => sum + group.members.length,
    0,
  );
  if (folded > 0)
    texts.push(
      say("folded", formatCount(folded), formatCount(model.groups.length)),
    );
  const never = model.nodes.filter((node) => node.neverExecuted).length;
  if (never > 0) texts.push(say("countNever", formatCount(never)));
  const settings = Object.entries(view.plan.settings).map(
    ([name, value]) => `${name} ${value}`,
  );
  if (settings.length > 0)
    texts.push(say("settingsChanged", settings.join(", ")));
  return texts;
}

function shownText(now: PanelChoice, count: number): string {
  const shown = now.rows.length;
  return shown === count
    ? say("operations", formatCount(count))
    : say("operationsShown", formatCount(count), formatCount(shown));
}
