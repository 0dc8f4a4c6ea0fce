import type { AdviceStop } from "../../src/protocol/advice-messages.ts";

/** Where the curve lies in its picture, in CSS pixels. */
export interface CurveBox {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Cost over bytes as positions in the picture. */
export interface CurveScale {
  readonly x: (bytes: number) => number;
  readonly y: (share: number) => number;
  /** The bytes at a horizontal position, within the axis. */
  readonly bytesAt: (x: number) => number;
}

/** `mostBytes` is the end of the axis; `mostShare` the top, at least 1. */
export function curveScale(
  box: CurveBox,
  mostBytes: number,
  mostShare: number,
): CurveScale {
  const width = Math.max(1, box.right - box.left);
  const height = box.bottom - box.top;
  const most = Math.max(1, mostBytes);
  return {
    x: (bytes) => box.left + (Math.min(bytes, most) / most) * width,
    y: (share) => box.bottom - (share / mostShare) * height,
    bytesAt: (x) => Math.min(1, Math.max(0, (x - box.left) / width)) * most,
  };
}

/** The step line as an SVG path: level to the next stop, then down. */
export function curvePath(
  stops: readonly AdviceStop[],
  share: (cost: number) => number,
  scale: CurveScale,
  right: number,
): string {
  const round = (value: number): string => value.toFixed(1);
  const steps = stops.map(({ bytes, cost }, at) => {
    const [x, y] = [round(scale.x(bytes)), round(scale.y(share(cost)))];
    return at === 0 ? `M${x} ${y}` : `H${x}V${y}`;
  });
  return steps.length === 0 ? "" : `${steps.join("")}H${round(right)}`;
}

const kilo = 1024;
const rounds = [1, 2, 5, 10, 20, 50, 100, 200, 500] as const;

/** Round numbers of bytes along the axis, four at most beside the beginning. */
export function byteTicks(mostBytes: number): readonly number[] {
  if (mostBytes <= 0) return [0];
  let unit = 1;
  while (mostBytes / unit >= kilo) unit *= kilo;
  const step =
    rounds.find((one) => mostBytes / (one * unit) <= 4) ??
    Math.ceil(mostBytes / unit / 4);
  const ticks: number[] = [];
  for (let at = 0; at * step * unit <= mostBytes; at += 1)
    ticks.push(at * step * unit);
  return ticks;
}
