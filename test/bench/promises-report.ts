/** What was promised beside what came, in lines for people. */
import type { Execution } from "./promises-execute.ts";

/** One query; costs in the planner's unit. */
export interface QueryFate {
  readonly name: string;
  /** Without indexes, as the advisor had it. */
  readonly advisedBefore: number;
  /** Without indexes, as planned on the bare database now. */
  readonly before: number;
  readonly promised: number;
  /** The whole set at once on the planner that advised. */
  readonly foreseen: number | undefined;
  readonly real: number;
  /** As `real`, with the row counts that the advisor saw: CREATE INDEX writes exact ones. */
  readonly realAlike: number;
  readonly isPlanChanged: boolean;
  /** Indexes of which the advice says that this query gains by them. */
  readonly told: readonly {
    readonly index: string;
    /** What the query would cost more without it. */
    readonly gain: number;
  }[];
  readonly foreseenIndexes: readonly string[];
  readonly usedIndexes: readonly string[];
}

export interface Report {
  readonly workload: string;
  readonly proof: string;
  /** Of the heap. */
  readonly share: number;
  readonly budgetBytes: number;
  readonly adviceSeconds: number;
  readonly plannings: number;
  readonly ending: string;
  readonly leftOut: readonly string[];
  readonly statements: number;
  readonly indexes: readonly {
    readonly name: string;
    readonly table: string;
    readonly ddl: string;
    readonly promisedBytes: number;
    readonly realBytes: number;
    readonly seconds: number;
  }[];
  readonly queries: readonly QueryFate[];
  readonly executions: readonly Execution[];
  readonly rowDrift: readonly {
    readonly table: string;
    readonly share: number;
  }[];
}

const sum = <Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number,
): number => items.reduce((total, item) => total + valueOf(item), 0);

const percent = (share: number, digits = 1): string =>
  `${(share * 100).toFixed(digits)} %`;
const signed = (share: number, digits = 1): string =>
  `${share >= 0 ? "+" : ""}${percent(share, digits)}`;
const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const met = (isMet: boolean): string => (isMet ? "met" : "MISSED");

/** Arithmetic moves the last digits of a cost; what is beyond this is another plan or other figures. */
const sameCost = 0.001;
const listed = 5;

function costLines({ queries }: Report): readonly string[] {
  const before = sum(queries, (one) => one.before);
  const relative = (cost: (one: QueryFate) => number): number =>
    sum(queries, cost) / before;
  const promised =
    sum(queries, (one) => one.promised) /
    sum(queries, (one) => one.advisedBefore);
  const real = relative((one) => one.real);
  const away = real / promised - 1;
  return [
    `cost       promised ${promised.toFixed(4)}, real ${real.toFixed(4)}: ${signed(away, 2)} (target within 3 %: ${met(Math.abs(away) <= 0.03)})`,
    `           whole set planned before building ${relative((one) => one.foreseen ?? one.promised).toFixed(4)}, real with the row counts of then ${relative((one) => one.realAlike).toFixed(4)}`,
  ];
}

function driftLines({ rowDrift }: Report): readonly string[] {
  const moved = rowDrift.filter(({ share }) => share !== 0);
  const [most] = moved.toSorted(
    (one, other) => Math.abs(other.share) - Math.abs(one.share),
  );
  return most === undefined
    ? []
    : [
        `rows       CREATE INDEX corrected reltuples, most of ${most.table}: ${signed(most.share, 2)}`,
      ];
}

/** What the advice tells of an index and a query, and what the planner read of the whole set before it was built. */
function useLines({ queries, indexes }: Report): readonly string[] {
  const tableOf = new Map(indexes.map(({ name, table }) => [name, table]));
  const told = queries.flatMap((query) =>
    query.told.map((one) => ({
      ...one,
      name: query.name,
      isUsed: query.usedIndexes.includes(one.index),
      isReplaced: query.usedIndexes.some(
        (other) =>
          tableOf.get(other) === tableOf.get(one.index) &&
          !query.told.some(({ index }) => index === other),
      ),
    })),
  );
  const used = told.filter(({ isUsed }) => isUsed);
  const unused = told
    .filter(({ isUsed }) => !isUsed)
    .toSorted((one, other) => other.gain - one.gain);
  const foreseen = queries.flatMap(({ foreseenIndexes, usedIndexes }) =>
    foreseenIndexes.map((index) => usedIndexes.includes(index)),
  );
  const kept = foreseen.filter(Boolean).length;
  const idle = indexes.filter(
    ({ name }) => !queries.some((one) => one.usedIndexes.includes(name)),
  );
  const gain = (all: typeof told): number => sum(all, (one) => one.gain);
  const before = sum(queries, (one) => one.before);
  return [
    `uses       ${used.length} of ${told.length} promised: ${percent(used.length / Math.max(1, told.length))} (target 95 %: ${met(used.length >= 0.95 * told.length)}), ${percent(gain(used) / Math.max(1, gain(told)))} of their gain; of those planned before building ${kept} of ${foreseen.length}: ${percent(kept / Math.max(1, foreseen.length))}`,
    `           ${unused.filter(({ isReplaced }) => isReplaced).length} of the ${unused.length} others read another index of the set on the same table instead`,
    ...unused
      .slice(0, listed)
      .map(
        (one) =>
          `           not used: ${one.index} in ${one.name}, worth ${percent(one.gain / before, 3)} of the whole`,
      ),
    ...(idle.length === 0
      ? []
      : [
          `           used by no query: ${idle.map((one) => `${one.name} (${mb(one.realBytes)})`).join(", ")}`,
        ]),
  ];
}

