/** One index as the server's catalog and counters have it. An index of a partitioned table stands for those of its partitions. */
export interface IndexUse {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  readonly method: string;
  /** Per key column everything that decides its order: expression, operator class, collation, direction. */
  readonly keys: readonly string[];
  readonly included: readonly string[];
  readonly predicate: string | undefined;
  readonly unique: boolean;
  readonly valid: boolean;
  /** A CREATE INDEX or REINDEX that runs now builds it. */
  readonly isBeingBuilt: boolean;
  /** The constraint that it backs. */
  readonly constraint: string | undefined;
  readonly isReplicaIdentity: boolean;
  /** A foreign key of the table that begins with the index's first column: deletes of the referenced rows look it up. */
  readonly foreignKey: string | undefined;
  /** pg_class.relpages in bytes: as of the last VACUUM or ANALYZE. */
  readonly sizeBytes: number;
  readonly scans: number;
  /** ISO time; from PostgreSQL 16 on, and only once it was used. */
  readonly lastUsed: string | undefined;
  readonly definition: string;
  readonly isPartitioned: boolean;
}

/** All user indexes, and since when their scans are counted. */
export interface IndexUsage {
  readonly indexes: readonly IndexUse[];
  /** ISO time of the last reset, else of the server's start, which is not before it; undefined when the server tells neither. */
  readonly countedSince: string | undefined;
  /** Its own counters: what runs on the primary or on other replicas is not in them. */
  readonly isReplica: boolean;
  /** That stream from this server now; what they scan is not in its counters. */
  readonly replicas: number;
  /** More indexes than are read at once. */
  readonly isCut: boolean;
}

/** Why an index that nobody scanned stays out of question. */
export type KeptFor =
  "constraint" | "unique" | "replicaIdentity" | "foreignKey";

export type IndexVerdict =
  | { readonly kind: "used" }
  | { readonly kind: "kept"; readonly reason: KeptFor }
  /** Counted for too short a time to say. */
  | { readonly kind: "tooEarly" }
  /** Nobody scanned it here; the primary or replicas may. */
  | { readonly kind: "uncountedElsewhere" }
  | { readonly kind: "beingBuilt" }
  /** A build that failed left it: no query reads it, every write keeps it up. */
  | { readonly kind: "invalid" }
  | { readonly kind: "unused" }
  /** `by` finds all that it finds; `isSame`: both are alike. */
  | {
      readonly kind: "redundant";
      readonly by: string;
      readonly isSame: boolean;
    };

export interface JudgedIndex {
  readonly index: IndexUse;
  readonly verdict: IndexVerdict;
}

// A week: shorter windows miss the jobs that run once a week.
const shortestWindowMs = 7 * 24 * 3_600_000;

const isEnforcing = ({
  constraint,
  unique,
  isReplicaIdentity,
}: IndexUse): boolean =>
  constraint !== undefined || unique || isReplicaIdentity;

const sameList = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && one.every((item, at) => item === other[at]);

const isPrefix = (short: readonly string[], long: readonly string[]): boolean =>
  short.length <= long.length && short.every((item, at) => item === long[at]);

/** What an index-only scan may read from it: the expressions without what orders them. */
const columnsOf = ({ keys, included }: IndexUse): ReadonlySet<string> =>
  new Set([...keys.map((key) => key.split("|")[0] ?? key), ...included]);

/** Whether `other` can do all that `index` does: the same order for lookups and sorting, and every column. */
function canReplace(index: IndexUse, other: IndexUse): boolean {
  const isComparable =
    other.name !== index.name &&
    other.schema === index.schema &&
    other.table === index.table &&
    other.method === index.method &&
    other.valid &&
    !other.isBeingBuilt &&
    other.predicate === index.predicate;
  if (!isComparable) return false;
  // Only a B-tree is ordered, so only there a longer key serves the shorter one.
  const servesKeys =
    index.method === "btree"
      ? isPrefix(index.keys, other.keys)
      : sameList(index.keys, other.keys);
  const columns = columnsOf(other);
  return servesKeys && index.included.every((column) => columns.has(column));
}

