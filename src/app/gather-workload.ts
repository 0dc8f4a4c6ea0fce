import type { SqlParser } from "../core/sql/parse.ts";
import type { ParsedStatement, StatementVerb } from "../core/sql/statement.ts";

/** A statement as it was found; `place` is the front end's own. */
export interface FoundStatement<Place> {
  readonly name: string;
  readonly text: string;
  /** Undefined for one of a file, whose calls nobody counted. */
  readonly calls: number | undefined;
  readonly place: Place;
}

/** A statement of the workload; its name is nobody else's. */
export interface GatheredStatement<Place> {
  readonly name: string;
  readonly text: string;
  readonly weight: number;
  readonly place: Place;
}

/** What an index could make cheaper; everything else of a script is no query. */
const queryVerbs: ReadonlySet<StatementVerb> = new Set([
  "select",
  "values",
  "insert",
  "update",
  "delete",
  "merge",
] as const);

interface Read<Place> extends FoundStatement<Place> {
  /** Undefined where the text cannot be read: the search says why. */
  readonly parsed: ParsedStatement | undefined;
}

/** Undefined for what is no query. */
function read<Place>(
  parser: SqlParser,
  found: FoundStatement<Place>,
): Read<Place> | undefined {
  const parsed = parser.parse(found.text);
  if (parsed.ok)
    return queryVerbs.has(parsed.value.verb)
      ? { ...found, parsed: parsed.value }
      : undefined;
  const { kind } = parsed.error;
  return kind === "empty" || kind === "metaCommand" || kind === "notExplainable"
    ? undefined
    : { ...found, parsed: undefined };
}

/** Names an advice can be matched by: a second one of a name gets a number. */
function uniquely(): (name: string) => string {
  const uses = new Map<string, number>();
  return (name) => {
    const count = (uses.get(name) ?? 0) + 1;
    uses.set(name, count);
    return count === 1 ? name : `${name} (${String(count)})`;
  };
}

/** How often each query was counted, and in how many places of the files it stands, by fingerprint. */
interface Tallies {
  readonly calls: ReadonlyMap<string, number>;
  readonly places: ReadonlyMap<string, number>;
}

function tally<Place>(queries: readonly Read<Place>[]): Tallies {
  const calls = new Map<string, number>();
  const places = new Map<string, number>();
  for (const { parsed, calls: counted } of queries) {
    if (parsed === undefined) continue;
    const { fingerprint } = parsed;
    const tallied = counted === undefined ? places : calls;
    tallied.set(fingerprint, (tallied.get(fingerprint) ?? 0) + (counted ?? 1));
  }
  return { calls, places };
}

/** Undefined for a query of the server that a file holds too: it stands there. */
function weightOf<Place>(
  { parsed, calls: counted }: Read<Place>,
  { calls, places }: Tallies,
): number | undefined {
  const fingerprint = parsed?.fingerprint ?? "";
  const inFiles = places.get(fingerprint) ?? 0;
  if (counted !== undefined) return inFiles > 0 ? undefined : counted;
  const known = calls.get(fingerprint);
  return known === undefined ? 1 : known / Math.max(inFiles, 1);
}

/**
 * The queries to find indexes for. One that a file holds and the server has counted stands once, under the file's
 * name, with the server's calls (shared out where several places of the files hold it); one that nobody counted weighs 1.
 */
export function gatherWorkload<Place>(
  parser: SqlParser,
  found: readonly FoundStatement<Place>[],
): readonly GatheredStatement<Place>[] {
  const queries = found.flatMap((one) => read(parser, one) ?? []);
  const tallies = tally(queries);
  const nameFor = uniquely();
  return queries.flatMap((query) => {
    const weight = weightOf(query, tallies);
    const { name, text, place } = query;
    return weight === undefined
      ? []
      : [{ name: nameFor(name), text, weight, place }];
  });
}
