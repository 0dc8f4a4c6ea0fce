import { ancestorsOf, type Examination, severityOf } from "./examination.ts";
import type { Finding, RuleId } from "./finding.ts";

/** General findings that a more specific one about the same operator, or about what repeats it, explains better. */
const explains: Readonly<Record<RuleId, readonly RuleId[]>> = {
  "hidden-column": ["full-read", "foreign-key-without-index"],
  "leading-wildcard": ["full-read", "hidden-column"],
  "foreign-key-without-index": ["full-read"],
  "correlated-subquery": ["full-read", "index-filters-most"],
  "unhashed-list": ["full-read", "index-filters-most"],
  "costly-inner-side": [
    "full-read",
    "index-filters-most",
    "foreign-key-without-index",
  ],
  offset: ["sort-without-index"],
  "sort-without-index": [],
  "index-filters-most": [],
  "full-read": [],
  "row-estimate-off": [],
};

function isBelow(
  examined: Examination,
  lower: number | undefined,
  upper: number | undefined,
): boolean {
  const node = examined.index.nodes[lower ?? -1];
  if (node === undefined || upper === undefined) return false;
  if (lower === upper) return true;
  for (const ancestor of ancestorsOf(examined, node))
    if (ancestor.id === upper) return true;
  return false;
}

const isSameSpan = (a: Finding, b: Finding): boolean =>
  a.span?.start === b.span?.start && a.span?.end === b.span?.end;

/** Siblings under one Append: partitions of one table. */
const isAlike = (examined: Examination, a: Finding, b: Finding): boolean => {
  const { nodes, parent } = examined.index;
  const above = parent[a.nodeId ?? -1];
  const kind = nodes[above ?? -1]?.kind;
  return (
    above === parent[b.nodeId ?? -1] &&
    (kind === "append" || kind === "mergeAppend") &&
    isSameSpan(a, b)
  );
};

function isExplained(
  examined: Examination,
  finding: Finding,
  by: Finding,
): boolean {
  if (!explains[by.rule].includes(finding.rule)) return false;
  return isBelow(examined, finding.nodeId, by.nodeId);
}

/** The same rule about an operator and one below it: the one with more to it stays. */
function isRepeated(
  examined: Examination,
  finding: Finding,
  other: Finding,
): boolean {
  if (other.rule !== finding.rule || other.nodeId === finding.nodeId)
    return false;
  const related =
    isBelow(examined, finding.nodeId, other.nodeId) ||
    isBelow(examined, other.nodeId, finding.nodeId);
  const isBetter =
    other.share > finding.share ||
    (other.share === finding.share &&
      (other.nodeId ?? 0) > (finding.nodeId ?? 0));
  return related && isBetter;
}

/** Adds up what the same rule says about one partition after the other. */
function mergeAlike(
  examined: Examination,
  findings: readonly Finding[],
): readonly Finding[] {
  const merged: Finding[] = [];
  for (const finding of findings) {
    const at = merged.findIndex(
      (earlier) =>
        earlier.rule === finding.rule && isAlike(examined, earlier, finding),
    );
    const earlier = merged[at];
    if (earlier === undefined) merged.push(finding);
    else {
      const share = Math.min(1, earlier.share + finding.share);
      const larger = finding.share > earlier.share ? finding : earlier;
      merged[at] = { ...larger, share, severity: severityOf(share) };
    }
  }
  return merged;
}

/** One finding for one cause. */
export function collapse(
  examined: Examination,
  findings: readonly Finding[],
): readonly Finding[] {
  const merged = mergeAlike(examined, findings);
  const specific = merged.filter(
    (finding) => !merged.some((other) => isExplained(examined, finding, other)),
  );
  return specific.filter(
    (finding) =>
      !specific.some((other) => isRepeated(examined, finding, other)),
  );
}
