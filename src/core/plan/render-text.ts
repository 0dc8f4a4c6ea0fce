import { isJsonObject } from "../json-object.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { NodeActual, NodeEstimate, Plan, PlanNode } from "./plan.ts";
import { bufferLine, detailLines } from "./text-details.ts";
import { visit } from "./walk.ts";

const aliasOf = (node: PlanNode): string | undefined => {
  const alias = node.fields["Alias"];
  return typeof alias === "string" ? alias : undefined;
};

/** `t`, `public.t a`, `cte c`, `"*VALUES*"`: what the operator reads, as EXPLAIN writes it. */
function readName(node: PlanNode): string | undefined {
  const name = node.relation?.name ?? node.target;
  if (name === undefined) return undefined;
  const schema = node.fields["Schema"];
  const alias = aliasOf(node);
  const full =
    typeof schema === "string"
      ? `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`
      : quoteIdentifier(name);
  return alias === undefined || alias === name
    ? full
    : `${full} ${quoteIdentifier(alias)}`;
}

/** The operator with its index and what it reads: `Index Scan using t_pkey on t`. */
export function renderOperator(node: PlanNode): string {
  const index = node.index === undefined ? "" : quoteIdentifier(node.index);
  if (node.kind === "bitmapIndexScan") return `${node.operator} on ${index}`;
  const using = index === "" ? "" : ` using ${index}`;
  const target = readName(node);
  return `${node.operator}${using}${target === undefined ? "" : ` on ${target}`}`;
}

const renderEstimate = (estimate: NodeEstimate): string =>
  `  (cost=${estimate.startupCost.toFixed(2)}..${estimate.totalCost.toFixed(2)} rows=${estimate.rowsPerLoop.toFixed(0)} width=${estimate.widthBytes.toFixed(0)})`;

function renderActual(actual: NodeActual, rowDigits: number): string {
  if (actual.loops === 0) return " (never executed)";
  const rows = `rows=${actual.rowsPerLoop.toFixed(rowDigits)} loops=${actual.loops.toFixed(0)}`;
  const { startupMsPerLoop, totalMsPerLoop } = actual;
  return startupMsPerLoop === undefined || totalMsPerLoop === undefined
    ? ` (actual ${rows})`
    : ` (actual time=${startupMsPerLoop.toFixed(3)}..${totalMsPerLoop.toFixed(3)} ${rows})`;
}

function headLine(node: PlanNode, rowDigits: number): string {
  const estimate =
    node.estimate === undefined ? "" : renderEstimate(node.estimate);
  const actual =
    node.actual === undefined ? "" : renderActual(node.actual, rowDigits);
  return `${renderOperator(node)}${estimate}${actual}`;
}

const spaces = (indent: number): string => "  ".repeat(indent);

function footLines(plan: Plan): readonly string[] {
  const top: unknown = Array.isArray(plan.source)
    ? plan.source[0]
    : plan.source;
  const planning =
    isJsonObject(top) && isJsonObject(top["Planning"])
      ? bufferLine(top["Planning"])
      : [];
  const settings = Object.entries(plan.settings).map(
    ([name, value]) => `${name} = '${value}'`,
  );
  return [
    ...(settings.length > 0 ? [`Settings: ${settings.join(", ")}`] : []),
    ...(plan.queryIdentifier === undefined
      ? []
      : [`Query Identifier: ${plan.queryIdentifier}`]),
    ...(planning.length > 0
      ? ["Planning:", ...planning.map((line) => `  ${line}`)]
      : []),
    ...(plan.planningMs === undefined
      ? []
      : [`Planning Time: ${plan.planningMs.toFixed(3)} ms`]),
    ...plan.triggers.map(
      (trigger) =>
        `Trigger ${trigger.name}:${trigger.totalMs === undefined ? "" : ` time=${trigger.totalMs.toFixed(3)}`} calls=${trigger.calls.toFixed(0)}`,
    ),
    ...(plan.executionMs === undefined
      ? []
      : [`Execution Time: ${plan.executionMs.toFixed(3)} ms`]),
  ];
}

/** The plan as EXPLAIN (FORMAT TEXT) prints it: same indentation, order and numbers; per-worker lines of VERBOSE left out. */
export function renderPlanText(plan: Plan): string {
  // 18 writes `Disabled` in every JSON operator, and rows with two decimals.
  const rowDigits = plan.root.fields["Disabled"] === undefined ? 0 : 2;
  const lines: string[] = [];
  const inside: number[] = [];
  for (const { node, parent } of visit(plan)) {
    let indent = parent === undefined ? 0 : (inside[parent.id] ?? 0);
    if (node.subplanName !== undefined) {
      lines.push(`${spaces(indent)}${node.subplanName}`);
      indent += 1;
    }
    const arrow = indent === 0 ? "" : "->  ";
    lines.push(`${spaces(indent)}${arrow}${headLine(node, rowDigits)}`);
    indent += indent === 0 ? 1 : 3;
    inside[node.id] = indent;
    if (node.fields["Disabled"] === true)
      lines.push(`${spaces(indent)}Disabled: true`);
    for (const line of detailLines(node))
      lines.push(`${spaces(indent)}${line}`);
  }
  return [...lines, ...footLines(plan)].join("\n");
}
