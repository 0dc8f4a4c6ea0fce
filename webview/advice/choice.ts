import type {
  AdviceIndexView,
  AdviceStop,
  AdviceView,
} from "../../src/protocol/advice-messages.ts";

/** What the person set on the page; outlives a reload. */
export interface AdviceChoice {
  /** Disk for new indexes, in bytes. */
  readonly budgetBytes: number;
  /** Ids of the ticked indexes. */
  readonly taken: ReadonlySet<number>;
  /** Ids of the indexes whose details are open. */
  readonly open: ReadonlySet<number>;
}

const nothing: AdviceStop = { bytes: 0, cost: 0, members: [] };

/** The largest set that fits. */
export function stopAt(view: AdviceView, budgetBytes: number): AdviceStop {
  return (
    view.stops.findLast(({ bytes }) => bytes <= budgetBytes) ??
    view.stops[0] ??
    nothing
  );
}

export const largestStop = (view: AdviceView): AdviceStop =>
  view.stops.at(-1) ?? nothing;

/** The set after the one that fits; undefined at the end. */
export const stopAfter = (
  view: AdviceView,
  budgetBytes: number,
): AdviceStop | undefined =>
  view.stops.find(({ bytes }) => bytes > budgetBytes);

/** Where a key of the slider leads; undefined for a key that is not the slider's. */
export function stopForKey(
  view: AdviceView,
  budgetBytes: number,
  key: string,
): AdviceStop | undefined {
  const at = view.stops.indexOf(stopAt(view, budgetBytes));
  const last = view.stops.length - 1;
  const steps: Readonly<Record<string, number>> = {
    ArrowRight: at + 1,
    ArrowUp: at + 1,
    ArrowLeft: at - 1,
    ArrowDown: at - 1,
    PageUp: at + 5,
    PageDown: at - 5,
    Home: 0,
    End: last,
  };
  const wanted = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return wanted === undefined
    ? undefined
    : view.stops[Math.min(last, Math.max(0, wanted))];
}

/** Share of today's cost, 0 to 1. */
export const shareOfToday = (view: AdviceView, cost: number): number =>
  view.baselineCost > 0 ? cost / view.baselineCost : 1;

/** Those of the chosen set first, then what other sets hold, by gain. */
export function listedIndexes(
  view: AdviceView,
  stop: AdviceStop,
): readonly AdviceIndexView[] {
  const isIn = ({ id }: AdviceIndexView): number =>
    stop.members.includes(id) ? 1 : 0;
  return view.indexes.toSorted(
    (one, other) => isIn(other) - isIn(one) || other.gain - one.gain,
  );
}

/** Bytes of the smallest set that holds the index. */
export const fitsFrom = (view: AdviceView, id: number): number | undefined =>
  view.stops.find(({ members }) => members.includes(id))?.bytes;

function firstChoice(view: AdviceView): AdviceChoice {
  const stop = largestStop(view);
  return {
    budgetBytes: stop.bytes,
    taken: new Set(stop.members),
    open: new Set(),
  };
}

/** As it is saved. */
export const renderChoice = (
  view: AdviceView,
  { budgetBytes, taken, open }: AdviceChoice,
): unknown => ({
  version: 1,
  key: view.key,
  budgetBytes,
  taken: [...taken],
  open: [...open],
});

const numbers = (value: unknown): readonly number[] =>
  Array.isArray(value)
    ? value.filter((one): one is number => typeof one === "number")
    : [];

/** The saved choice when it was made on this advice, else the first one. */
export function restoreChoice(view: AdviceView, saved: unknown): AdviceChoice {
  const first = firstChoice(view);
  if (typeof saved !== "object" || saved === null) return first;
  const { version, key, budgetBytes, taken, open } = saved as Record<
    string,
    unknown
  >;
  if (version !== 1 || key !== view.key || typeof budgetBytes !== "number")
    return first;
  return {
    budgetBytes,
    taken: new Set(numbers(taken)),
    open: new Set(numbers(open)),
  };
}
