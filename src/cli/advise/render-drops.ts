import type { KnownUse } from "../../app/find-drops.ts";
import type { Drop, DropAdvice, DropReason } from "../../core/advice/drops.ts";
import { renderDropIndex } from "../../core/advice/render-ddl.ts";
import { formatBytes } from "../../core/format.ts";

/** What became of judging the existing indexes. */
export interface JudgedDrops extends DropAdvice {
  /** By what was judged, in whole sentences. */
  readonly judgedBy: readonly string[];
}

/** One DROP INDEX, without a semicolon; PostgreSQL refuses CONCURRENTLY for an index of a partitioned table. */
export const ddlOfDrop = ({ index }: Drop): string =>
  renderDropIndex(index, index.name, {
    concurrently: !index.isPartitioned,
    ifExists: false,
  });

const replacer = (reason: DropReason): string | undefined =>
  "by" in reason ? reason.by : undefined;

/** Why it can go, one sentence without full stop. */
export function describeDrop({ reason }: Drop): string {
  switch (reason.kind) {
    case "replaced":
      return `the new ${reason.by} begins with the same columns and serves whatever it serves; drop it once that one is built`;
    case "redundant":
      return reason.isSame
        ? `${reason.by} is the same index`
        : `${reason.by} begins with the same columns and serves whatever it serves`;
    case "invalid":
      return "a build that failed left it: no query reads it, and every write keeps it up";
    case "unused":
      return "never scanned since the counting began, and no plan of this workload reads it";
  }
}

const dayMs = 24 * 3_600_000;

/** The shortest time of counting by which an index is called unused is a week. */
function describeWindow(
  countedSince: string | undefined,
  nowMs: number,
): string {
  if (countedSince === undefined)
    return "Since when the server counts scans is not known, so no index is called unused.";
  const date = countedSince.slice(0, 10);
  const days = Math.floor((nowMs - Date.parse(countedSince)) / dayMs);
  return days < 7
    ? `Scans have been counted since ${date} only, which is too short to call an index unused.`
    : `Scans were counted since ${date} (${days} days), on this server.`;
}

function describeElsewhere({ usage }: KnownUse): string {
  if (usage.isReplica)
    return "This is a replica: what the primary and other replicas scan is not known, so no index is called unused.";
  if (usage.replicas === 0)
    return "No replica streams from it now; what one fed from an archive scans would not be seen.";
  const replicas =
    usage.replicas === 1 ? "the replica" : `the ${usage.replicas} replicas`;
  return `What ${replicas} of this server ${usage.replicas === 1 ? "scans" : "scan"} was not looked at, so no index is called unused.`;
}

const describeUndecided = (count: number): string =>
  count === 1
    ? "1 index was never scanned here, which is not enough to drop it."
    : `${count} indexes were never scanned here, which is not enough to drop them.`;

/** By which counters existing indexes were judged, and what these do not know; nothing where there is nothing to say it of. */
export function describeJudging(
  { drops, undecided }: DropAdvice,
  known: KnownUse,
  nowMs: number,
): readonly string[] {
  if (drops.length === 0 && undecided === 0) return [];
  if (!known.countsUse)
    return [
      "Existing indexes were judged by their columns alone: a bundle holds no counters of their use.",
    ];
  const held = undecided === 0 ? [] : [describeUndecided(undecided)];
  return [
    [
      describeWindow(known.usage.countedSince, nowMs),
      describeElsewhere(known),
      ...held,
    ].join(" "),
  ];
}

/** A sum of what the drops would free. */
const headline = ({ drops }: DropAdvice): string => {
  const bytes = drops.reduce((sum, { index }) => sum + index.sizeBytes, 0);
  const count =
    drops.length === 1
      ? "1 existing index can go"
      : `${drops.length} existing indexes can go`;
  return `${count}, which frees ${formatBytes(bytes)}:`;
};

/** Beyond so many, people turn to the JSON. */
const mostShown = 20;

/** For people; empty where there is none. */
export function renderDropsText(advice: DropAdvice): string {
  const { drops } = advice;
  if (drops.length === 0) return "";
  const more = drops.length - mostShown;
  return [
    headline(advice),
    ...drops
      .slice(0, mostShown)
      .flatMap((drop) => [
        `${ddlOfDrop(drop)};`,
        `    ${formatBytes(drop.index.sizeBytes)}, on ${drop.index.table}; ${describeDrop(drop)}.`,
      ]),
    ...(more > 0 ? [`and ${more} more; --format json tells all`] : []),
  ].join("\n");
}

/** Lines for comments: nothing is dropped by running a script. */
export const dropLines = (advice: DropAdvice): readonly string[] =>
  advice.drops.length === 0
    ? []
    : [
        headline(advice),
        ...advice.drops.map(
          (drop) => `${ddlOfDrop(drop)}; -- ${describeDrop(drop)}`,
        ),
      ];

/** For programs. */
export const dropJson = (drop: Drop): unknown => ({
  ddl: ddlOfDrop(drop),
  table: `${drop.index.schema}.${drop.index.table}`,
  sizeBytes: drop.index.sizeBytes,
  reason: drop.reason.kind,
  by: replacer(drop.reason),
  why: `${describeDrop(drop)}.`,
});
