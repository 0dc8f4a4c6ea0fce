import {
  formatBytes,
  formatCost,
  formatCount,
  formatExactCount,
  formatFactor,
  formatMs,
  formatShare,
} from "../../src/core/format.ts";
import type { Severity } from "../../src/core/findings/finding.ts";
import { h, percent } from "../dom.ts";
import type { BarKind, OffBy } from "../layout/measures.ts";
import { heatOf } from "../layout/measures.ts";
import type { NumberedFinding } from "../session.ts";
import { say } from "../strings.ts";

const heatOfSeverity: Readonly<Record<Severity, string>> = {
  problem: "hot",
  warning: "warm",
  note: "calm",
};

export function severityHeat(severity: Severity): string {
  return heatOfSeverity[severity];
}

/** Round red, square yellow, dashed blue: told apart by shape too. */
export function findingMark({ number, finding }: NumberedFinding): HTMLElement {
  return h(
    "span",
    {
      class: `mark-number ${severityHeat(finding.severity)}`,
      attributes: {
        role: "img",
        "aria-label": say("findingMark", String(number)),
      },
    },
    String(number),
  );
}

/** A value of the chosen kind, with the unit of that kind. 8 KiB blocks are shown as bytes. */
export function barValue(kind: BarKind, value: number): string {
  switch (kind) {
    case "time":
      return formatMs(value);
    case "cost":
      return formatCost(value);
    case "rows":
      return formatCount(value);
    case "blocks":
      return formatBytes(value * 8192);
  }
}

export function countCell(
  value: number | undefined,
  className: string,
): HTMLElement {
  return h(
    "span",
    {
      class: className,
      attributes: {
        role: "gridcell",
        title: value === undefined ? undefined : formatExactCount(value),
      },
    },
    formatCount(value),
  );
}

// Below twice off nothing is shown, from ten a triangle, from a hundred bold: the bounds of the design.
const worthShowing = 2;
const worthMarking = 10;
const worthBold = 100;

export function offByMark(off: OffBy | undefined): HTMLElement | undefined {
  if (off === undefined || off.times < worthShowing) return undefined;
  const times = formatFactor(off.times);
  const words = say(
    off.more ? "timesMore" : "timesFewer",
    times.replace("×", ""),
  );
  const title = off.inherited ? say("inherited", words) : words;
  const weight = off.inherited
    ? "inherited"
    : off.times >= worthBold
      ? "bad"
      : "";
  return h(
    "span",
    {
      class: `off ${off.more ? "more" : "fewer"} ${weight}`,
      attributes: { role: "img", "aria-label": title, title },
    },
    off.times >= worthMarking &&
      !off.inherited &&
      h("span", { class: "triangle" }),
    times,
  );
}

export interface BarValues {
  readonly own: number;
  readonly total: number;
  readonly whole: number;
}

/** Pale with children, solid own; value and percent beside it. */
export function costCell(
  kind: BarKind,
  values: BarValues | undefined,
): HTMLElement {
  const cell = h("span", { class: "cost", attributes: { role: "gridcell" } });
  if (values === undefined) {
    cell.append(h("span", { class: "bar" }));
    return cell;
  }
  const share = values.own / values.whole;
  const heat = heatOf(share);
  const title = say(
    "ownAndTotal",
    barValue(kind, values.own),
    barValue(kind, values.total),
  );
  cell.append(
    h(
      "span",
      { class: "bar", attributes: { title } },
      h("i", {
        class: "total",
        style: { width: percent(values.total / values.whole) },
      }),
      values.own > 0 &&
        h("i", { class: `own ${heat}`, style: { width: percent(share) } }),
    ),
    h("span", { class: "r" }, barValue(kind, values.own)),
    h(
      "span",
      { class: `r share ${heat}` },
      share > 0 ? formatShare(share) : "–",
    ),
  );
  return cell;
}
