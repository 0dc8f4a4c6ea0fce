import type { CatalogIndex, CatalogTable } from "../../catalog.ts";
import type { Plan, PlanNode } from "../../plan/plan.ts";
import { toOriginalSpan } from "../../plan/references.ts";
import { walk } from "../../plan/walk.ts";
import { conditionRoles } from "../../sql/condition-roles.ts";
import type {
  ColumnUse,
  ParsedStatement,
  TableReference,
} from "../../sql/statement.ts";
import type { TextSpan } from "../../text-span.ts";
import type { PlannerFacts } from "./planner-facts.ts";
import type { ReadIndex, ReadKey } from "./read-index.ts";

/** One index and one statement, with all that is known of them before anything is tried. */
export interface Examined {
  /** Its columns resolved. */
  readonly statement: ParsedStatement;
  /** As the planner chooses when the index is there. */
  readonly plan: Plan;
  readonly table: CatalogTable;
  /** Where the statement names the table. */
  readonly references: readonly TableReference[];
  readonly index: ReadIndex;
  /** The catalog's row; undefined for an imagined index. */
  readonly existing: CatalogIndex | undefined;
  /** How plans name the index: its own name, those of its partitions, or a hypothetical one. */
  readonly names: ReadonlySet<string>;
  readonly facts: PlannerFacts;
}

/** The operators that read the index. */
export const readersOf = (
  plan: Plan,
  { names }: Pick<Examined, "names">,
): readonly PlanNode[] =>
  [...walk(plan)].filter(
    ({ index }) => index !== undefined && names.has(index),
  );

/** Uses of the table's columns, wherever the statement names it. */
export function usesOf(examined: Examined): readonly ColumnUse[] {
  const ids = new Set(examined.references.map(({ id }) => id));
  return examined.statement.facts.columns.filter(
    ({ table }) => table !== undefined && ids.has(table),
  );
}

export const conditionsOf = (examined: Examined): readonly ColumnUse[] =>
  usesOf(examined).filter(({ role }) => conditionRoles.includes(role));

/** Casts that the server adds, quotes, blanks and qualifiers do not make another expression. */
const normalised = (text: string, qualifiers: readonly string[]): string =>
  qualifiers
    .reduce(
      (bare, qualifier) => bare.replaceAll(`${qualifier}.`, ""),
      text.replaceAll(/::\s*[a-z][a-z ]*(?:\(\d+\))?(?:\[\])?/gi, ""),
    )
    .replaceAll(/[\s()"]/g, "")
    .toLowerCase();

/** Whether the statement uses exactly what the key holds, on the column or the expression itself. */
export function isOnKey(
  examined: Examined,
  key: ReadKey,
  use: ColumnUse,
): boolean {
  if (!key.isExpression)
    return use.wrappedIn === undefined && use.column === key.text;
  if (use.wrappedIn === undefined) return false;
  const qualifiers = examined.references.flatMap(({ alias, name }) => [
    ...(alias === undefined ? [] : [alias]),
    name,
  ]);
  return (
    normalised(use.wrappedIn, qualifiers) === normalised(key.text, qualifiers)
  );
}

/** Columns that a key is made of. */
export const columnsOfKey = (
  { table }: Pick<Examined, "table">,
  key: ReadKey,
): readonly string[] =>
  key.isExpression
    ? table.columns
        .map(({ name }) => name)
        .filter((name) =>
          (key.text.match(/[\w$]+|"(?:[^"]|"")+"/gu) ?? []).some(
            (word) => word === name || word === `"${name}"`,
          ),
        )
    : [key.text];

/** A column as it stands in the statement, with the function or cast around it. */
export function spanOfUse(examined: Examined, use: ColumnUse): TextSpan {
  const { statement } = examined;
  const around = statement.facts.constructs.find(
    (construct) =>
      construct.kind === "wrappedColumn" &&
      construct.span.start <= use.span.start &&
      construct.span.end >= use.span.end,
  );
  const span = use.wrappedIn === undefined ? use.span : around?.span;
  return toOriginalSpan(statement, span ?? use.span);
}

/** Where the statement names the table. */
export function spanOfTable(examined: Examined): TextSpan | undefined {
  const [reference] = examined.references;
  return reference === undefined
    ? undefined
    : toOriginalSpan(examined.statement, reference.span);
}

/** `a`, `lower(email)`: for sentences. */
export const labelOfKey = (key: ReadKey | undefined): string => key?.text ?? "";

/** How people call the index: its name, else what it is. */
export function labelOfIndex({ index }: Pick<Examined, "index">): string {
  const keys = index.keys.map(({ text }) => text).join(", ");
  return index.name ?? `${index.table} (${keys})`;
}
