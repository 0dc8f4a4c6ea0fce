import type { PlanNode } from "../../src/core/plan/plan.ts";
import { formatBytes, formatCount } from "../../src/core/format.ts";
import { say } from "../strings.ts";

/** `SubPlan 1 · Index Only Scan`. */
export function operationName(node: PlanNode): string {
  return node.subplanName === undefined
    ? node.operator
    : `${node.subplanName} · ${node.operator}`;
}

/** `progress_events pe`, or what a function or CTE scan reads. */
export function targetName(node: PlanNode): string | undefined {
  const { relation } = node;
  if (relation === undefined) {
    return (
      node.target ?? (node.kind === "bitmapIndexScan" ? node.index : undefined)
    );
  }
  const { name, alias } = relation;
  return alias === undefined || alias === name ? name : `${name} ${alias}`;
}

/** `Seq Scan on progress_events pe`, for lists and screen readers. */
export function operationTitle(node: PlanNode): string {
  const target = targetName(node);
  return target === undefined
    ? operationName(node)
    : say("operationOn", operationName(node), target);
}

/** The most telling condition or key, cut by the row's width. */
export function predicateText(node: PlanNode): string | undefined {
  const parts = [
    node.sortKeys.length > 0 ? node.sortKeys.join(", ") : undefined,
    node.groupKeys.length > 0 ? node.groupKeys.join(", ") : undefined,
    cacheText(node),
    conditionText(node),
    sortText(node),
    hashText(node),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(" · ");
}

function conditionText(node: PlanNode): string | undefined {
  const first = node.conditions[0];
  if (first === undefined)
    return node.kind === "bitmapIndexScan" ? undefined : node.index;
  const text = withoutParentheses(first.expression);
  if (node.index !== undefined && node.kind !== "bitmapIndexScan") {
    return `${node.index}: ${text}`;
  }
  const onJoin = node.relation === undefined && /filter$/i.test(first.label);
  return onJoin ? `${first.label.toLowerCase()}: ${text}` : text;
}

function sortText(node: PlanNode): string | undefined {
  if (node.sort === undefined) return undefined;
  const size = formatBytes(node.sort.spaceKilobytes * 1024);
  const where = node.sort.onDisk ? say("onDisk", size) : size;
  return `${node.sort.method}, ${where}`;
}

function cacheText(node: PlanNode): string | undefined {
  if (node.kind !== "memoize") return undefined;
  const key = node.fields["Cache Key"];
  const hits = numberField(node, "Cache Hits");
  const misses = numberField(node, "Cache Misses");
  const counted =
    hits === undefined || misses === undefined
      ? undefined
      : say("hitsAndMisses", formatCount(hits), formatCount(misses));
  return [typeof key === "string" ? key : undefined, counted]
    .filter((part) => part !== undefined)
    .join(" · ");
}

function hashText(node: PlanNode): string | undefined {
  const kilobytes = numberField(node, "Peak Memory Usage");
  if (node.kind !== "hash" || kilobytes === undefined) return undefined;
  return formatBytes(kilobytes * 1024);
}

/** `2 of 2 workers`, `11 partitions pruned`. */
export function tagText(node: PlanNode): string | undefined {
  if (node.workersLaunched !== undefined && node.workersPlanned !== undefined) {
    return say(
      "workersOf",
      String(node.workersLaunched),
      String(node.workersPlanned),
    );
  }
  if (node.workersPlanned !== undefined) {
    return say("workersPlanned", String(node.workersPlanned));
  }
  const removed = numberField(node, "Subplans Removed");
  return removed === undefined || removed === 0
    ? undefined
    : say("pruned", formatCount(removed));
}

function numberField(node: PlanNode, name: string): number | undefined {
  const value = node.fields[name];
  return typeof value === "number" ? value : undefined;
}

/** The server wraps every expression once; the outermost pair says nothing. */
export function withoutParentheses(expression: string): string {
  if (!expression.startsWith("(") || !expression.endsWith(")")) {
    return expression;
  }
  const depths = depthsOf(expression);
  const closed = depths.indexOf(0);
  return closed === expression.length - 1
    ? expression.slice(1, -1)
    : expression;
}

/** One line per condition that AND joins at the top. */
export function conditionLines(expression: string): string {
  const text = withoutParentheses(expression);
  const depths = depthsOf(text);
  return text.replace(/ AND /g, (word, at: number) =>
    depths[at] === 0 ? "\nAND " : word,
  );
}

/** How many parentheses are open after each letter; inside quotes one more, so that nothing there counts as top. */
function depthsOf(text: string): readonly number[] {
  let depth = 0;
  let quote = "";
  return [...text.matchAll(/[\s\S]/g)].map(([letter]) => {
    if (quote !== "") {
      if (letter === quote) quote = "";
      return depth + 1;
    }
    if (letter === "'" || letter === '"') quote = letter;
    else if (letter === "(") depth += 1;
    else if (letter === ")") depth -= 1;
    return depth + (quote === "" ? 0 : 1);
  });
}
