import { isJsonObject, type JsonObject } from "../json-object.ts";
import { english, phrase, sayText, type Phrase } from "../words.ts";
import type { PlanNode } from "../plan/plan.ts";
import { readAmount, readText, readTexts } from "./json-fields.ts";
import { findAddedKeys, knownNodeKeys } from "./known-keys.ts";
import {
  readActual,
  readBlocks,
  readConditions,
  readEstimate,
  readRelation,
  readSort,
  readTarget,
  readWorkerReports,
} from "./node-details.ts";
import { operatorKind, operatorName } from "./operators.ts";

/** Far above any plan a server makes (partitions included); stops input that refers to itself. */
const maximumNodes = 100_000;

interface Growing {
  readonly node: PlanNode;
  readonly children: PlanNode[];
}

interface Waiting {
  readonly raw: JsonObject;
  readonly into: PlanNode[];
}

function readNode(raw: JsonObject, id: number): Growing {
  const nodeType = readText(raw, "Node Type") ?? "Unknown operator";
  const kind = operatorKind(nodeType);
  const actual = readActual(raw);
  const children: PlanNode[] = [];
  const node: PlanNode = {
    id,
    kind,
    operator: operatorName(raw, nodeType),
    relation: readRelation(raw),
    index: readText(raw, "Index Name"),
    target: readTarget(raw, kind),
    relationship: readText(raw, "Parent Relationship"),
    subplanName: readText(raw, "Subplan Name"),
    estimate: readEstimate(raw),
    actual,
    neverExecuted: actual?.loops === 0,
    conditions: readConditions(raw),
    sortKeys: readTexts(raw, "Sort Key"),
    presortedKeys: readTexts(raw, "Presorted Key"),
    groupKeys: readTexts(raw, "Group Key"),
    sort: readSort(raw),
    blocks: readBlocks(raw),
    workersPlanned: readAmount(raw, "Workers Planned"),
    workersLaunched: readAmount(raw, "Workers Launched"),
    workers: readWorkerReports(raw),
    scanDirection: readText(raw, "Scan Direction"),
    joinType: readText(raw, "Join Type"),
    children,
    fields: readFields(raw),
    addedFields: findAddedKeys(kind, Object.keys(raw)),
  };
  return { node, children };
}

/** Everything but the children, which have become nodes. */
function readFields(raw: JsonObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(raw).filter(([key]) => key !== "Plans"),
  );
}

/** Each note once, by its English words. */
type Notes = Map<string, Phrase>;

const add = (notes: Notes, note: Phrase): void => {
  notes.set(sayText(note, english), note);
};

function noteNode(raw: JsonObject, node: PlanNode, notes: Notes): void {
  const nodeType = readText(raw, "Node Type");
  if (nodeType === undefined) {
    add(
      notes,
      phrase("An operator has no name; it is shown with its raw fields."),
    );
  } else if (node.kind === "other") {
    add(
      notes,
      phrase(
        'Operator "{0}" is not known to this version; it is shown as the server named it.',
        nodeType,
      ),
    );
  }
  if (node.estimate === undefined)
    add(
      notes,
      phrase(
        "{0} has no cost: EXPLAIN ran with COSTS OFF, or the plan is incomplete.",
        nodeType ?? phrase("An operator"),
      ),
    );
  for (const key of Object.keys(raw))
    if (!knownNodeKeys.has(key) && !node.addedFields.includes(key))
      add(
        notes,
        phrase(
          'Field "{0}" is not known to this version; it is shown raw.',
          key,
        ),
      );
}

function childrenOf(raw: JsonObject, notes: Notes): readonly JsonObject[] {
  const plans = raw["Plans"];
  if (plans === undefined) return [];
  const list = Array.isArray(plans) ? plans : [];
  const objects = list.filter(isJsonObject);
  if (!Array.isArray(plans) || objects.length < list.length)
    add(
      notes,
      phrase("Some operators below were not readable and are left out."),
    );
  return objects;
}

/** Builds the tree without recursion, ids in preorder. */
export function parseNodes(rawRoot: JsonObject): {
  readonly root: PlanNode;
  readonly notes: readonly Phrase[];
} {
  const notes: Notes = new Map();
  const first = readNode(rawRoot, 0);
  noteNode(rawRoot, first.node, notes);
  const waiting: Waiting[] = [];
  const enqueue = (raw: JsonObject, into: PlanNode[]): void => {
    const plans = childrenOf(raw, notes);
    for (const plan of plans.toReversed()) waiting.push({ raw: plan, into });
  };
  enqueue(rawRoot, first.children);
  let count = 1;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (count >= maximumNodes) {
      add(
        notes,
        phrase(
          "The plan has more than {0} operators; the rest is left out.",
          String(maximumNodes),
        ),
      );
      break;
    }
    const { node, children } = readNode(next.raw, count);
    noteNode(next.raw, node, notes);
    next.into.push(node);
    enqueue(next.raw, children);
    count += 1;
  }
  return { root: first.node, notes: [...notes.values()] };
}
