import type {
  ColumnUse,
  ParsedStatement,
  TableReference,
} from "../../core/sql/statement.ts";

/** A column that a parameter is compared with; `schema` is null where the statement names none. */
export interface ComparedColumn {
  readonly number: number;
  readonly equality: boolean;
  readonly schema: string | null;
  readonly table: string;
  readonly column: string;
}

/** A column the parser could not resolve is looked for in every table of its scope. */
function tablesOf(
  use: ColumnUse,
  tables: readonly TableReference[],
): readonly TableReference[] {
  if (use.table !== undefined)
    return tables.filter((table) => table.id === use.table);
  return tables.filter(
    (table) =>
      use.qualifier === undefined ||
      (table.alias ?? table.name) === use.qualifier,
  );
}

/** The columns that parameters are compared with, by parameter. */
export function comparedColumns(
  statement: ParsedStatement,
): readonly ComparedColumn[] {
  const { columns, tables } = statement.facts;
  return columns.flatMap((use) => {
    const { against } = use;
    if (against?.kind !== "parameter") return [];
    return tablesOf(use, tables).map((table) => ({
      number: against.number,
      equality: use.role === "equality",
      schema: table.schema ?? null,
      table: table.name,
      column: use.column,
    }));
  });
}
