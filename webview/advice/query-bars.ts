import { formatChange, formatCost } from "../../src/core/format.ts";
import type { AdviceQueryView } from "../../src/protocol/advice-messages.ts";
import { h, percent } from "../dom.ts";

/** `−98 %` of `182k → 3.9k (−98 %)`; empty when no percentage can be claimed. */
export const changeWords = (before: number, after: number): string =>
  /\((.*)\)/u.exec(formatChange(before, after))?.[1] ?? "";

/** Two bars, one over the other, on the scale of `most`; the figures stand beside them. */
export function costBars(
  { before, after }: Pick<AdviceQueryView, "before" | "after">,
  most: number,
): HTMLElement {
  const bar = (value: number, className: string): HTMLElement =>
    h(
      "span",
      { class: `fill ${className}` },
      h("i", { style: { width: percent(value / Math.max(most, 1)) } }),
    );
  return h(
    "span",
    { class: "pair", attributes: { "aria-hidden": "true" } },
    bar(before, "before"),
    bar(after, "after"),
  );
}

/** `182k → 3.9k` */
export const costWords = (before: number, after: number): string =>
  `${formatCost(before)} → ${formatCost(after)}`;
