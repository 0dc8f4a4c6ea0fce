import type { ColumnUse } from "../../sql/statement.ts";
import { findIndexability } from "../../plan/indexability.ts";
import { phrase, type Phrase } from "../../words.ts";
import { findCast } from "./cast-in-plan.ts";
import type { Cause, CauseKind } from "./cause.ts";
import {
  columnsOfKey,
  conditionsOf,
  isOnKey,
  labelOfIndex,
  labelOfKey,
  spanOfTable,
  spanOfUse,
  usesOf,
  type Examined,
} from "./examined.ts";
import { fitsCollation, knowsOperator } from "./key-support.ts";
import { fitOrder } from "./order.ts";
import type { ReadKey } from "./read-index.ts";

/** A cause before the costs are put beside it. */
export type Obstacle = Omit<Cause, "evidence">;

interface OnKey {
  readonly examined: Examined;
  readonly key: ReadKey;
  readonly use: ColumnUse;
}

const obstacle = (
  { examined, key, use }: OnKey,
  kind: CauseKind,
  sentence: Phrase,
): Obstacle => ({
  kind,
  sentence,
  span: spanOfUse(examined, use),
  indexKey: labelOfKey(key),
});

type Look = (on: OnKey) => Obstacle | undefined;

const columnOf = ({ examined, use }: OnKey) =>
  examined.table.columns.find(({ name }) => name === use.column);

const lookAtCollate: Look = (on) =>
  /\bcollate\b/i.test(on.use.wrappedIn ?? "")
    ? obstacle(
        on,
        "collation",
        phrase(
          "{0} is compared in another collation than the one that the index is sorted by; build the index with the same COLLATE.",
          on.use.column,
        ),
      )
    : undefined;

const lookAtWrapper: Look = (on) => {
  const { key, use } = on;
  if (key.isExpression)
    return obstacle(
      on,
      "expression",
      phrase(
        "The index holds {0}, and the statement compares {1}: only the very same expression can be looked up.",
        labelOfKey(key),
        use.wrappedIn ?? use.column,
      ),
    );
  const type = columnOf(on)?.type ?? "";
  const expression = use.wrappedIn ?? "";
  if (findIndexability(type, expression) === "no")
    return obstacle(
      on,
      "wrapped",
      phrase(
        "{0} hides {1} from the index, which holds the bare values, and none can hold what depends on the session's settings; compare the bare column with a range.",
        expression,
        use.column,
      ),
    );
  return obstacle(
    on,
    "wrapped",
    phrase(
      "{0} hides {1} from the index, which holds the bare values; compare the bare column, or build the index on the expression.",
      expression,
      use.column,
    ),
  );
};

const lookAtPlace: Look = (on) =>
  isOnKey(on.examined, on.key, on.use)
    ? undefined
    : (lookAtCollate(on) ?? lookAtWrapper(on));

const lookAtCast: Look = (on) => {
  const column = on.key.isExpression ? undefined : columnOf(on);
  const type = column && findCast(on.examined, column);
  return column === undefined || type === undefined
    ? undefined
    : obstacle(
        on,
        "typeMismatch",
        phrase(
          "{0} is {1} but is compared as {2}, so the server casts every row, and the index holds the values before the cast; give the other side the type {1}.",
          column.name,
          column.type,
          type,
        ),
      );
};

const lookAtOperator: Look = (on) => {
  const { key, use, examined } = on;
  const { method } = examined.index;
  const column = key.isExpression ? undefined : columnOf(on);
  if (knowsOperator(method, key, use.role, column)) return undefined;
  if (use.role === "leadingWildcardLike")
    return obstacle(
      on,
      "leadingWildcard",
      phrase(
        "The pattern for {0} begins with a wildcard, and the index is sorted from the first letter on; a trigram index (GIN with gin_trgm_ops) can look up parts.",
        use.column,
      ),
    );
  if (use.role === "inequality")
    return obstacle(
      on,
      "notEqual",
      phrase(
        "No index looks up what a value is not: the condition on {0} keeps all others.",
        use.column,
      ),
    );
  return obstacle(
    on,
    "operatorClass",
    phrase(
      "The index on {0} ({1}) cannot look up this operator; another method or operator class can.",
      labelOfKey(key),
      [method, key.operatorClass ?? ""].join(" ").trim(),
    ),
  );
};

