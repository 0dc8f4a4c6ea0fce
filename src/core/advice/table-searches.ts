import type { CatalogTable } from "../catalog.ts";
import type {
  ColumnUse,
  StatementFacts,
  TableReference,
} from "../sql/statement.ts";
import { keyTextOf } from "./own-expression.ts";
import type { IndexKey } from "./suggestion.ts";

/** A comparison or an order by distance that only some index methods serve. */
export interface Search {
  /** Without an operator class: that depends on the method. */
  readonly key: IndexKey;
  /** Of the column or expression, as format_type names it. */
  readonly type: string;
  /** With the column on its left. */
  readonly operator: string;
  /** False under OR, where it holds for some of the rows only. */
  readonly isConjunct: boolean;
}

/** Functions whose result type their name tells. */
const typesByCall: Readonly<Record<string, string>> = {
  to_tsvector: "tsvector",
  lower: "text",
  upper: "text",
  concat: "text",
  unaccent: "text",
  btrim: "text",
  jsonb_extract_path: "jsonb",
  jsonb_extract_path_text: "text",
  point: "point",
  box: "box",
  circle: "circle",
  int4range: "int4range",
  int8range: "int8range",
  numrange: "numrange",
  tsrange: "tsrange",
  tstzrange: "tstzrange",
  daterange: "daterange",
};

/** The type of an expression as far as its text tells; undefined otherwise. */
function typeOfExpression(text: string): string | undefined {
  const cast = /::\s*([a-z_][\w ]*(?:\[\])?)\s*\)?$/i.exec(text)?.[1];
  if (cast !== undefined) return cast.toLowerCase();
  const call = /^([a-z_]\w*)\s*\(/i.exec(text)?.[1]?.toLowerCase();
  if (call !== undefined) return typesByCall[call];
  if (/(?:->>|#>>)\s*\S+$/.test(text)) return "text";
  return /(?:->|#>)\s*\S+$/.test(text) ? "jsonb" : undefined;
}

const patternOperators = new Set(["~~", "~~*", "~", "~*", "%", "<%", "<<%"]);

function roleOf(use: ColumnUse, operator: string): IndexKey["role"] {
  if (use.role === "nearest") return "nearest";
  if (patternOperators.has(operator)) return "pattern";
  return operator === "@@" ? "textSearch" : "containment";
}

/** A beginning is found by a B-tree, and a join is no search for one value. */
const elsewhere = new Set<ColumnUse["role"]>(["prefixLike", "join"]);

/** Searches on one mention of a table, each once; a beginning that a B-tree finds is none. */
export function findSearches(
  facts: StatementFacts,
  uses: readonly ColumnUse[],
  reference: TableReference,
  table: CatalogTable,
): readonly Search[] {
  const found = new Map<string, Search>();
  for (const use of uses) {
    const { operator, role } = use;
    if (operator === undefined || elsewhere.has(role)) continue;
    const text = keyTextOf(facts, use, reference, table);
    const column = table.columns.find(({ name }) => name === use.column);
    const type =
      text?.isExpression === true ? typeOfExpression(text.text) : column?.type;
    if (text === undefined || type === undefined) continue;
    const key: IndexKey = {
      ...text,
      descending: false,
      nulls: undefined,
      operatorClass: undefined,
      role: roleOf(use, operator),
    };
    const identity = `${text.text} ${operator} ${key.role}`;
    const isConjunct = !use.underOr;
    if (!found.has(identity))
      found.set(identity, { key, type, operator, isConjunct });
  }
  return [...found.values()];
}
