import { type Attribution, attribute, type Part } from "./attribution.ts";
import type { Parallelism } from "./parallel.ts";
import type { PlanNode } from "./plan.ts";
import {
  at,
  cteNameOf,
  inputsOf,
  isInitPlan,
  isSubPlan,
  type PlanIndex,
} from "./plan-index.ts";
import { walk } from "./walk.ts";

type Amount = (node: PlanNode) => number;

/** Wall time of a node over all its loops, children included, in milliseconds; undefined under TIMING OFF. */
export function elapsedMs(
  node: PlanNode,
  parallelism: Parallelism,
): number | undefined {
  const { actual } = node;
  if (actual === undefined) return undefined;
  if (actual.loops === 0) return 0;
  if (actual.totalMsPerLoop === undefined) return undefined;
  return (
    (actual.totalMsPerLoop * actual.loops) /
    at(parallelism.participants, node.id)
  );
}

/** Nearest declaration of the CTE a scan reads, seen from the scan upwards. */
function findCte(index: PlanIndex, scan: PlanNode): PlanNode | undefined {
  for (let id = at(index.parent, scan.id); id >= 0; id = at(index.parent, id)) {
    const declared = index.nodes[id]?.children.find(
      (child) => isInitPlan(child) && cteNameOf(child) === scan.target,
    );
    // A body that reads itself does so through its work table, not here.
    if (declared !== undefined && !isWithin(index, scan.id, declared.id))
      return declared;
  }
  return undefined;
}

function isWithin(index: PlanIndex, id: number, ancestor: number): boolean {
  for (let up = id; up >= 0; up = at(index.parent, up))
    if (up === ancestor) return true;
  return false;
}

const mentions = (node: PlanNode, pattern: RegExp): boolean =>
  Object.entries(node.fields).some(
    ([key, value]) =>
      key !== "Subplan Name" &&
      (typeof value === "string"
        ? pattern.test(value)
        : Array.isArray(value) &&
          value.some((item) => typeof item === "string" && pattern.test(item))),
  );

/** `$0` up to version 16, `InitPlan 1` from 17 on. */
function referencePattern(initPlan: PlanNode): RegExp | undefined {
  const name = initPlan.subplanName ?? "";
  const numbers = [...name.matchAll(/\$\d+/gu)].map((found) =>
    found[0].slice(1),
  );
  if (numbers.length > 0)
    return new RegExp(`\\$(?:${numbers.join("|")})(?!\\d)`, "u");
  return /^InitPlan \d+$/u.test(name)
    ? new RegExp(`\\b${name}(?!\\d)`, "u")
    : undefined;
}

/** Where an uncorrelated subquery ran: the lowest node that uses its result (those above only pass it on), or the Gather that had it evaluated. */
function findEvaluator(index: PlanIndex, initPlan: PlanNode): number {
  const declaredAt = at(index.parent, initPlan.id);
  const pattern = referencePattern(initPlan);
  const holder = index.nodes[declaredAt];
  if (pattern === undefined || holder === undefined) return declaredAt;
  let best = declaredAt;
  for (const node of walk(holder)) {
    if (isWithin(index, node.id, initPlan.id) || !mentions(node, pattern))
      continue;
    if (node.fields["Params Evaluated"] !== undefined) return node.id;
    if (at(index.depth, node.id) > at(index.depth, best)) best = node.id;
  }
  return best;
}

/** A body is run by its readers: each gets a part of it, as much as it has time for. */
function shareAmongReaders(
  body: Part,
  readers: readonly PlanNode[],
  room: Amount,
): readonly (Part & { readonly reader: number })[] {
  const rooms = readers.map((reader) => room(reader));
  const all = rooms.reduce((total, one) => total + one, 0);
  const spread = Math.min(body.amount, all);
  return readers.flatMap((reader, position) => {
    const amount = all > 0 ? (spread * at(rooms, position)) / all : 0;
    return amount > 0 ? [{ id: body.id, amount, reader: reader.id }] : [];
  });
}

const total = (parts: readonly Part[]): number =>
  parts.reduce((all, part) => all + part.amount, 0);

interface Contents {
  readonly parts: Part[][];
  readonly outside: Part[];
}

/** Scans of each CTE by the id of its body. */
function findReaders(index: PlanIndex): ReadonlyMap<number, PlanNode[]> {
  const readersOf = new Map<number, PlanNode[]>();
  for (const node of index.nodes) {
    const cte = node.kind === "cteScan" ? findCte(index, node) : undefined;
    if (cte === undefined) continue;
    readersOf.set(cte.id, [...(readersOf.get(cte.id) ?? []), node]);
  }
  return readersOf;
}

function placeCtes(index: PlanIndex, amount: Amount, into: Contents): void {
  const readersOf = findReaders(index);
  const room: Amount = (node) =>
    Math.max(0, amount(node) - total(into.parts[node.id] ?? []));
  for (const node of index.nodes) {
    if (!isInitPlan(node) || cteNameOf(node) === undefined) continue;
    const body = { id: node.id, amount: amount(node) };
    const shares = shareAmongReaders(body, readersOf.get(node.id) ?? [], room);
    for (const { reader, ...part } of shares) into.parts[reader]?.push(part);
    const rest = body.amount - total(shares);
    // A body that writes runs to its end after the main query, outside every node.
    const runsAlone = node.kind === "modifyTable" || shares.length === 0;
    if (runsAlone && rest > 0) into.outside.push({ id: node.id, amount: rest });
  }
}

function placeInputs(index: PlanIndex, amount: Amount, into: Contents): void {
  for (const node of index.nodes) {
    const parts = into.parts[node.id];
    for (const child of [...inputsOf(node), ...node.children.filter(isSubPlan)])
      if (amount(child) > 0)
        parts?.push({ id: child.id, amount: amount(child) });
  }
  for (const node of index.nodes) {
    if (!isInitPlan(node) || cteNameOf(node) !== undefined) continue;
    if (amount(node) > 0)
      into.parts[findEvaluator(index, node)]?.push({
        id: node.id,
        amount: amount(node),
      });
  }
}

/**
 * Splits a measured amount (milliseconds, blocks) so that work done for a CTE
 * or an uncorrelated subquery is counted once, at its own nodes, and not again
 * at those that waited for it.
 */
export function attributeMeasured(
  index: PlanIndex,
  amount: Amount,
): Attribution {
  const root = index.nodes[0];
  const into: Contents = {
    parts: index.nodes.map(() => []),
    outside: root === undefined ? [] : [{ id: 0, amount: amount(root) }],
  };
  placeInputs(index, amount, into);
  placeCtes(index, amount, into);
  return attribute({
    amounts: index.nodes.map(amount),
    parts: into.parts,
    outside: into.outside,
  });
}