const isAlike = (one: IndexUse, other: IndexUse): boolean =>
  sameList(one.keys, other.keys) &&
  sameList(one.included.toSorted(), other.included.toSorted());

/** Of two that are alike the one that enforces something stays, then the more used, then the first by name. */
function isKeptBefore(one: IndexUse, other: IndexUse): boolean {
  if (isEnforcing(one) !== isEnforcing(other)) return isEnforcing(one);
  return one.scans === other.scans
    ? one.name < other.name
    : one.scans > other.scans;
}

function replacementOf(
  index: IndexUse,
  ofTable: readonly IndexUse[],
): IndexVerdict | undefined {
  const able = ofTable.filter(
    (other) =>
      canReplace(index, other) &&
      (!isAlike(index, other) || isKeptBefore(other, index)),
  );
  // The widest stands longest: a narrower one may be redundant itself.
  const [best] = able.toSorted(
    (one, other) =>
      other.keys.length - one.keys.length || (one.name < other.name ? -1 : 1),
  );
  return best === undefined
    ? undefined
    : { kind: "redundant", by: best.name, isSame: isAlike(index, best) };
}

function keptFor(index: IndexUse): KeptFor | undefined {
  if (index.constraint !== undefined) return "constraint";
  if (index.isReplicaIdentity) return "replicaIdentity";
  if (index.unique) return "unique";
  return index.foreignKey === undefined ? undefined : "foreignKey";
}

/** Scans elsewhere are not counted here, so that none here says nothing. */
export const countsAllScans = ({
  isReplica,
  replicas,
}: Pick<IndexUsage, "isReplica" | "replicas">): boolean =>
  !isReplica && replicas === 0;

/** What no scans at all come to. */
type Idle = "tooEarly" | "uncountedElsewhere" | "unused";

function idleIn(
  usage: Pick<IndexUsage, "countedSince" | "isReplica" | "replicas">,
  nowMs: number,
): Idle {
  const { countedSince } = usage;
  const sinceMs = countedSince === undefined ? NaN : Date.parse(countedSince);
  // An unknown window is no proof either.
  if (!(nowMs - sinceMs >= shortestWindowMs)) return "tooEarly";
  return countsAllScans(usage) ? "unused" : "uncountedElsewhere";
}

function verdictOnUse(index: IndexUse, idle: Idle): IndexVerdict {
  if (index.scans > 0) return { kind: "used" };
  const reason = keptFor(index);
  return reason === undefined ? { kind: idle } : { kind: "kept", reason };
}

function judge(
  index: IndexUse,
  ofTable: readonly IndexUse[],
  idle: Idle,
): IndexVerdict {
  if (index.isBeingBuilt) return { kind: "beingBuilt" };
  // One of a partitioned table is invalid until every partition has its own; that is no leftover.
  const isLeftover =
    !index.valid &&
    !index.isPartitioned &&
    index.constraint === undefined &&
    !index.isReplicaIdentity;
  if (isLeftover) return { kind: "invalid" };
  const redundant = isEnforcing(index)
    ? undefined
    : replacementOf(index, ofTable);
  return redundant ?? verdictOnUse(index, idle);
}

/**
 * What each index is good for. What backs a constraint, enforces uniqueness or identifies rows for replication is never
 * held to be superfluous; what serves a foreign key not for want of scans. `nowMs` is the caller's clock; the counters of
 * PostgreSQL also rise by the planner's own probes, so an index with none was really not read.
 */
export function judgeIndexes(
  usage: Omit<IndexUsage, "isCut">,
  nowMs: number,
): readonly JudgedIndex[] {
  const { indexes } = usage;
  const idle = idleIn(usage, nowMs);
  const byTable = new Map<string, IndexUse[]>();
  const listFor = ({ schema, table }: IndexUse): IndexUse[] => {
    const key = JSON.stringify([schema, table]);
    const list = byTable.get(key) ?? [];
    byTable.set(key, list);
    return list;
  };
  for (const index of indexes) listFor(index).push(index);
  return indexes.map((index) => ({
    index,
    verdict: judge(index, listFor(index), idle),
  }));
}