function worseLines({ queries }: Report): readonly string[] {
  const worse = queries.filter(
    ({ before, real }) => real > before * (1 + sameCost),
  );
  return [
    `worse      ${worse.length} of ${queries.length} queries cost more than before (target none: ${met(worse.length === 0)})`,
    ...worse.map(
      (one) =>
        `           ${one.name}: ${signed(one.real / one.before - 1, 2)}, ${signed(one.realAlike / one.before - 1, 2)} with the row counts of then${one.isPlanChanged ? "" : ", same plan"}`,
    ),
  ];
}

function brokenLines({ queries }: Report): readonly string[] {
  const before = sum(queries, (one) => one.before);
  const broken = queries
    .filter(({ promised, real }) => Math.abs(real / promised - 1) > 0.03)
    .toSorted(
      (one, other) =>
        Math.abs(other.real - other.promised) -
        Math.abs(one.real - one.promised),
    );
  return [
    `queries    ${broken.length} of ${queries.length} are more than 3 % off their promise`,
    ...broken
      .slice(0, listed)
      .map(
        ({ name, promised, foreseen, real }) =>
          `           ${name}: ${signed(real / promised - 1)} (${signed((real - promised) / before, 2)} of the whole; planned at once ${signed((foreseen ?? promised) / promised - 1)})`,
      ),
  ];
}

function sizeLines({ indexes, budgetBytes }: Report): readonly string[] {
  const promised = sum(indexes, (one) => one.promisedBytes);
  const real = sum(indexes, (one) => one.realBytes);
  const off = indexes.toSorted(
    (one, other) =>
      Math.abs(other.realBytes - other.promisedBytes) -
      Math.abs(one.realBytes - one.promisedBytes),
  );
  return [
    `size       ${indexes.length} indexes, promised ${mb(promised)}, real ${mb(real)}: ${signed(real / promised - 1, 2)}; ${percent(real / budgetBytes)} of the budget (target ≤ 110 %: ${met(real <= 1.1 * budgetBytes)})`,
    ...off
      .slice(0, 3)
      .map(
        (one) =>
          `           ${one.name}: promised ${mb(one.promisedBytes)}, real ${mb(one.realBytes)} (${signed(one.realBytes / one.promisedBytes - 1)})`,
      ),
  ];
}

interface Timed {
  readonly name: string;
  readonly isPlanChanged: boolean;
  readonly beforeMs: number;
  readonly afterMs: number;
}

const isTimed = (one: Execution): one is Execution & Timed =>
  one.beforeMs !== undefined && one.afterMs !== undefined;

function timeLines({ executions, statements }: Report): readonly string[] {
  const timed = executions.filter(isTimed);
  if (timed.length === 0) return [];
  const changed = timed.filter(({ isPlanChanged }) => isPlanChanged);
  const totals = (all: readonly Timed[]): string => {
    const before = sum(all, (one) => one.beforeMs);
    const after = sum(all, (one) => one.afterMs);
    return `${seconds(before)} before, ${seconds(after)} after (${(after / before).toFixed(3)})`;
  };
  const slower = changed
    .filter(({ beforeMs, afterMs }) => afterMs > beforeMs)
    .toSorted(
      (one, other) =>
        other.afterMs - other.beforeMs - (one.afterMs - one.beforeMs),
    );
  const stopped = executions.filter((one) => !isTimed(one));
  return [
    `time       ${timed.length} of ${statements} queries: ${totals(timed)}`,
    `           ${changed.length} of them with another plan: ${totals(changed)}`,
    `           ${slower.length} of these slower${slower.length === 0 ? "" : ", most:"}`,
    ...slower
      .slice(0, listed)
      .map(
        (one) =>
          `           ${one.name}: ${seconds(one.beforeMs)} → ${seconds(one.afterMs)}`,
      ),
    ...stopped.map(
      ({ name, beforeMs, afterMs }) =>
        `           left out, stopped at the limit: ${name}, ${beforeMs === undefined ? "stopped" : seconds(beforeMs)} before, ${afterMs === undefined ? "stopped" : seconds(afterMs)} after`,
    ),
  ];
}

export function print(report: Report): void {
  const { workload, proof, share, budgetBytes } = report;
  const lines = [
    `${workload}, ${proof}, budget ${percent(share, 0)} of the heap (${mb(budgetBytes)}); advised in ${report.adviceSeconds.toFixed(1)} s with ${report.plannings} EXPLAINs (${report.ending})`,
    ...(report.leftOut.length === 0
      ? []
      : [`left out   ${report.leftOut.join(", ")}`]),
    ...costLines(report),
    ...driftLines(report),
    ...useLines(report),
    ...worseLines(report),
    ...brokenLines(report),
    ...sizeLines(report),
    ...timeLines(report),
  ];
  process.stderr.write(`${lines.join("\n")}\n\n`);
}