const lookAtCollation: Look = (on) => {
  const { key, use, examined } = on;
  if (fitsCollation(examined.index.method, key, use.role)) return undefined;
  return obstacle(
    on,
    "collation",
    use.role === "prefixLike"
      ? phrase(
          "The index is sorted by the rules of a language, LIKE compares character by character: an index on {0} with text_pattern_ops serves it.",
          use.column,
        )
      : phrase(
          "The index is sorted by the collation {0}, the statement compares {1} in that of its column.",
          key.collation ?? "",
          use.column,
        ),
  );
};

const lookAtOr: Look = (on) =>
  on.use.underOr
    ? obstacle(
        on,
        "underOr",
        phrase(
          "The condition on {0} stands under OR or NOT: rows that fail it may still be wanted, so this index alone cannot find them.",
          on.use.column,
        ),
      )
    : undefined;

/** The first that hinders is the one to name: each makes the later ones pointless. */
const looks: readonly Look[] = [
  lookAtPlace,
  lookAtCast,
  lookAtOperator,
  lookAtCollation,
  lookAtOr,
];

function hindranceOf(on: OnKey): Obstacle | undefined {
  for (const look of looks) {
    const found = look(on);
    if (found !== undefined) return found;
  }
  return undefined;
}

const usesOfKey = (examined: Examined, key: ReadKey): readonly ColumnUse[] => {
  const columns = new Set(columnsOfKey(examined, key));
  return conditionsOf(examined).filter(({ column }) => columns.has(column));
};

/** GIN and BRIN keep their keys apart; all others are sorted or grouped by the first. */
const leadingKeys = ({ index }: Examined): readonly ReadKey[] =>
  index.method === "gin" || index.method === "brin"
    ? index.keys
    : index.keys.slice(0, 1);

/** Conditions that the index can look up by its first key. */
export const servedUses = (examined: Examined): readonly ColumnUse[] =>
  leadingKeys(examined).flatMap((key) =>
    usesOfKey(examined, key).filter(
      (use) => hindranceOf({ examined, key, use }) === undefined,
    ),
  );

function missingFirst(examined: Examined, first: ReadKey): Obstacle {
  const used = conditionsOf(examined);
  const later = examined.index.keys.slice(1).flatMap((key) => {
    const use = used.find((candidate) => isOnKey(examined, key, candidate));
    return use === undefined ? [] : [{ key, use }];
  })[0];
  if (later === undefined)
    return {
      kind: "leadingColumn",
      sentence: phrase(
        "The statement neither compares nor orders {0}, by which {1} is sorted, so nothing can be looked up in it.",
        labelOfKey(first),
        labelOfIndex(examined),
      ),
      span: spanOfTable(examined),
      indexKey: labelOfKey(first),
    };
  return {
    kind: "leadingColumn",
    sentence: phrase(
      "The index is sorted by {0} first, which the statement does not compare: its matches for {1} lie all over the index. An index that begins with {1} finds them.",
      labelOfKey(first),
      labelOfKey(later.key),
    ),
    span: spanOfUse(examined, later.use),
    indexKey: labelOfKey(first),
  };
}

const isGrouped = (examined: Examined, key: ReadKey): boolean =>
  usesOf(examined).some(
    ({ role, column }) => role === "group" && column === key.text,
  );

/** Why the first key of the index finds nothing in this statement; empty when it can be looked up or walked in order. */
export function findObstacles(examined: Examined): readonly Obstacle[] {
  const [key] = examined.index.keys;
  if (key === undefined || servedUses(examined).length > 0) return [];
  const order = fitOrder(examined).kind;
  if (order === "fits" || order === "mismatch") return [];
  const hindered = leadingKeys(examined).flatMap((leading) =>
    usesOfKey(examined, leading).flatMap(
      (use) => hindranceOf({ examined, key: leading, use }) ?? [],
    ),
  );
  if (hindered.length > 0) return hindered;
  return isGrouped(examined, key) ? [] : [missingFirst(examined, key)];
}
