import type { ColumnUse } from "../../sql/statement.ts";
import { usesOf, type Examined } from "./examined.ts";
import type { ReadKey } from "./read-index.ts";

/** Whether the index can hand out rows in the order asked for. */
export type OrderFit =
  /** No ORDER BY that begins in this table, or an index without an order. */
  | { readonly kind: "none" }
  | { readonly kind: "fits"; readonly first: ColumnUse }
  /** From this sort key on, the index runs the other way or has its NULLs at the other end. */
  | {
      readonly kind: "mismatch";
      readonly what: "direction" | "nulls";
      readonly use: ColumnUse;
      readonly key: ReadKey;
    }
  /** The order is by something else than the index's keys. */
  | { readonly kind: "other" };

const isDescending = (use: ColumnUse): boolean => use.direction === "desc";

const nullsFirstIn = (use: ColumnUse): boolean =>
  use.nulls === undefined ? isDescending(use) : use.nulls === "first";

function findSort(uses: readonly ColumnUse[]): readonly ColumnUse[] {
  const sorts = uses.filter(({ role }) => role === "sort");
  const first = sorts.find(({ position }) => position === 0);
  return sorts
    .filter(({ scope }) => scope === first?.scope)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
}

/** Columns that hold one value in all rows of the result: they order nothing. */
const fixedColumns = (uses: readonly ColumnUse[]): ReadonlySet<string> =>
  new Set(
    uses
      .filter(
        (use) =>
          use.role === "equality" &&
          !use.underOr &&
          use.wrappedIn === undefined,
      )
      .map(({ column }) => column),
  );

interface Step {
  readonly use: ColumnUse;
  readonly key: ReadKey | undefined;
}

/** Each sort key with the index key that is to serve it. */
function pairUp(
  sorts: readonly ColumnUse[],
  keys: readonly ReadKey[],
  fixed: ReadonlySet<string>,
): readonly Step[] {
  const isFixed = (key: ReadKey): boolean =>
    !key.isExpression && fixed.has(key.text);
  const open = keys.filter((key) => !isFixed(key));
  return sorts
    .filter(
      ({ column, wrappedIn }) => wrappedIn !== undefined || !fixed.has(column),
    )
    .map((use, at) => ({ use, key: open[at] }));
}

export function fitOrder(examined: Examined): OrderFit {
  const uses = usesOf(examined);
  const sorts = findSort(uses);
  const [first] = sorts;
  if (first === undefined || examined.index.method !== "btree")
    return { kind: "none" };
  const steps = pairUp(sorts, examined.index.keys, fixedColumns(uses));
  let isReversed: boolean | undefined;
  for (const { use, key } of steps) {
    if (key?.text !== use.column || use.wrappedIn !== undefined)
      return { kind: "other" };
    const turns = key.descending !== isDescending(use);
    if (turns !== (key.nullsFirst !== nullsFirstIn(use)))
      return { kind: "mismatch", what: "nulls", use, key };
    isReversed ??= turns;
    if (isReversed !== turns)
      return { kind: "mismatch", what: "direction", use, key };
  }
  return { kind: "fits", first };
}
