import { phrase, words, type Text } from "../words.ts";

/** By the first word of an object's name in a bundle; what follows is a name in SQL. */
const kinds: Readonly<Record<string, string>> = words({
  schema: "schema {0}",
  type: "type {0}",
  domain: "domain {0}",
  sequence: "sequence {0}",
  function: "function {0}",
  table: "table {0}",
  constraint: "constraint {0}",
  inheritance: "inheritance {0}",
  index: "index {0}",
  default: "default of {0}",
  view: "view {0}",
  statistics: "statistics {0}",
});

/** `table public.orders`, to be said in the reader's language; what is named otherwise stays as it is. */
export function nameObject(what: string): Text {
  const [, kind = "", name = ""] = /^(\w+) (.+)$/su.exec(what) ?? [];
  const template = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  return template === undefined ? what : phrase(template, name);
}
