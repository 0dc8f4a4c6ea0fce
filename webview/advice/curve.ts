import { formatBytes, formatShare } from "../../src/core/format.ts";
import { h } from "../dom.ts";
import { largestStop, shareOfToday, stopAfter } from "./choice.ts";
import {
  byteTicks,
  curvePath,
  curveScale,
  type CurveBox,
  type CurveScale,
} from "./curve-shape.ts";
import type { AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

const svgNamespace = "http://www.w3.org/2000/svg";
const height = 232;
// Room for "100 %" on the left and for the bytes below; the axis runs a little past the last step.
const margin = { left: 48, right: 12, top: 14, bottom: 24 };
const pastTheEnd = 1.04;

function draw(
  name: "path" | "circle" | "text",
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElement {
  const element = document.createElementNS(svgNamespace, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, String(value));
  if (text !== undefined) element.textContent = text;
  return element;
}

interface Picture {
  readonly session: AdviceSession;
  readonly box: CurveBox;
  readonly scale: CurveScale;
  readonly mostBytes: number;
}

function pictureOf(session: AdviceSession, width: number): Picture {
  const { view } = session;
  const box = {
    left: margin.left,
    right: Math.max(width - margin.right, margin.left + 1),
    top: margin.top,
    bottom: height - margin.bottom,
  };
  const mostBytes = largestStop(view).bytes * pastTheEnd;
  const shares = view.stops.map(({ cost }) => shareOfToday(view, cost));
  const scale = curveScale(box, mostBytes, Math.max(1, ...shares));
  return { session, box, scale, mostBytes };
}

// Half of "1.59 GB": a label nearer to the edge than that would be cut.
const halfLabel = 26;

const anchorAt = (x: number, box: CurveBox): string => {
  if (x - box.left < halfLabel) return "start";
  return box.right + margin.right - x < halfLabel ? "end" : "middle";
};

function axes({ box, scale, mostBytes }: Picture): readonly SVGElement[] {
  const levels = [0, 0.5, 1].flatMap((share) => [
    draw("path", {
      class: share === 0 ? "axis" : "axis faint",
      d: `M${box.left} ${scale.y(share)}H${box.right}`,
    }),
    draw(
      "text",
      { x: box.left - 8, y: scale.y(share) + 4, "text-anchor": "end" },
      share === 0 ? "0" : formatShare(share),
    ),
  ]);
  const along = byteTicks(mostBytes).map((bytes) =>
    draw(
      "text",
      {
        x: scale.x(bytes),
        y: box.bottom + 17,
        "text-anchor": anchorAt(scale.x(bytes), box),
      },
      bytes === 0 ? "0" : formatBytes(bytes),
    ),
  );
  return [...levels, ...along];
}

function line({ session, box, scale }: Picture): readonly SVGElement[] {
  const { view } = session;
  const share = (cost: number): number => shareOfToday(view, cost);
  const path = curvePath(view.stops, share, scale, box.right);
  const { bytes: used } = session.stop();
  const dots = view.stops.map(({ bytes, cost }) =>
    draw("circle", {
      class: bytes <= used ? "dot in" : "dot",
      cx: scale.x(bytes),
      cy: scale.y(share(cost)),
      r: view.stops.length > 40 ? 2.5 : 4,
    }),
  );
  return [
    draw("path", {
      class: "area",
      d: `${path}V${box.bottom}H${box.left}Z`,
    }),
    draw("path", { class: "line", d: path }),
    ...dots,
  ];
}

/** The chosen budget, and what it buys in words; on the side that has room. */
function here({ session, box, scale }: Picture): readonly SVGElement[] {
  const { view } = session;
  const { budgetBytes } = session.now();
  const x = scale.x(budgetBytes);
  const isLeft = x > (box.left + box.right) / 2;
  const place = {
    x: isLeft ? x - 8 : x + 8,
    "text-anchor": isLeft ? "end" : "start",
  };
  const next = stopAfter(view, budgetBytes);
  const share = (cost: number): string => formatShare(shareOfToday(view, cost));
  const { bytes, cost } = session.stop();
  return [
    draw("path", { class: "cut", d: `M${x} ${box.top}V${box.bottom}` }),
    draw(
      "text",
      { ...place, class: "here", y: box.top + 10 },
      tell("here", formatBytes(bytes), share(cost)),
    ),
    draw(
      "text",
      { ...place, y: box.top + 26 },
      next === undefined
        ? tell("lastStep")
        : tell("nextStep", formatBytes(next.bytes), share(next.cost)),
    ),
  ];
}

function describe({ view }: AdviceSession): string {
  const last = largestStop(view);
  return `${tell("curve")}. ${tell(
    "curveSpoken",
    String(Math.max(0, view.stops.length - 1)),
    formatBytes(last.bytes),
    formatShare(shareOfToday(view, last.cost)),
  )}`;
}

/** Cost against megabytes as a step line; a press on it moves the budget there. The slider below is its keyboard. */
export function costCurve(session: AdviceSession): HTMLElement {
  const svg = document.createElementNS(svgNamespace, "svg");
  svg.setAttribute("class", "curve");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", describe(session));
  svg.setAttribute("height", String(height));
  const holder = h(
    "figure",
    {},
    h("figcaption", { class: "muted small" }, tell("curve")),
  );
  holder.append(svg);
  let picture = pictureOf(session, 0);
  const redraw = (): void => {
    svg.replaceChildren(...axes(picture), ...line(picture), ...here(picture));
  };
  new ResizeObserver(() => {
    const width = holder.clientWidth;
    svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    svg.setAttribute("width", String(width));
    picture = pictureOf(session, width);
    redraw();
  }).observe(holder);
  const follow = (event: PointerEvent): void => {
    const x = event.clientX - svg.getBoundingClientRect().left;
    session.setBudget(
      Math.min(picture.scale.bytesAt(x), largestStop(session.view).bytes),
    );
  };
  svg.addEventListener("pointerdown", (event) => {
    svg.setPointerCapture(event.pointerId);
    follow(event);
  });
  svg.addEventListener("pointermove", (event) => {
    if (svg.hasPointerCapture(event.pointerId)) follow(event);
  });
  session.onChange(redraw);
  return holder;
}
