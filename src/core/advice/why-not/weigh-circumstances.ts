import { formatCost, formatCount } from "../../format.ts";
import { phrase } from "../../words.ts";
import { labelOfIndex, spanOfTable, type Examined } from "./examined.ts";
import type { Obstacle } from "./obstacles.ts";
import { rivalsOf, settingsOff } from "./trials.ts";
import { about, costOf, scansOf, type Weigh } from "./weighing.ts";

export const settingOff: Weigh = (weighing) =>
  weighing.tried.changed.has("allOn")
    ? about(
        weighing,
        "settingOff",
        phrase(
          "{0} is off in this session; with it on, the planner reads {1}.",
          settingsOff(weighing.examined).join(", "),
          labelOfIndex(weighing.examined),
        ),
      )
    : undefined;

const upkeepOf = ({ facts, table }: Examined) =>
  facts.tables.find(
    ({ schema, name }) => schema === table.schema && name === table.name,
  );

export const neverAnalyzed: Weigh = (weighing) => {
  const { table } = weighing.examined;
  const isKnown =
    upkeepOf(weighing.examined)?.analyzedAt !== undefined ||
    table.columns.some(({ nullFraction }) => nullFraction !== undefined);
  return isKnown
    ? undefined
    : about(
        weighing,
        "neverAnalyzed",
        phrase(
          "{0} was never analyzed: the planner guesses how many rows match. Run ANALYZE {0} and ask again.",
          table.name,
        ),
      );
};

/** autovacuum_analyze_threshold and autovacuum_analyze_scale_factor at their defaults: from there on ANALYZE is due. */
const isDue = (modified: number, rows: number): boolean =>
  modified > 50 + 0.1 * rows;

export const staleStatistics: Weigh = (weighing) => {
  const { table } = weighing.examined;
  const modified = upkeepOf(weighing.examined)?.modifiedSinceAnalyze ?? 0;
  return isDue(modified, table.estimatedRows ?? 0)
    ? about(
        weighing,
        "staleStatistics",
        phrase(
          "{0} rows of {1} were written since its last ANALYZE, which saw {2}: the estimates are old. Run ANALYZE {1} and ask again.",
          formatCount(modified),
          table.name,
          formatCount(table.estimatedRows),
        ),
      )
    : undefined;
};

/** A page of the index and one of the table, twice over for the levels above, each at random_page_cost 4. */
const lookupPages = 16;

export const smallTable: Weigh = (weighing) => {
  const { examined } = weighing;
  const { pages, name } = examined.table;
  return scansOf(examined).length > 0 && pages <= lookupPages
    ? about(
        weighing,
        "smallTable",
        phrase(
          "{0} has only {1} pages: reading all of it costs less than going through an index and back.",
          name,
          formatCount(pages),
        ),
        spanOfTable(examined),
      )
    : undefined;
};

export const otherIndex: Weigh = (weighing) =>
  weighOther(weighing.examined, weighing.forced.cost);

/** Another index that the plan reads in this one's place; also where nothing could force this one. */
export function weighOther(
  examined: Examined,
  costWithIndex: number | undefined,
): Obstacle | undefined {
  const [rival] = rivalsOf(examined);
  if (rival === undefined) return undefined;
  const chosen = formatCost(costOf(examined.plan));
  return about(
    { examined },
    "otherIndex",
    costWithIndex === undefined
      ? phrase(
          "The index {0} serves the statement better: the plan that reads it costs {1}.",
          rival,
          chosen,
        )
      : phrase(
          "The index {0} serves the statement better: the plan that reads it costs {1}, with {2} it is {3}.",
          rival,
          chosen,
          labelOfIndex(examined),
          formatCost(costWithIndex),
        ),
  );
}
