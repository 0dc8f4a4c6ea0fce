import { quoteIdentifier } from "./render-ddl.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";

type Role = IndexKey["role"];

const reasons: Readonly<Record<Role, (names: string) => string>> = {
  equality: (names) =>
    `${names} compared for equality, so one descent finds the rows`,
  join: (names) =>
    `${names} joined on, so each outer row is looked up directly`,
  sort: (names) => `${names} in the asked order, so rows arrive sorted`,
  range: (names) => `${names} bounded by a range, read as one stretch`,
  group: (names) => `${names} grouped, so groups arrive together`,
  containment: (names) => `${names} searched for what it contains`,
  textSearch: (names) => `${names} searched as full text`,
  prefix: (names) =>
    `${names} matched by its beginning, which text order finds`,
};

function joinNames(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2
    ? last
    : `${names.slice(0, -1).join(", ")} and ${last}`;
}

const nameOf = (key: IndexKey): string => {
  const text = key.isExpression ? key.text : quoteIdentifier(key.text);
  return key.descending ? `${text} DESC` : text;
};

function groupByRole(
  keys: readonly IndexKey[],
): readonly { role: Role; names: string[] }[] {
  const groups: { role: Role; names: string[] }[] = [];
  for (const key of keys) {
    const last = groups.at(-1);
    if (last?.role === key.role) last.names.push(nameOf(key));
    else groups.push({ role: key.role, names: [nameOf(key)] });
  }
  return groups;
}

/** Why the columns stand in this order, one sentence of plain English. */
export function explainOrder(index: IndexDefinition): string {
  const parts = groupByRole(index.keys).map((group, at) => {
    const text = reasons[group.role](joinNames(group.names));
    return at === 0 ? text : `then ${text}`;
  });
  if (index.included.length > 0) {
    const names = joinNames(index.included.map(quoteIdentifier));
    parts.push(`with ${names} carried along, so the table need not be visited`);
  }
  if (index.predicate !== undefined)
    parts.push(`holding only rows where ${index.predicate}`);
  return `${parts.join("; ")}.`;
}
