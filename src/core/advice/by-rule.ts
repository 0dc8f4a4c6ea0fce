import type { Catalog } from "../catalog.ts";
import type { Plan } from "../plan/plan.ts";
import { parseExplain } from "../postgres/parse-explain.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import { words, type Text } from "../words.ts";
import { foreignKeyCandidates, type Candidate } from "./candidates.ts";
import {
  pickAcceptedByRules,
  pickBesideProven,
  pickByRules,
} from "./heuristics.ts";
import { unprovableReason } from "./provable.ts";
import { renderIndexKey } from "./render-ddl.ts";
import type { IndexDefinition, Suggestion } from "./suggestion.ts";
import type { Prover } from "./trial.ts";
import { explainOrder } from "./why.ts";
import { tableOf } from "./worth-building.ts";

type Namer = (index: IndexDefinition) => string;

function suggestByRule(
  index: IndexDefinition,
  name: string,
  reason: Text,
): Suggestion {
  return {
    index,
    name,
    costBefore: undefined,
    costAfter: undefined,
    sizeBytes: undefined,
    proof: { kind: "heuristic", reason },
    planAfter: undefined,
    why: explainOrder(index),
  };
}

const unpricedReason =
  "EXPLAIN does not price the foreign key checks of a DELETE: each deleted row reads this table in full";

/** True of what this database could not try, though another way of trying might. */
export const isUntried = ({ proof }: Suggestion): boolean =>
  proof.kind === "heuristic" && proof.reason !== unpricedReason;

/** Indexes for the keys that other tables hold on the target of a DELETE. */
export function adviseOnForeignKeys(
  statement: ParsedStatement,
  catalog: Catalog,
  nameFor: Namer,
): readonly Suggestion[] {
  return foreignKeyCandidates(statement, catalog).map((index) => ({
    ...suggestByRule(index, nameFor(index), unpricedReason),
    why: `${renderIndexKey(index)} refers to the table deleted from, so each deleted row is looked up here.`,
  }));
}

export interface Unproven<Failure> {
  readonly plan: Plan;
  readonly prover: Prover<Failure>;
  readonly candidates: readonly Candidate[];
  /** Tables that a proven index helps already. */
  readonly proven: readonly Suggestion[];
  /** Accepted by the server but hidden from its planner. */
  readonly hidden: readonly Candidate[];
  /** Worth it by what the planner guesses of a range. */
  readonly guessed: readonly Candidate[];
}

const guessedReason = words(
  "HypoPG takes an index on an expression for several times its size, and the planner only guesses how many rows the range keeps",
);
const hiddenReason = words(
  "HypoPG tries an index on an expression only on the first table of a statement",
);

/** The plan with all proven indexes; undefined where there are none. */
function planLeft(proven: readonly Suggestion[]): Plan | undefined {
  const plan = parseExplain(proven.at(-1)?.planAfter);
  return plan.ok ? plan.value : undefined;
}

/**
 * By rule of thumb, for what the database cannot try: on tables that no proven index helps, and on those where much is
 * left to read.
 */
export function adviseByRules<Failure>(
  input: Unproven<Failure>,
  nameFor: Namer,
): readonly Suggestion[] {
  const { plan, prover, candidates, proven } = input;
  const helped = new Set(proven.map(({ index }) => tableOf(index)));
  const isHelped = ({ index }: Candidate): boolean =>
    helped.has(tableOf(index));
  const isOpen = (candidate: Candidate): boolean => !isHelped(candidate);
  const left = planLeft(proven);
  const untried = [
    ...pickByRules(plan, candidates.filter(isOpen)),
    ...(left === undefined
      ? []
      : pickBesideProven(left, candidates.filter(isHelped))),
  ];
  const hidden = pickAcceptedByRules(plan, input.hidden.filter(isOpen));
  const guessed = input.guessed.filter(isOpen).slice(0, 1);
  const reasonOf = (candidate: Candidate): Text => {
    if (hidden.includes(candidate)) return hiddenReason;
    if (guessed.includes(candidate)) return guessedReason;
    return unprovableReason(candidate, prover) ?? "";
  };
  return [...new Set([...untried, ...hidden, ...guessed])].map((candidate) => {
    const { index } = candidate;
    return suggestByRule(index, nameFor(index), reasonOf(candidate));
  });
}
