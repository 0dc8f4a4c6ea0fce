/** A value of a PostgreSQL array as text; null is NULL. */
export type ArrayItem = string | null;

/**
 * The items of a one-dimensional array in PostgreSQL's text form, `{a,"b,c",NULL}`; undefined when it is not one.
 * Items that are arrays or rows themselves stay text.
 */
export function parseArray(text: string): readonly ArrayItem[] | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  const items: ArrayItem[] = [];
  const item = /\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^,{}"\\]|\\.)*?))\s*([,}])/gsu;
  item.lastIndex = 1;
  if (text === "{}") return [];
  for (;;) {
    const found = item.exec(text);
    if (found === null) return undefined;
    const [, quoted, plain = "", end] = found;
    const unescaped = (quoted ?? plain).replace(/\\(.)/gsu, "$1");
    items.push(
      quoted === undefined && /^null$/i.test(plain) ? null : unescaped,
    );
    if (end === "}") return item.lastIndex === text.length ? items : undefined;
  }
}

const quoteItem = (item: ArrayItem): string =>
  item === null ? "NULL" : `"${item.replace(/["\\]/g, "\\$&")}"`;

/** The array as PostgreSQL reads it back. */
export const renderArray = (items: readonly ArrayItem[]): string =>
  `{${items.map(quoteItem).join(",")}}`;
