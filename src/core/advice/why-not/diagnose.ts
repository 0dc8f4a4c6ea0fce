import { formatCost } from "../../format.ts";
import { phrase, type Text } from "../../words.ts";
import { toOriginalSpan } from "../../plan/references.ts";
import type { Cause, Evidence } from "./cause.ts";
import {
  labelOfIndex,
  readersOf,
  spanOfTable,
  usesOf,
  type Examined,
} from "./examined.ts";
import { findObstacles, servedUses, type Obstacle } from "./obstacles.ts";
import type { Tried } from "./trials.ts";
import { weighOther } from "./weigh-circumstances.ts";
import { weighOrder } from "./weigh-shape.ts";
import { weigh } from "./weigh.ts";
import { spanOfInterest } from "./weighing.ts";

/** Whether the index is used, and if not, why: the surest cause first. */
export interface Diagnosis {
  readonly isUsed: boolean;
  /** What is to be said at once. */
  readonly sentence: Text;
  /** Empty when it is used. */
  readonly causes: readonly Cause[];
  readonly evidence: Evidence;
}

function evidenceOf({ plan, table }: Examined, { forced }: Tried): Evidence {
  return {
    costChosen: plan.root.estimate?.totalCost,
    costWithIndex: forced?.cost,
    rows: forced?.node.estimate?.rowsPerLoop,
    tableRows: table.estimatedRows,
  };
}

const invalid = (examined: Examined): Obstacle => ({
  kind: "invalid",
  sentence: phrase(
    "{0} is INVALID: its build failed or has not ended, and no plan reads it. Drop it and build it again.",
    labelOfIndex(examined),
  ),
  span: spanOfTable(examined),
  indexKey: undefined,
});

/** The condition that speaks of the same column as the index's WHERE, else the table. */
function predicate(examined: Examined, text: string): Obstacle {
  const words = new Set(text.match(/[\w$]+/gu) ?? []);
  const use = usesOf(examined).find(
    ({ column, role }) =>
      words.has(column) && role !== "output" && role !== "assigned",
  );
  const isParameter = use?.against?.kind === "parameter";
  return {
    kind: "predicate",
    sentence: isParameter
      ? phrase(
          "The index holds only rows where {0}, and a parameter may stand for any value; write the constant into the statement.",
          text,
        )
      : phrase(
          "The index holds only rows where {0}, which the statement's conditions do not imply: rows it wants may be missing there.",
          text,
        ),
    span:
      use === undefined
        ? spanOfTable(examined)
        : toOriginalSpan(examined.statement, use.span),
    indexKey: undefined,
  };
}

const cannotTry = (examined: Examined): Obstacle => ({
  kind: "cannotTry",
  sentence:
    examined.existing === undefined
      ? phrase(
          "Nothing in the statement hinders this index, but whether it pays cannot be tried here: an index that does not exist needs HypoPG on the server, and HypoPG knows no GIN, GiST or SP-GiST.",
        )
      : phrase(
          "Nothing in the statement hinders this index, and no setting made the planner take it.",
        ),
  span: spanOfInterest(examined),
  indexKey: examined.index.keys[0]?.text,
});

/** No plan reads the index, whatever it may cost. */
function whyUnusable(examined: Examined, tried: Tried): readonly Obstacle[] {
  const obstacles = findObstacles(examined);
  if (obstacles.length > 0) return obstacles;
  if (!tried.isTried) return [cannotTry(examined)];
  const text = examined.index.predicate;
  const order =
    servedUses(examined).length > 0 ? undefined : weighOrder(examined);
  const found = [
    order,
    // It would have been planned with, if the statement implied the predicate.
    text === undefined ? undefined : predicate(examined, text),
    weighOther(examined, undefined),
  ].flatMap((obstacle) => obstacle ?? []);
  return found.length > 0 ? found : [cannotTry(examined)];
}

/** A plan can read the index, only not to look up its first key: as a whole, or by a later key. */
const isReadWhole = (examined: Examined, { forced }: Tried): boolean => {
  const condition = forced?.node.conditions.find(
    ({ label }) => label === "Index Cond",
  );
  const [key] = examined.index.keys;
  return (
    condition === undefined ||
    (key !== undefined &&
      !key.isExpression &&
      !condition.expression.includes(key.text))
  );
};

function findCauses(examined: Examined, tried: Tried): readonly Obstacle[] {
  if (examined.existing?.valid === false) return [invalid(examined)];
  if (tried.forced === undefined) return whyUnusable(examined, tried);
  const weighing = { examined, tried, forced: tried.forced };
  const obstacles = isReadWhole(examined, tried) ? findObstacles(examined) : [];
  return [...obstacles, ...weigh(weighing)];
}

/** Names why the planner leaves the index aside, from what the statement says and what the trials showed. */
export function diagnose(examined: Examined, tried: Tried): Diagnosis {
  const evidence = evidenceOf(examined, tried);
  const [reader] = readersOf(examined.plan, examined);
  const index = labelOfIndex(examined);
  if (reader !== undefined)
    return {
      isUsed: true,
      sentence: phrase(
        "{0} is used: the plan reads it by {1} and costs {2}.",
        index,
        reader.operator,
        formatCost(evidence.costChosen),
      ),
      causes: [],
      evidence,
    };
  const causes = findCauses(examined, tried).map((obstacle) => ({
    ...obstacle,
    evidence,
  }));
  const sentence = phrase("{0} is not used.", index);
  return { isUsed: false, sentence, causes, evidence };
}
