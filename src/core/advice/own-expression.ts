import type { CatalogTable } from "../catalog.ts";
import { escapePattern } from "../escape-pattern.ts";
import type {
  ColumnUse,
  StatementFacts,
  TableReference,
} from "../sql/statement.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";

const literal = /'(?:[^']|'')*'/g;

/** `title COLLATE "C"`: a plain column in another order. */
const collated = /^(?:[\w"]+\s*\.\s*)?(?:\w+|"[^"]+")\s+collate\s+([\w".]+)$/i;

/** Every column that the expression names lies in this table. */
function isOwn(
  facts: StatementFacts,
  use: ColumnUse,
  reference: TableReference,
  table: CatalogTable,
): boolean {
  const names = new Set(table.columns.map(({ name }) => name));
  return facts.columns
    .filter(
      (other) => other.wrappedIn === use.wrappedIn && other.scope === use.scope,
    )
    .every((other) => other.table === reference.id && names.has(other.column));
}

function withoutQualifiers(
  text: string,
  use: ColumnUse,
  reference: TableReference,
): string {
  const names = [reference.alias, reference.name, use.qualifier].filter(
    (name) => name !== undefined,
  );
  const qualifiers = names.flatMap((name) => [
    name,
    quoteIdentifier(name),
    `"${name}"`,
  ]);
  let bare = text;
  for (const qualifier of new Set(qualifiers))
    bare = bare.replaceAll(
      new RegExp(
        String.raw`(?<![\w".'])${escapePattern(qualifier)}\s*\.\s*(?=[\w"])`,
        "gi",
      ),
      "",
    );
  return bare;
}

export interface KeyText {
  readonly text: string;
  readonly isExpression: boolean;
  readonly collation?: string;
}

/**
 * What an index key for this use says: the column, the column in another collation, or the expression
 * around it without the table's alias. Undefined where the expression cannot be a key of this table:
 * it names another table's column, a parameter, or a subquery.
 */
export function keyTextOf(
  facts: StatementFacts,
  use: ColumnUse,
  reference: TableReference,
  table: CatalogTable,
): KeyText | undefined {
  const text = use.wrappedIn;
  if (text === undefined) return { text: use.column, isExpression: false };
  const collation = collated.exec(text)?.[1];
  if (collation !== undefined)
    return { text: use.column, isExpression: false, collation };
  if (/\$\d|\bselect\b/i.test(text.replaceAll(literal, ""))) return undefined;
  if (!isOwn(facts, use, reference, table)) return undefined;
  const bare = withoutQualifiers(text, use, reference);
  const foreign = /[\w"]+\s*\.\s*[\w"]+\s*(?!\s*\()(?![\w"])/;
  return foreign.test(bare.replaceAll(literal, ""))
    ? undefined
    : { text: bare, isExpression: true };
}
