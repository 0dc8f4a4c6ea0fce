import {
  formatBytes,
  formatCost,
  formatCount,
  formatShare,
} from "../../src/core/format.ts";
import type { AdviceQueryView } from "../../src/protocol/advice-messages.ts";
import { h } from "../dom.ts";
import { shareOfToday } from "./choice.ts";
import { changeWords, costWords } from "./query-bars.ts";
import type { AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

// Differences below it are the planner's rounding, not a gain or a loss.
const noticeable = 0.005;

function figure(label: string, value: string, note?: string): HTMLElement {
  return h(
    "div",
    {},
    h("dt", {}, label),
    h("dd", {}, value, note !== undefined && h("small", {}, note)),
  );
}

function worstWords(queries: readonly AdviceQueryView[]): string {
  const growth = ({ before, after }: AdviceQueryView): number =>
    before > 0 ? after / before - 1 : 0;
  const [worst] = queries.toSorted((one, other) => growth(other) - growth(one));
  return worst === undefined || growth(worst) < noticeable
    ? tell("noneWorse")
    : tell("worse", worst.name, formatShare(growth(worst)));
}

/** What the set of the budget brings and takes. */
export function adviceFigures(session: AdviceSession): HTMLElement {
  const { view } = session;
  const element = h("dl", { class: "figures sum" });
  const cheaper = view.queries.filter(
    ({ before, after }) => after < before * (1 - noticeable),
  );
  const show = (): void => {
    const { cost, bytes, members } = session.stop();
    const upkeep = view.indexes
      .filter(({ id }) => members.includes(id))
      .reduce((sum, one) => sum + one.upkeep, 0);
    element.replaceChildren(
      figure(
        tell("costOfAll"),
        costWords(view.baselineCost, cost),
        changeWords(view.baselineCost, cost),
      ),
      figure(tell("indexCount"), String(members.length)),
      figure(tell("disk"), formatBytes(bytes)),
      figure(
        tell("upkeep"),
        formatCost(upkeep),
        tell("ofToday", formatShare(shareOfToday(view, upkeep))),
      ),
      figure(
        tell("cheaper"),
        tell(
          "cheaperOf",
          formatCount(cheaper.length),
          formatCount(view.queries.length),
        ),
        tell("wholeSet"),
      ),
      figure(tell("worst"), worstWords(view.queries), tell("wholeSet")),
    );
  };
  session.onChange(show);
  show();
  return element;
}
