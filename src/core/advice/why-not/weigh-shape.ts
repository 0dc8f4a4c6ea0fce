import { formatCost, formatCount } from "../../format.ts";
import type { PlanNode } from "../../plan/plan.ts";
import { toOriginalSpan } from "../../plan/references.ts";
import { parentsOf, walk } from "../../plan/walk.ts";
import { phrase } from "../../words.ts";
import type { Examined } from "./examined.ts";
import { servedUses, type Obstacle } from "./obstacles.ts";
import { fitOrder } from "./order.ts";
import { about, costsOf, type Weigh, type Weighing } from "./weighing.ts";

export const orderMismatch: Weigh = (weighing) => weighOrder(weighing.examined);

/** An ORDER BY that the index would serve if it ran the same way. */
export function weighOrder(examined: Examined): Obstacle | undefined {
  const fit = fitOrder(examined);
  if (fit.kind !== "mismatch") return undefined;
  const { use, key, what } = fit;
  return {
    kind: "orderMismatch",
    sentence:
      what === "nulls"
        ? phrase(
            "The ORDER BY wants the NULLs of {0} at the other end than the index has them, so its order is of no use; build it with the same NULLS FIRST or LAST.",
            use.column,
          )
        : phrase(
            "The ORDER BY runs through {0} against the direction of the keys before it, and the index does not, so the rows must be sorted; build it with the same directions.",
            use.column,
          ),
    span: toOriginalSpan(examined.statement, use.span),
    indexKey: key.text,
  };
}

/** What LIMIT leaves of a reading that it cuts short; undefined when there is none. */
function findCut({ examined }: Weighing): number | undefined {
  const top = [...walk(examined.plan)].find(({ kind }) => kind === "limit");
  const below = top?.children[0];
  const cost = top?.estimate?.totalCost;
  const all = below?.kind === "seqScan" ? below.estimate?.totalCost : undefined;
  return cost !== undefined && all !== undefined && cost < all / 2
    ? all
    : undefined;
}

export const limit: Weigh = (weighing) => {
  const { statement } = weighing.examined;
  const all = findCut(weighing);
  const construct = statement.facts.constructs.find(
    (candidate) => candidate.kind === "limit",
  );
  if (all === undefined || construct === undefined) return undefined;
  const [withIndex, chosen] = costsOf(weighing);
  return about(
    weighing,
    "limit",
    phrase(
      "LIMIT ends the reading early: enough of the matching rows come soon, so the whole reading, of cost {0}, is cut to {1}; with the index it is {2}.",
      formatCost(all),
      chosen,
      withIndex,
    ),
    toOriginalSpan(statement, construct.span),
  );
};

export const parallel: Weigh = (weighing) =>
  weighing.tried.changed.has("serial")
    ? about(
        weighing,
        "parallel",
        phrase(
          "Several processes share the reading of {0}, which makes it cheaper ({2}) than the index ({1}); one process alone would read the index.",
          weighing.examined.table.name,
          ...costsOf(weighing),
        ),
      )
    : undefined;

/** Rows of the side that asks the index again and again; undefined when no nested loop does. */
function askedTimes({ forced }: Weighing): number | undefined {
  const parents = parentsOf(forced.plan);
  let node: PlanNode | undefined = forced.node;
  while (node !== undefined) {
    const parent = parents.get(node.id);
    if (parent?.kind === "nestedLoop" && parent.children[1] === node)
      return parent.children[0]?.estimate?.rowsPerLoop;
    node = parent;
  }
  return undefined;
}

export const joinReadsAll: Weigh = (weighing) => {
  const uses = servedUses(weighing.examined);
  if (uses.length === 0 || uses.some(({ role }) => role !== "join"))
    return undefined;
  const { name } = weighing.examined.table;
  const times = askedTimes(weighing);
  return about(
    weighing,
    "joinReadsAll",
    times === undefined
      ? phrase(
          "The join wants so many rows of {2} that walking the whole index costs {0}, reading the table once {1}.",
          ...costsOf(weighing),
          name,
        )
      : phrase(
          "The join would go through the index {0} times, once for each row of the other side: that costs {1}, reading {3} once {2}.",
          formatCount(times),
          ...costsOf(weighing),
          name,
        ),
  );
};
