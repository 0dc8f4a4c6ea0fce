import type { PlanNode } from "../plan/plan.ts";
import { findReference, toOriginalSpan } from "../plan/references.ts";
import { walk } from "../plan/walk.ts";
import type { Construct } from "../sql/statement.ts";
import type { TextSpan } from "../text-span.ts";
import type { Examination } from "./examination.ts";

const subqueries: ReadonlySet<Construct["kind"]> = new Set([
  "correlatedSubquery",
  "notInSubquery",
]);

const lengthOf = ({ start, end }: TextSpan): number => end - start;

const holds = (outer: TextSpan, inner: TextSpan): boolean =>
  outer.start <= inner.start && inner.end <= outer.end;

/** Where the statement names the tables that this part of the plan reads, in the text that was parsed. */
const tablesIn = (
  { statement }: Examination,
  node: PlanNode,
): readonly TextSpan[] =>
  statement === undefined
    ? []
    : [...walk(node)].flatMap(
        (inside) => findReference(inside, statement)?.span ?? [],
      );

/** The innermost subquery in the statement that names a table this part of the plan reads. */
export function findSubquery(
  examined: Examination,
  node: PlanNode,
): Construct | undefined {
  const tables = tablesIn(examined, node);
  const around = (examined.statement?.facts.constructs ?? [])
    .filter(({ kind }) => subqueries.has(kind))
    .filter(({ span }) => tables.some((table) => holds(span, table)));
  return around.toSorted((a, b) => lengthOf(a.span) - lengthOf(b.span))[0];
}

/** That subquery in the original text, else the first table that it reads. */
export function spanOfSubquery(
  examined: Examination,
  node: PlanNode,
): TextSpan | undefined {
  const { statement } = examined;
  const span =
    findSubquery(examined, node)?.span ?? tablesIn(examined, node)[0];
  return statement === undefined || span === undefined
    ? undefined
    : toOriginalSpan(statement, span);
}
