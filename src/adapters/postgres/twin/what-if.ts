import type { Answer, WhatIfAnswer } from "../../../app/database.ts";
import { renderCreateIndex } from "../../../core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../../core/advice/suggestion.ts";
import { succeeded } from "../../../core/result.ts";
import type { ParsedStatement } from "../../../core/sql/statement.ts";
import { planStatement } from "../explain.ts";
import type { BuiltTwin } from "./build-twin.ts";
import type { EstimateSize } from "./size-trials.ts";
import {
  createTrials,
  dropTrials,
  prepareTrials,
  switchTrials,
  type Refusal,
  type TrialIndex,
} from "./trial-indexes.ts";

/** The trial indexes of one twin. Calls must not overlap: what is switched on, is so for everybody. */
export interface Trials {
  /** Plans with exactly these indexes beside the source's own; `values` as for `explain`. */
  readonly plan: (
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
    values: readonly (string | null)[] | undefined,
  ) => Answer<WhatIfAnswer>;
  /** Switches exactly these on, for plans that are made elsewhere; names and sizes in the order asked. */
  readonly switchOn: (
    indexes: readonly IndexDefinition[],
  ) => Promise<Pick<WhatIfAnswer, "names" | "partNames" | "sizesBytes">>;
  /** Switches all off; nothing is dropped, so that the next question finds them. */
  readonly switchOff: () => Promise<void>;
}

/** Every plan of a table opens all its indexes, also those switched off: the oldest go when there are more. */
const mostTrials = 600;

/** Trial indexes are known by it; nobody else names an index so. */
export const trialPrefix = "planlens_trial_";

interface Known {
  readonly index: IndexDefinition;
  readonly trial: TrialIndex | Refusal;
}

/** The same DDL makes the same index. */
const keyOf = (index: IndexDefinition): string =>
  renderCreateIndex(index, "planlens_trial", { concurrently: false });

class TrialShelf {
  readonly #twin: BuiltTwin;
  readonly #estimate: EstimateSize;
  readonly #known = new Map<string, Known>();
  #on: ReadonlySet<string> = new Set();
  #made = 0;

  constructor(twin: BuiltTwin, estimate: EstimateSize) {
    this.#twin = twin;
    this.#estimate = estimate;
  }

  async #make(indexes: readonly IndexDefinition[]): Promise<void> {
    const missing = new Map<string, IndexDefinition>();
    for (const index of indexes)
      if (!this.#known.has(keyOf(index))) missing.set(keyOf(index), index);
    if (missing.size === 0) return;
    if (this.#made === 0) await prepareTrials(this.#twin);
    const wanted = [...missing.values()].map((index) => {
      this.#made += 1;
      return { index, name: `${trialPrefix}${this.#made}` };
    });
    const trials = await createTrials(this.#twin, wanted, this.#estimate);
    for (const [at, { index }] of wanted.entries()) {
      const trial = trials[at];
      if (trial !== undefined) this.#known.set(keyOf(index), { index, trial });
    }
  }

  async #shrink(kept: ReadonlySet<string>): Promise<void> {
    const spare = this.#known.size - mostTrials;
    if (spare <= 0) return;
    const going = [...this.#known]
      .filter(([key]) => !kept.has(key))
      .slice(0, spare);
    await this.#remove(going);
  }

  async #remove(going: readonly (readonly [string, Known])[]): Promise<void> {
    for (const [key] of going) this.#known.delete(key);
    await dropTrials(
      this.#twin,
      going.flatMap(([, { index, trial }]) =>
        "refused" in trial ? [] : [{ schema: index.schema, name: trial.name }],
      ),
    );
  }

  async switchTo(ids: ReadonlySet<string>): Promise<void> {
    const { admin } = this.#twin;
    const off = [...this.#on].filter((id) => !ids.has(id));
    const on = [...ids].filter((id) => !this.#on.has(id));
    await switchTrials(admin, on, off);
    this.#on = ids;
  }

  /** Present and off, in the order asked; undefined for one that the server refuses. */
  async find(
    indexes: readonly IndexDefinition[],
  ): Promise<readonly (TrialIndex | undefined)[]> {
    await this.#make(indexes);
    const trials = indexes.map((index) => {
      const trial = this.#known.get(keyOf(index))?.trial;
      return trial === undefined || "refused" in trial ? undefined : trial;
    });
    await this.#shrink(new Set(indexes.map(keyOf)));
    return trials;
  }
}

/** Trial indexes on a twin: real ones, made once, switched on for the plans that ask for them. */
export function openTrials(twin: BuiltTwin, estimate: EstimateSize): Trials {
  const shelf = new TrialShelf(twin, estimate);
  const switchOn: Trials["switchOn"] = async (indexes) => {
    const trials = await shelf.find(indexes);
    await shelf.switchTo(new Set(trials.flatMap((trial) => trial?.ids ?? [])));
    return {
      names: trials.map((trial) => trial?.name),
      partNames: trials.map((trial) => trial?.partNames ?? []),
      sizesBytes: trials.map((trial) => trial?.sizeBytes),
    };
  };
  return {
    switchOn,
    plan: async (statement, indexes, values) => {
      const trials = await switchOn(indexes);
      const planned = await planStatement(twin.planner, statement, values);
      return planned.ok
        ? succeeded({ plan: planned.value.plan, ...trials })
        : planned;
    },
    switchOff: () => shelf.switchTo(new Set()),
  };
}
