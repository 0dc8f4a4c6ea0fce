import {
  countsAllScans,
  judgeIndexes,
  type IndexUsage,
  type IndexUse,
  type JudgedIndex,
} from "./index-use.ts";

/** Why an existing index can go. */
export type DropReason =
  /** `by` is a new index of the advice, which has to be built before. */
  | { readonly kind: "replaced"; readonly by: string }
  /** `by` exists and finds all that it finds; `isSame`: both are alike. */
  | {
      readonly kind: "redundant";
      readonly by: string;
      readonly isSame: boolean;
    }
  | { readonly kind: "invalid" }
  | { readonly kind: "unused" };

export interface Drop {
  readonly index: IndexUse;
  readonly reason: DropReason;
}

export interface DropAdvice {
  /** Largest first. */
  readonly drops: readonly Drop[];
  /** Indexes that nobody scanned as far as is known, and that are no drop because too little is known. */
  readonly undecided: number;
}

export interface DropInput {
  readonly usage: IndexUsage;
  /** False where scans are not counted: on a twin. */
  readonly countsUse: boolean;
  readonly nowMs: number;
  /** The new indexes with those that they make superfluous. */
  readonly advised: readonly {
    readonly name: string;
    readonly replaces: readonly {
      readonly schema: string;
      readonly name: string;
    }[];
  }[];
  /** Names of existing indexes that the workload's plans read; undefined where these are not known. */
  readonly readByWorkload: ReadonlySet<string> | undefined;
}

type Key = string;

const keyOf = ({
  schema,
  name,
}: {
  readonly schema: string;
  readonly name: string;
}): Key => JSON.stringify([schema, name]);

const isEnforcing = (index: IndexUse): boolean =>
  index.constraint !== undefined || index.unique || index.isReplicaIdentity;

/** New index by the existing one that it replaces. */
function replacements({ advised }: DropInput): ReadonlyMap<Key, string> {
  return new Map(
    advised.flatMap(({ name, replaces }) =>
      replaces.map((existing) => [keyOf(existing), name] as const),
    ),
  );
}

const knowsAllUse = ({ usage, countsUse }: DropInput): boolean =>
  countsUse && countsAllScans(usage);

const isIdle = ({ verdict }: JudgedIndex): boolean =>
  verdict.kind === "unused" || verdict.kind === "uncountedElsewhere";

/** One that is there for another index which goes has to stay. */
function reasonFor(
  { index, verdict }: JudgedIndex,
  replaced: ReadonlyMap<Key, string>,
): DropReason | undefined {
  if (isEnforcing(index)) return undefined;
  if (verdict.kind === "invalid") return { kind: "invalid" };
  if (verdict.kind === "redundant") {
    const { by, isSame } = verdict;
    const next = replaced.get(keyOf({ schema: index.schema, name: by }));
    return next === undefined
      ? { kind: "redundant", by, isSame }
      : { kind: "replaced", by: next };
  }
  const by = replaced.get(keyOf(index));
  return by === undefined || verdict.kind === "beingBuilt"
    ? undefined
    : { kind: "replaced", by };
}

function unusedAmong(
  judged: readonly JudgedIndex[],
  others: readonly Drop[],
  { readByWorkload }: DropInput,
): readonly IndexUse[] {
  const needed = new Set(
    others.flatMap(({ index, reason }) =>
      reason.kind === "redundant"
        ? [keyOf({ schema: index.schema, name: reason.by })]
        : [],
    ),
  );
  const going = new Set(others.map(({ index }) => keyOf(index)));
  return judged
    .filter(isIdle)
    .map(({ index }) => index)
    .filter(
      (index) =>
        !going.has(keyOf(index)) &&
        !needed.has(keyOf(index)) &&
        readByWorkload?.has(index.name) !== true,
    );
}

/** Whether plans of the workload have to be looked at before anything is called unused. */
export const hasUnused = (input: Omit<DropInput, "readByWorkload">): boolean =>
  knowsAllUse({ ...input, readByWorkload: undefined }) &&
  judgeIndexes(input.usage, input.nowMs).some(
    ({ verdict }) => verdict.kind === "unused",
  );

/**
 * Existing indexes that can go: what a new one replaces, what another one serves, what a failed build left, and what
 * nobody scanned. Never one that backs a constraint, keeps values unique or is a replica identity. Nothing is called
 * unused where a plan of the workload reads it, where scans were counted for too short a time, or where replicas scan too.
 */
export function proposeDrops(input: DropInput): DropAdvice {
  const judged = judgeIndexes(input.usage, input.nowMs);
  const replaced = replacements(input);
  const sure = judged.flatMap((one): readonly Drop[] => {
    const reason = reasonFor(one, replaced);
    return reason === undefined ? [] : [{ index: one.index, reason }];
  });
  const unused = unusedAmong(judged, sure, input);
  const mayCall = knowsAllUse(input) && input.readByWorkload !== undefined;
  const drops = [
    ...sure,
    ...(mayCall ? unused : []).map((index): Drop => ({
      index,
      reason: { kind: "unused" },
    })),
  ];
  return {
    drops: drops.toSorted(
      (one, other) => other.index.sizeBytes - one.index.sizeBytes,
    ),
    undecided: mayCall || !input.countsUse ? 0 : unused.length,
  };
}
