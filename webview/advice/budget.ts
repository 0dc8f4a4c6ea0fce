import { formatBytes, formatShare } from "../../src/core/format.ts";
import { h, percent } from "../dom.ts";
import { largestStop, shareOfToday, stopForKey } from "./choice.ts";
import type { AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

/** The range has whole steps, the bytes of a set are none of them: the budget is kept in the session. */
const steps = 1000;

function spoken(session: AdviceSession): string {
  const { members, cost, bytes } = session.stop();
  return tell(
    "budgetSpoken",
    formatBytes(bytes),
    String(members.length),
    formatShare(shareOfToday(session.view, cost)),
  );
}

/** Drags to any number of bytes; the keys go from set to set. */
function rangeInput(session: AdviceSession, most: number): HTMLInputElement {
  const input = h("input", {
    attributes: {
      type: "range",
      id: "budget",
      min: "0",
      max: String(steps),
      "aria-describedby": "budget-keys",
    },
  });
  const show = (): void => {
    const share = session.now().budgetBytes / most;
    input.value = String(Math.round(share * steps));
    input.style.setProperty("--at", percent(share));
    input.setAttribute("aria-valuetext", spoken(session));
  };
  input.addEventListener("input", () => {
    session.setBudget((Number(input.value) / steps) * most);
  });
  input.addEventListener("keydown", (event) => {
    const { view } = session;
    const stop = stopForKey(view, session.now().budgetBytes, event.key);
    if (stop === undefined) return;
    event.preventDefault();
    session.setBudget(stop.bytes);
  });
  session.onChange(show);
  show();
  return input;
}

/** The budget as a labelled slider with its bytes. Never waits for the server. */
export function budgetSlider(session: AdviceSession): HTMLElement {
  const most = Math.max(1, largestStop(session.view).bytes);
  const input = rangeInput(session, most);
  // The slider speaks for itself.
  const output = h("output", {
    class: "strong",
    attributes: { for: "budget", "aria-hidden": "true" },
  });
  const show = (): void => {
    output.textContent = formatBytes(session.now().budgetBytes);
  };
  session.onChange(show);
  show();
  return h(
    "div",
    { class: "slide" },
    h(
      "label",
      { class: "small strong", attributes: { for: "budget" } },
      tell("budget"),
    ),
    input,
    output,
    h(
      "span",
      { class: "screen-reader", attributes: { id: "budget-keys" } },
      tell("budgetKeys"),
    ),
  );
}
