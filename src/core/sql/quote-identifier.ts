import { quotedKeywords } from "./quoted-keywords.ts";

const plainIdentifier = /^[a-z_][a-z0-9_]*$/;

/** An identifier in quotes, which every version reads alike, whatever its keywords. */
export const quoteAlways = (name: string): string =>
  `"${name.replaceAll('"', '""')}"`;

/** An identifier as SQL text, quoted only where PostgreSQL's quote_ident would. */
export function quoteIdentifier(name: string): string {
  return plainIdentifier.test(name) && !quotedKeywords.has(name)
    ? name
    : quoteAlways(name);
}
