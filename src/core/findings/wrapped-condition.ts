import type { CatalogColumn, CatalogIndex } from "../catalog.ts";
import { shortened } from "../format.ts";
import { withoutLiterals } from "../plan/expression-columns.ts";
import { findIndexability, type Indexability } from "../plan/indexability.ts";
import type { PlanNode } from "../plan/plan.ts";
import { planAliasOf } from "../plan/references.ts";
import { isRelabelled } from "../plan/relabelled.ts";
import { conditionRoles } from "../sql/condition-roles.ts";
import { quoteAlways, quoteIdentifier } from "../sql/quote-identifier.ts";
import type { ColumnUse } from "../sql/statement.ts";
import {
  type DeparsedComparison,
  conjunctsOf,
  readDeparsed,
} from "./conjuncts.ts";
import {
  castsOf,
  type ComparedParameter,
  type DateRange,
  findDateRange,
} from "./date-range.ts";
import { type Examination, tableOf } from "./examination.ts";
import { fitsOwnType } from "./own-type.ts";
import { columnsIn, conditionUses, indexesOn } from "./scans.ts";
import { findHindrance, type Hindrance } from "./unserved.ts";

/** A condition on what is made of a column, which an index on the column cannot serve. */
export interface WrappedCondition {
  readonly column: CatalogColumn;
  /** As the statement writes it, else as the server shows it. */
  readonly expression: string;
  /** The type that the server casts the column to without being asked, where the other side may have the column's own instead. */
  readonly castTo: string | undefined;
  /** What asks for the same rows by the bare column. */
  readonly range: DateRange | undefined;
  /** Whether an index can hold the expression. */
  readonly indexable: Indexability;
}

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

/** How the server may write a column in the conditions of its own scan. */
function spellingsOf(name: string, alias: string | undefined): string[] {
  const names = [quoteIdentifier(name), quoteAlways(name)];
  const qualifiers =
    alias === undefined ? [] : [quoteIdentifier(alias), quoteAlways(alias)];
  return [
    ...names,
    ...qualifiers.flatMap((qualifier) =>
      names.map((own) => `${qualifier}.${own}`),
    ),
  ];
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

/** The parameter that this one comparison is with. */
function parameterOf(
  { statement }: Examination,
  uses: readonly ColumnUse[],
): ComparedParameter | undefined {
  const against = uses.length === 1 ? uses[0]?.against : undefined;
  if (against?.kind !== "parameter") return undefined;
  const { number } = against;
  const written =
    statement?.placeholders.find((one) => one.number === number)?.written ??
    `$${number}`;
  return { written, casts: castsOf(statement?.sql ?? "", number) };
}

/**
 * With values that only planning has put in for parameters the plan shows another condition than the statement;
 * of one whose column a view hides nothing tells where the value is from.
 */
const isAsWritten = (
  { statement }: Examination,
  uses: readonly ColumnUse[],
): boolean =>
  statement === undefined ||
  statement.placeholders.length === 0 ||
  (uses.length > 0 &&
    uses.every(({ against }) => against?.kind === "constant"));

/** A comparison with a wrapped column, and where the statement wraps that column. */
interface Wrapping {
  readonly column: CatalogColumn;
  readonly comparison: DeparsedComparison;
  readonly uses: readonly ColumnUse[];
}

/** Whether conditions of the statement's own may be the ones that the plan shows of a column it does not name. */
const comparesValues = ({ statement }: Examination): boolean =>
  statement?.facts.columns.some(
    ({ role, against }) =>
      conditionRoles.includes(role) && against?.kind !== "column",
  ) === true;

/**
 * The column as the statement writes it where the condition stands. Undefined where a subquery, CTE or view around the
 * table may have given it another name there.
 */
function nameIn(
  examined: Examination,
  column: CatalogColumn,
  uses: readonly ColumnUse[],
): string | undefined {
  const { statement } = examined;
  const [use] = uses;
  if (statement !== undefined && use !== undefined)
    return statement.sql.slice(use.span.start, use.span.end);
  return comparesValues(examined) ? undefined : quoteIdentifier(column.name);
}

/** The range in place of a truncated date, in the statement's own terms. */
function rangeOf(
  examined: Examination,
  node: PlanNode,
  { column, comparison, uses }: Wrapping,
): DateRange | undefined {
  const parameter = parameterOf(examined, uses);
  if (parameter === undefined && !isAsWritten(examined, uses)) return undefined;
  const written = nameIn(examined, column, uses);
  if (written === undefined) return undefined;
  return findDateRange(comparison, {
    type: column.type,
    spellings: spellingsOf(column.name, planAliasOf(node)),
    written,
    parameter,
  });
}

const conditionsOn = (
  examined: Examination,
  node: PlanNode,
  { name }: CatalogColumn,
): readonly ColumnUse[] =>
  conditionUses(examined, node).filter(({ column }) => column === name);

function wrapIn(
  examined: Examination,
  node: PlanNode,
  column: CatalogColumn,
  comparison: DeparsedComparison,
): WrappedCondition {
  const uses = conditionsOn(examined, node, column).filter(
    ({ wrappedIn }) => wrappedIn !== undefined,
  );
  const written = new Set(uses.map(({ wrappedIn }) => wrappedIn));
  const { left } = comparison;
  const cast = /^\([^()]+\)::([a-z][a-z ]*[a-z0-9])$/u.exec(left)?.[1];
  return {
    column,
    expression: shortened((written.size === 1 && uses[0]?.wrappedIn) || left),
    castTo:
      uses.length === 0 &&
      isAsWritten(examined, conditionsOn(examined, node, column)) &&
      fitsOwnType(column.type, comparison)
        ? cast
        : undefined,
    range: rangeOf(examined, node, { column, comparison, uses }),
    indexable: findIndexability(column.type, left),
  };
}

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
