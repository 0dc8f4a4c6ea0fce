import type { CatalogColumn, CatalogIndex } from "../catalog.ts";
import { shortened } from "../format.ts";
import { withoutLiterals } from "../plan/expression-columns.ts";
import type { PlanNode } from "../plan/plan.ts";
import { planAliasOf } from "../plan/references.ts";
import { isRelabelled } from "../plan/relabelled.ts";
import { conjunctsOf, readDeparsed } from "./conjuncts.ts";
import { type Examination, tableOf } from "./examination.ts";
import { columnsIn, indexesOn } from "./scans.ts";
import { findHindrance, type Hindrance } from "./unserved.ts";
import {
  spellingsOf,
  type WrappedCondition,
  wrapIn,
} from "./wrapped-condition.ts";

/** A condition on a bare column that no ordinary index on it serves. */
export interface UnservedCondition {
  readonly column: string;
  /** As the server shows it. */
  readonly text: string;
  readonly hindrance: Hindrance;
}

export interface ReadFilter {
  /** Columns compared as they are. */
  readonly plain: readonly string[];
  readonly unserved: readonly UnservedCondition[];
  /** Indexes that alone, of those on their column, can serve a condition of the filter. */
  readonly serving: readonly CatalogIndex[];
  readonly wrapped: readonly WrappedCondition[];
}

/** `c`, and `(c)::text` of a varchar. */
const isBare = (
  side: string,
  column: CatalogColumn,
  spellings: readonly string[],
): boolean =>
  spellings.some(
    (name) =>
      side === name ||
      (side === `(${name})::text` && isRelabelled(column, "text")),
  );

/** Conditions that no index looks up, whatever they are on. */
const isIdle = (conjunct: string): boolean =>
  / IS NOT NULL$| <> /u.test(withoutLiterals(conjunct));

type Read =
  | { readonly kind: "wrapped"; readonly condition: WrappedCondition }
  | { readonly kind: "unserved"; readonly condition: UnservedCondition }
  | {
      readonly kind: "plain" | "idle";
      readonly columns: readonly CatalogColumn[];
      readonly serving?: readonly CatalogIndex[];
    };

/** A condition that hinders every ordinary index on its one bare column. */
function readHindered(
  examined: Examination,
  node: PlanNode,
  {
    conjunct,
    column,
  }: {
    readonly conjunct: string;
    readonly column: CatalogColumn;
  },
): Read | undefined {
  const spellings = spellingsOf(column.name, planAliasOf(node));
  const of = column.type.replace(/\[\]$/u, "");
  const found = findHindrance(conjunct, column, {
    isBare: (side) => isBare(side, { ...column, type: of }, spellings),
    indexes: indexesOn(tableOf(examined, node), [column.name]),
  });
  if (found === undefined) return undefined;
  const { hindrance, served } = found;
  if (hindrance === undefined)
    return { kind: "plain", columns: [column], serving: served };
  const text = shortened(conjunct);
  const condition = { column: column.name, text, hindrance };
  return { kind: "unserved", condition };
}

function readConjunct(
  examined: Examination,
  node: PlanNode,
  conjunct: string,
): Read {
  const columns = columnsIn(examined, node, conjunct);
  const [column, ...others] = columns;
  // A subquery's values are no value to look up.
  if (column === undefined || /\bSubPlan \d/u.test(conjunct))
    return { kind: "plain", columns: [] };
  if (isIdle(conjunct)) return { kind: "idle", columns };
  const hindered =
    others.length === 0
      ? readHindered(examined, node, { conjunct, column })
      : undefined;
  if (hindered !== undefined) return hindered;
  const comparison = readDeparsed(conjunct);
  const isPlain =
    comparison === undefined ||
    columnsIn(examined, node, comparison.right).length > 0 ||
    (others.length === 0 &&
      isBare(
        comparison.left,
        column,
        spellingsOf(column.name, planAliasOf(node)),
      ));
  if (isPlain) return { kind: "plain", columns };
  const condition = wrapIn(examined, node, column, comparison);
  return { kind: "wrapped", condition };
}

/** Which columns a scan's filter compares as they are, and which it hides in expressions. */
export function readFilter(
  examined: Examination,
  node: PlanNode,
  filter: string,
): ReadFilter {
  const read = conjunctsOf(filter).map((conjunct) =>
    readConjunct(examined, node, conjunct),
  );
  const named = (kind: "plain" | "idle"): readonly string[] => [
    ...new Set(
      read.flatMap((one) =>
        one.kind === kind ? one.columns.map(({ name }) => name) : [],
      ),
    ),
  ];
  const wrapped = read.flatMap((one) =>
    one.kind === "wrapped" ? [one.condition] : [],
  );
  const unserved = read.flatMap((one) =>
    one.kind === "unserved" ? [one.condition] : [],
  );
  const serving = read.flatMap((one) =>
    one.kind === "plain" ? (one.serving ?? []) : [],
  );
  const plain = named("plain");
  // Where nothing else is compared, what no index looks up is still what the filter is about.
  const isAllIdle = [plain, wrapped, unserved].every(
    (some) => some.length === 0,
  );
  return {
    plain: isAllIdle ? named("idle") : plain,
    unserved,
    serving,
    wrapped,
  };
}

/** The wrapped condition to speak of: one that a range can stand for, with all ranges on its column; else the first. */
export function mainWrapped({
  wrapped,
}: ReadFilter): WrappedCondition | undefined {
  const first = wrapped.find(({ range }) => range !== undefined);
  if (first?.range === undefined) return wrapped[0];
  const { column, range } = first;
  const texts = wrapped.flatMap((other) =>
    other.column.name === column.name &&
    other.range?.beginning === range.beginning
      ? (other.range?.text ?? [])
      : [],
  );
  return { ...first, range: { ...range, text: texts.join(" AND ") } };
}
