import type { CatalogTable } from "../catalog.ts";
import { readTokens } from "../sql/lexer.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";

/** Types beside which PostgreSQL reads a whole number as one of theirs, and what it becomes. */
const widerTypes: readonly (readonly [RegExp, string])[] = [
  [/^(?:double precision|real)$/, "double precision"],
  [/^numeric\b/, "numeric"],
];

/** What whole numbers in the expression become by the table's columns in it; undefined where they stay as they are. */
function widerTypeIn(text: string, table: CatalogTable): string | undefined {
  const types = table.columns
    .filter(({ name }) => text.includes(name))
    .map(({ type }) => type);
  return widerTypes.find(([pattern]) =>
    types.some((type) => pattern.test(type)),
  )?.[1];
}

/** A sign belongs to the number where no operand stands before it. */
const endsOperand = /[\w"')\]]$/;

function withTypedNumbers(text: string, type: string): string {
  let typed = "";
  for (const { kind, start, end } of readTokens(text)) {
    const token = text.slice(start, end);
    if (kind !== "number" || !/^\d+$/.test(token)) {
      typed += token;
      continue;
    }
    const before = typed.trimEnd();
    const rest = before.slice(0, -1).trimEnd();
    const isSigned = before.endsWith("-") && !endsOperand.test(rest);
    typed = isSigned
      ? `${rest} '-${token}'::${type}`
      : `${typed}'${token}'::${type}`;
  }
  return typed;
}

/** format_type's names of PostgreSQL's own types; others may be domains. */
const ownTypes =
  /^(?:"char"|bigint|bit|boolean|box|bytea|character|cidr|circle|date|double|inet|int|interval|json|line|lseg|macaddr|money|name|num|oid|path|pg_|point|polygon|real|reg|smallint|text|time|ts|uuid|xml)/;

/** A domain is most often one of texts, and where it is none the server refuses the form. */
function withDomainsAsText(text: string, table: CatalogTable): string {
  const domains = new Set(
    table.columns
      .filter(({ type }) => !ownTypes.test(type))
      .map(({ name }) => name),
  );
  if (domains.size === 0) return text;
  return readTokens(text)
    .map(({ start, end }) => text.slice(start, end))
    .map((token) =>
      domains.has(token.replaceAll(/^"|"$/g, "")) ? `(${token})::text` : token,
    )
    .join("");
}

function foldedKey(key: IndexKey, table: CatalogTable): IndexKey {
  if (!key.isExpression) return key;
  const type = widerTypeIn(key.text, table);
  const text = withDomainsAsText(key.text, table);
  return {
    ...key,
    text: type === undefined ? text : withTypedNumbers(text, type),
  };
}

/**
 * The index with its expressions as the planner has them in the statement: `amount * 2` of a numeric amount is
 * planned as `amount * '2'::numeric`, and `lower(mail)` of a domain as `lower(mail::text)`. A real index is folded
 * likewise when it is read; HypoPG leaves its expressions as they are written, so it needs this form to be recognized.
 * Undefined where it is the same.
 */
export function foldedForm(
  index: IndexDefinition,
  table: CatalogTable,
): IndexDefinition | undefined {
  const keys = index.keys.map((key) => foldedKey(key, table));
  const isSame = keys.every((key, at) => key.text === index.keys[at]?.text);
  return isSame ? undefined : { ...index, keys };
}
