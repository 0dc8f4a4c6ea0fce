import { formatMs } from "../../src/core/format.ts";
import type { PanelMessages, PanelState } from "../../src/protocol/messages.ts";
import { button } from "../controls.ts";
import { h, percent } from "../dom.ts";
import { icon } from "../icons.ts";
import type { Post } from "../post.ts";
import { say } from "../strings.ts";

type StateOf<Kind extends PanelState["kind"]> = Extract<
  PanelState,
  { kind: Kind }
>;

/** A view without a plan; `close` stops what it started. */
export interface PlainView {
  readonly element: HTMLElement;
  readonly close: () => void;
}

const nothingToClose = (): void => undefined;

export function emptyView(): PlainView {
  const keys = ["Ctrl", "Alt", "E"].flatMap((key) => [h("kbd", {}, key), " "]);
  const element = h(
    "main",
    { class: "state" },
    h("h1", { class: "screen-reader" }, say("emptyTitle")),
    h(
      "div",
      { class: "empty" },
      h(
        "p",
        {},
        say("emptyBefore"),
        " ",
        ...keys.slice(0, -1),
        say("emptyAfter"),
      ),
    ),
  );
  return { element, close: nothingToClose };
}

// Often enough to be believed, seldom enough for a screen reader, which is told of the start only.
const tickMs = 1000;

/** Elapsed time is counted here, from the moment the host said that it runs. */
export function runningView(state: StateOf<"running">, post: Post): PlainView {
  const started = performance.now();
  const words = h("p", {});
  const done = h("i", {});
  const progress = h(
    "div",
    {
      class: "progress",
      attributes: { role: "progressbar", "aria-label": say("running") },
    },
    done,
  );
  const tick = (): void => {
    const elapsed = performance.now() - started;
    words.textContent = runningText(state, elapsed);
    const share =
      state.limitMs === undefined ? openEnd : elapsed / state.limitMs;
    done.style.setProperty("width", percent(share));
  };
  tick();
  const timer = setInterval(tick, tickMs);
  const element = h(
    "main",
    { class: "state" },
    h("h1", { class: "screen-reader" }, say("running")),
    progress,
    h("div", { class: "empty" }, words, cancelRow(post)),
  );
  return {
    element,
    close: () => {
      clearInterval(timer);
    },
  };
}

// Without a limit the bar cannot say how far it is; a third means only that something runs.
const openEnd = 0.34;

function runningText(state: StateOf<"running">, elapsedMs: number): string {
  const { what, connection, limitMs } = state;
  const elapsed = formatMs(Math.floor(elapsedMs / 1000) * 1000);
  return limitMs === undefined
    ? say("runningOpen", what, connection, elapsed)
    : say("runningFor", what, connection, elapsed, formatMs(limitMs));
}

function cancelRow(post: Post): HTMLElement {
  const cancel = button({
    label: say("cancel"),
    icon: "stop",
    onPress: () => {
      post("cancel", {});
    },
  });
  return h(
    "div",
    { class: "acts" },
    cancel,
    h("span", { class: "muted small" }, say("cancelNote")),
  );
}

type TroubleCommand = StateOf<"trouble">["actions"][number]["command"];

const messageOf: Readonly<
  Record<
    TroubleCommand,
    keyof Pick<
      PanelMessages,
      "explain" | "analyze" | "openSource" | "showLog" | "reconnect"
    >
  >
> = {
  explain: "explain",
  analyze: "analyze",
  showInEditor: "openSource",
  showLog: "showLog",
  reconnect: "reconnect",
};

export function troubleView(state: StateOf<"trouble">, post: Post): PlainView {
  const element = h(
    "main",
    { class: "state" },
    h(
      "div",
      { class: "empty", attributes: { role: "alert" } },
      h("h1", { class: "trouble" }, icon("error"), h("b", {}, state.title)),
      h("p", { class: "detail" }, state.detail),
      h(
        "div",
        { class: "acts" },
        ...state.actions.map(({ label, command }) =>
          button({
            label,
            onPress: () => {
              post(messageOf[command], {});
            },
          }),
        ),
      ),
    ),
  );
  return { element, close: nothingToClose };
}
