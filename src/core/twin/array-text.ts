/** A value of a PostgreSQL array as text; null is NULL. */
export type ArrayItem = string | null;

const itemPattern =
  /\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^,{}"\\]|\\.)*?))\s*([,}])/gsu;

function readItem(quoted: string | undefined, plain: string): ArrayItem {
  if (quoted === undefined && /^null$/i.test(plain)) return null;
  return (quoted ?? plain).replace(/\\(.)/gsu, "$1");
}

/**
 * The items of a one-dimensional array in PostgreSQL's text form, `{a,"b,c",NULL}`; undefined when it is not one.
 * Items that are arrays or rows themselves stay text.
 */
export function parseArray(text: string): readonly ArrayItem[] | undefined {
  if (text === "{}") return [];
  if (!text.startsWith("{")) return undefined;
  const items: ArrayItem[] = [];
  let at = 1;
  while (at < text.length) {
    itemPattern.lastIndex = at;
    const found = itemPattern.exec(text);
    if (found?.index !== at) return undefined;
    items.push(readItem(found[1], found[2] ?? ""));
    at = itemPattern.lastIndex;
  }
  return text.endsWith("}") ? items : undefined;
}

const quoteItem = (item: ArrayItem): string =>
  item === null ? "NULL" : `"${item.replace(/["\\]/g, "\\$&")}"`;

/** The array as PostgreSQL reads it back. */
export const renderArray = (items: readonly ArrayItem[]): string =>
  `{${items.map(quoteItem).join(",")}}`;
