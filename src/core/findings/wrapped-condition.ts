import type { CatalogColumn } from "../catalog.ts";
import { shortened } from "../format.ts";
import { findIndexability, type Indexability } from "../plan/indexability.ts";
import type { PlanNode } from "../plan/plan.ts";
import { planAliasOf } from "../plan/references.ts";
import { conditionRoles } from "../sql/condition-roles.ts";
import { quoteAlways, quoteIdentifier } from "../sql/quote-identifier.ts";
import type { ColumnUse } from "../sql/statement.ts";
import type { DeparsedComparison } from "./conjuncts.ts";
import {
  castsOf,
  type ComparedParameter,
  type DateRange,
  findDateRange,
} from "./date-range.ts";
import type { Examination } from "./examination.ts";
import { fitsOwnType } from "./own-type.ts";
import { conditionUses } from "./scans.ts";

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

/** How the server may write a column in the conditions of its own scan. */
export function spellingsOf(name: string, alias: string | undefined): string[] {
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

/** The condition that compares the wrapped column, with what is to be said of it. */
export function wrapIn(
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
