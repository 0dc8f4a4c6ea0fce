import { formatCost, formatCount, formatShare } from "../../src/core/format.ts";
import type { NodeMetrics } from "../../src/core/plan/metrics.ts";
import type { PlanNode } from "../../src/core/plan/plan.ts";
import { h } from "../dom.ts";
import type { BarKind, Measures } from "../layout/measures.ts";
import { operationName, targetName } from "../layout/row-text.ts";
import type { Session } from "../session.ts";
import { say } from "../strings.ts";
import { barValue, offByMark } from "./row-parts.ts";

export interface Column {
  readonly title: string;
  readonly left: boolean;
  /** What the column sorts by. */
  readonly value: (node: PlanNode) => number | string;
  readonly show: (node: PlanNode) => Node | string | undefined;
}

export function tableColumns({ facts }: Session): readonly Column[] {
  const { measures } = facts;
  const kind = measures.bars[0] ?? "cost";
  return [
    ...nameColumns(),
    ...amountColumns(measures, kind),
    ...rowColumns(measures, facts.view.plan.analyzed),
    numberColumn(say("cost"), (node) => node.estimate?.totalCost, formatCost),
  ];
}

function numberColumn(
  title: string,
  value: (node: PlanNode) => number | undefined,
  show: (value: number | undefined) => string,
): Column {
  return {
    title,
    left: false,
    value: (node) => value(node) ?? -1,
    show: (node) => show(value(node)),
  };
}

function nameColumns(): readonly Column[] {
  return [
    numberColumn(say("number"), (node) => node.id + 1, formatCount),
    {
      title: say("operation"),
      left: true,
      value: operationName,
      show: operationName,
    },
    {
      title: say("on"),
      left: true,
      value: (node) => targetName(node) ?? "",
      show: (node) => h("span", { class: "strong" }, targetName(node)),
    },
  ];
}

function amountColumns(measures: Measures, kind: BarKind): readonly Column[] {
  const own = (node: PlanNode): number => measures.own(kind, node.id);
  const ran = <Value>(node: PlanNode, value: Value): Value | undefined =>
    node.neverExecuted ? undefined : value;
  return [
    {
      title: kind === "time" ? say("ownTime") : say("ownCost"),
      left: false,
      value: own,
      show: (node) =>
        ran(node, barValue(kind, own(node))) ?? say("neverExecuted"),
    },
    numberColumn(
      "%",
      (node) => ran(node, own(node) / measures.whole(kind)),
      formatShare,
    ),
    {
      title: say("withChildren"),
      left: false,
      value: (node) => measures.total(kind, node.id),
      show: (node) =>
        ran(node, barValue(kind, measures.total(kind, node.id))) ?? "–",
    },
  ];
}

function rowColumns(measures: Measures, analyzed: boolean): readonly Column[] {
  const metrics = (node: PlanNode): NodeMetrics | undefined =>
    measures.metrics.nodes[node.id];
  const estimated = numberColumn(
    say("rowsEstimated"),
    (node) => metrics(node)?.estimatedRowsTotal,
    formatCount,
  );
  if (!analyzed) return [estimated];
  return [
    estimated,
    numberColumn(
      say("rows"),
      (node) => (node.neverExecuted ? undefined : metrics(node)?.rowsTotal),
      formatCount,
    ),
    {
      title: say("offBy"),
      left: false,
      value: (node) => measures.offBy(node.id)?.times ?? 0,
      show: (node) => offByMark(measures.offBy(node.id)),
    },
    numberColumn(say("loops"), (node) => node.actual?.loops, formatCount),
  ];
}
