import type { PanelMessages, PanelState } from "../src/protocol/messages.ts";
import { registerControls } from "./controls.ts";
import { parseHostMessage, parseTranslations } from "./parse-message.ts";
import type { Post } from "./post.ts";
import { parseSavedState, restoreChoice, saveState } from "./saved-state.ts";
import { gatherFacts, openSession } from "./session.ts";
import { useTranslations } from "./strings.ts";
import type { PlanPanel } from "./views/plan-panel.ts";
import { planPanel } from "./views/plan-panel.ts";
import type { PlainView } from "./views/states.ts";
import { emptyView, runningView, troubleView } from "./views/states.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();
const post: Post = <Type extends keyof PanelMessages>(
  type: Type,
  body: PanelMessages[Type],
) => {
  api.postMessage({ type, body });
};

let shown: PlainView | undefined;
let panel: PlanPanel | undefined;

function show(state: PanelState): void {
  shown?.close();
  shown = undefined;
  panel = undefined;
  if (state.kind === "plan") {
    showPlan(state);
    return;
  }
  shown = plainView(state);
  document.body.replaceChildren(shown.element);
  api.setState(saveState(state, undefined, undefined));
}

function plainView(state: Exclude<PanelState, { kind: "plan" }>): PlainView {
  switch (state.kind) {
    case "empty":
      return emptyView();
    case "running":
      return runningView(state, post);
    case "trouble":
      return troubleView(state, post);
  }
}

function showPlan(state: Extract<PanelState, { kind: "plan" }>): void {
  const saved = parseSavedState(api.getState());
  const facts = gatherFacts(state.view);
  const session = openSession(facts, restoreChoice(facts, saved?.choice));
  panel = planPanel(session, post);
  document.body.replaceChildren(panel.element);
  panel.layOut();
  saveSoon(() => {
    api.setState(saveState(state, facts, session.now()));
  }, session.onChange);
}

// Writing the state serialises the plan; once after a burst of key presses is enough.
const saveAfterMs = 300;

function saveSoon(
  save: () => void,
  onChange: (listener: () => void) => void,
): void {
  let timer = setTimeout(save, saveAfterMs);
  onChange(() => {
    clearTimeout(timer);
    timer = setTimeout(save, saveAfterMs);
  });
}

registerControls();
useTranslations(parseTranslations(document.body.dataset["translations"]));
addEventListener("message", (event: MessageEvent<unknown>) => {
  const message = parseHostMessage(event.data);
  if (message?.type === "state") show(message.body);
  else if (message?.type === "migrationWritten") {
    panel?.migrationWritten(message.body.suggestionId, message.body.path);
  }
});
const before = parseSavedState(api.getState());
if (before !== undefined && before.panel.kind === "plan") show(before.panel);
else show({ kind: "empty" });
post("ready", {});
