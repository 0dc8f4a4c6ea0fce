import type { CatalogTable } from "../../catalog.ts";
import { quoteIdentifier } from "../../sql/quote-identifier.ts";
import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import type { ReadIndex, ReadKey } from "./read-index.ts";

const knownMethods = ["btree", "gin", "gist", "brin", "hash"] as const;

/** A key as DDL is rendered from it; a collation goes with the expression, which stays a plain column to the server. */
function toKey(key: ReadKey): IndexKey {
  const usual = key.nullsFirst === key.descending;
  const nulls = key.nullsFirst ? "first" : "last";
  const shared = {
    descending: key.descending,
    nulls: usual ? undefined : nulls,
    operatorClass: key.operatorClass,
    role: "equality",
  } as const;
  const { collation, text } = key;
  if (collation === undefined)
    return { ...shared, text, isExpression: key.isExpression };
  const subject = key.isExpression ? `(${text})` : quoteIdentifier(text);
  return {
    ...shared,
    text: `${subject} COLLATE ${quoteIdentifier(collation)}`,
    isExpression: true,
  };
}

/** As trials take it; undefined for a method that none of them knows. */
export function toDefinition(
  index: ReadIndex,
  table: Pick<CatalogTable, "schema" | "name">,
): IndexDefinition | undefined {
  const method = knownMethods.find((known) => known === index.method);
  if (method === undefined) return undefined;
  return {
    schema: table.schema,
    table: table.name,
    method,
    keys: index.keys.map(toKey),
    included: index.included,
    predicate: index.predicate,
  };
}
