import type { IndexDefinition } from "../suggestion.ts";
import { baselineOf } from "./choose-known.ts";
import type { Exploration } from "./exploration.ts";
import { tableKey } from "./pool.ts";
import type { Tables } from "./problem.ts";
import {
  membersOf,
  startState,
  toggle,
  totalWithout,
  type State,
} from "./set-state.ts";

/** What an index has to bring: this share of the baseline, or this share of what the queries cost that it serves. */
interface Bar {
  readonly ofBaseline: number;
  readonly ofServed: number;
}

/** Either will do: a dear query beside them says nothing of what others gain. */
const usual: Bar = { ofBaseline: 0.0001, ofServed: 0.1 };
/** Beside a longer index with the same beginning, as INCLUDE has to bring for a single statement: a sixth. */
const besideLonger: Bar = { ofBaseline: 0.003, ofServed: 1 / 6 };

/** Whether the longer index finds and carries all that the shorter one does, if in more pages. */
function servesAll(
  longer: IndexDefinition | undefined,
  shorter: IndexDefinition | undefined,
): boolean {
  if (longer === undefined || shorter === undefined) return false;
  const isComparable =
    longer.method === "btree" &&
    shorter.method === "btree" &&
    tableKey(longer) === tableKey(shorter) &&
    longer.predicate === shorter.predicate;
  const begins = shorter.keys.every((key, at) => {
    const other = longer.keys[at];
    return (
      key.text === other?.text && key.operatorClass === other.operatorClass
    );
  });
  const held = new Set([
    ...longer.keys.map(({ text }) => text),
    ...longer.included,
  ]);
  return (
    isComparable && begins && shorter.included.every((one) => held.has(one))
  );
}

interface Loss {
  readonly index: number;
  /** What the workload would cost more without the index. */
  readonly loss: number;
}

/** What the queries cost, without the index, that cost more without it. */
function costServed(tables: Tables, state: State, index: number): number {
  const without = startState(
    tables,
    membersOf(tables, state).filter((other) => other !== index),
  );
  return without.costs.reduce(
    (sum, cost, query) => (cost > (state.costs[query] ?? 0) ? sum + cost : sum),
    0,
  );
}

/** Takes out, one by one, the index that brings least, while that is next to nothing. */
export function dropTrifles<Failure>(
  search: Exploration<Failure>,
  tables: Tables,
  state: State,
): void {
  const { all } = search.pool;
  const baseline = baselineOf(search);
  const isTrifle = ({ index, loss }: Loss): boolean => {
    const others = membersOf(tables, state).filter((other) => other !== index);
    const hasLonger = others.some((other) =>
      servesAll(all[other]?.index, all[index]?.index),
    );
    const bar = hasLonger ? besideLonger : usual;
    return (
      loss <= baseline * bar.ofBaseline &&
      loss <= costServed(tables, state, index) * bar.ofServed
    );
  };
  for (;;) {
    const trifle = membersOf(tables, state)
      .map((index): Loss => {
        const loss = totalWithout(tables, state, index) - state.total;
        return { index, loss };
      })
      .sort((a, b) => a.loss - b.loss)
      .find(isTrifle);
    if (trifle === undefined) return;
    toggle(tables, state, [trifle.index], 0);
  }
}
