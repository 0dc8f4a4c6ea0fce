import { listed, phrase, words, type Phrase } from "../words.ts";
import { quoteIdentifier } from "../sql/quote-identifier.ts";
import type { IndexDefinition, IndexKey } from "./suggestion.ts";

/** What a key is there for: its role, or only to be checked behind a key that ends the descent. */
type Reason = IndexKey["role"] | "checked";

/** `{0}` stands for the columns. */
const reasons: Readonly<Record<Reason, string>> = words({
  equality: "{0} compared for equality, so one descent finds the rows",
  join: "{0} joined on, so each outer row is looked up directly",
  sort: "{0} in the asked order, so rows arrive sorted",
  range: "{0} bounded by a range, read as one stretch",
  group: "{0} grouped, so groups arrive together",
  containment: "{0} searched for what it contains",
  textSearch: "{0} searched as full text",
  prefix: "{0} matched by its beginning, which text order finds",
  pattern:
    "{0} searched for a part of its text, found by its groups of three letters",
  nearest: "{0} read from the nearest on",
  checked: "{0} checked within the index, so only rows that match are fetched",
  any: "{0} as a small key, since the condition of the index alone finds the rows",
});

const nameOf = (key: IndexKey): string => {
  const text = key.isExpression ? key.text : quoteIdentifier(key.text);
  return key.descending ? `${text} DESC` : text;
};

/** Rows of a B-tree that lie in a range or in an order hold all values of the keys behind. */
const spreads: ReadonlySet<Reason> = new Set([
  "range",
  "prefix",
  "sort",
  "group",
]);

/** What finds rows by a descent, unless a key before it spreads them. */
const descends: ReadonlySet<Reason> = new Set([
  "equality",
  "join",
  "range",
  "prefix",
]);

function reasonsOf({ method, keys }: IndexDefinition): readonly Reason[] {
  const spread =
    method === "btree" ? keys.findIndex(({ role }) => spreads.has(role)) : -1;
  return keys.map(({ role }, at) =>
    spread >= 0 && at > spread && descends.has(role) ? "checked" : role,
  );
}

function groupByReason(
  index: IndexDefinition,
): readonly { reason: Reason; names: string[] }[] {
  const asked = reasonsOf(index);
  const groups: { reason: Reason; names: string[] }[] = [];
  index.keys.forEach((key, at) => {
    const reason = asked[at] ?? key.role;
    const last = groups.at(-1);
    if (last?.reason === reason) last.names.push(nameOf(key));
    else groups.push({ reason, names: [nameOf(key)] });
  });
  return groups;
}

/** What a block range index does, whatever its keys are compared for. */
const blockRanges = words(
  "{0} follows the table's own order, so stretches of the table without a match are passed over",
);

function explainParts(index: IndexDefinition): readonly Phrase[] {
  if (index.method === "brin")
    return [phrase(blockRanges, listed(index.keys.map(nameOf)))];
  const parts = groupByReason(index).map((group, at) => {
    const text = phrase(reasons[group.reason], listed(group.names));
    return at === 0 ? text : phrase("then {0}", text);
  });
  if (index.included.length > 0) {
    const names = listed(index.included.map(quoteIdentifier));
    parts.push(
      phrase("with {0} carried along, so the table need not be visited", names),
    );
  }
  if (index.predicate !== undefined)
    parts.push(phrase("holding only rows where {0}", index.predicate));
  return parts;
}

/** Why the columns stand in this order, one sentence. */
export function explainOrder(index: IndexDefinition): Phrase {
  const [first = phrase(""), ...others] = explainParts(index);
  return phrase(
    "{0}.",
    others.reduce((said, part) => phrase("{0}; {1}", said, part), first),
  );
}
