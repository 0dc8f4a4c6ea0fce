import { readOffsets } from "../../core/sql/offsets.ts";
import type { ParameterPlace } from "../../core/sql/parameter-places.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { readError, readPosition } from "./errors.ts";
import type { Session } from "./session.ts";

/** A statement as the server can prepare it. */
export interface Preparation {
  readonly prepare: string;
  /** Type OIDs by parameter; 0: the server infers it. */
  readonly types: readonly number[];
  /** Where `prepare` differs from the statement's text: offset in that, and by how much what follows is moved. */
  readonly shifts: readonly { readonly at: number; readonly by: number }[];
}

/** OIDs of pg_type that never change. */
const oid = {
  bool: 16,
  int4: 23,
  text: 25,
  float8: 701,
  int4Array: 1007,
  textArray: 1009,
  date: 1082,
  timestamptz: 1184,
  interval: 1186,
  numeric: 1700,
} as const;

/**
 * What an undecided expression is tried with: a type for its first parameter, one for the rest. Narrow numbers come
 * first, since a wider one on the other side would widen the column and hide it from its index.
 */
const guesses: readonly (readonly [number, number])[] = [
  [oid.int4, oid.int4],
  [oid.numeric, oid.numeric],
  [oid.text, oid.text],
  [oid.interval, oid.interval],
  [oid.date, oid.int4],
  [oid.timestamptz, oid.interval],
  [oid.date, oid.date],
  [oid.timestamptz, oid.timestamptz],
  [oid.float8, oid.float8],
  [oid.bool, oid.bool],
  [oid.textArray, oid.textArray],
  [oid.int4Array, oid.int4Array],
];

/** A statement that nothing helps is given up after so many tries of about a millisecond each. */
const mostTries = 150;

/** Ambiguous or missing function or operator, undecided or unfitting type. */
const typeTroubles = new Set([
  "42725",
  "42883",
  "42P18",
  "42P08",
  "42804",
  "42846",
]);
/** An expression that GROUP BY or SELECT DISTINCT does not hold, though written alike. */
const groupTroubles = new Set(["42803", "42P10"]);

/** True for errors that more knowledge of the parameters may heal. */
export const isParameterTrouble = (error: unknown): boolean => {
  const { code } = readError(error);
  return typeTroubles.has(code) || groupTroubles.has(code);
};

/** The server's refusal of the text, undefined when it takes it; rejects with what is no refusal. */
async function tryPreparing(
  session: Session,
  { prepare, types }: Preparation,
): Promise<unknown> {
  try {
    await session.send({ prepare, types, steps: [] });
    return undefined;
  } catch (error) {
    if (/^(?:0A|22|42)/.test(readError(error).code)) return error;
    throw error;
  }
}

/** How many values the statement takes: its highest `$n`. */
export function countParameters(statement: ParsedStatement): number {
  return statement.placeholders.reduce(
    (highest, { number }) => Math.max(highest, number),
    0,
  );
}

/** Every place of a parameter, the last in the text first, so that replacing one moves no other. */
export const placesFromEnd = (
  statement: ParsedStatement,
): readonly ParameterPlace[] =>
  (statement.facts.parameterPlaces ?? []).toSorted(
    (a, b) => (b.feeds[0] ?? 0) - (a.feeds[0] ?? 0),
  );

/** Puts what is known of a parameter in its place; what is left without use gets a type, or the server would ask for it. */
function uniteTwins(
  statement: ParsedStatement,
  { types }: Preparation,
): Preparation {
  const twins = new Map(
    statement.facts.parameterTwins?.map(({ number, as }) => [number, as]),
  );
  const united = [...types];
  for (const number of twins.keys()) united[number - 1] = oid.text;
  const shifts: Preparation["shifts"][number][] = [];
  let prepare = statement.sql;
  for (const { number, feeds } of placesFromEnd(statement)) {
    const as = twins.get(number);
    if (as === undefined) continue;
    const [at = 0] = feeds;
    const { length } = `$${number}`;
    prepare = prepare.slice(0, at) + as + prepare.slice(at + length);
    shifts.unshift({ at, by: as.length - length });
  }
  return { prepare, types: united, shifts };
}

/** An offset in the prepared text as one in the statement's. */
function offsetIn({ prepare, shifts }: Preparation, position: number): number {
  const sent = readOffsets(prepare).fromCodePoint(position);
  let moved = 0;
  for (const { at, by } of shifts) if (at + moved < sent) moved += by;
  return sent - moved;
}

interface Trial {
  readonly preparation: Preparation;
  readonly trouble: unknown;
}

/** Numbers of the parameters that the error at this offset is about, as they stand in the text. */
function concerned(
  statement: ParsedStatement,
  { preparation, trouble: error }: Trial,
): readonly number[] {
  const position = readPosition(error);
  const at = position === undefined ? -1 : offsetIn(preparation, position - 1);
  const places = statement.facts.parameterPlaces ?? [];
  const numbers = places
    .filter(({ feeds }) => feeds.includes(at))
    .map(({ number }) => number);
  if (numbers.length > 0)
    return [...new Set(numbers)].toSorted((a, b) => a - b);
  const named = /\$(\d+)/.exec(readError(error).message)?.[1];
  return named === undefined ? [] : [Number(named)];
}

/** Equal for errors of one kind at one place of the statement. */
const placeOf = ({ preparation, trouble }: Trial): string => {
  const { code, message } = readError(trouble);
  const position = readPosition(trouble);
  return position === undefined
    ? `${code} ${message}`
    : `${code} ${offsetIn(preparation, position - 1)}`;
};

function withTypes(
  preparation: Preparation,
  numbers: readonly number[],
  [first, rest]: readonly [number, number],
): Preparation {
  const guessed = [...preparation.types];
  numbers.forEach((number, at) => {
    guessed[number - 1] = at === 0 ? first : rest;
  });
  return { ...preparation, types: guessed };
}

/** What may heal the trouble, the likeliest first. */
function improve(
  statement: ParsedStatement,
  { preparation, trouble }: Trial,
): readonly Preparation[] {
  if (groupTroubles.has(readError(trouble).code))
    return [uniteTwins(statement, preparation)];
  if (!isParameterTrouble(trouble)) return [];
  const numbers = concerned(statement, { preparation, trouble });
  if (numbers.length === 0) return [];
  return guesses.map((guess) => withTypes(preparation, numbers, guess));
}

/**
 * Finds types under which the server prepares a statement that it refused because of its parameters: where an error
 * points, the parameters whose values go there are tried with one type after the other until the error goes, or goes
 * to a place where none was before. Undefined when nothing fits.
 */
async function searchPreparation(
  session: Session,
  statement: ParsedStatement,
): Promise<Preparation | undefined> {
  const seen = new Set<string>();
  let tries = 0;
  const step = async (from: Trial): Promise<Trial | undefined> => {
    seen.add(placeOf(from));
    for (const preparation of improve(statement, from)) {
      tries += 1;
      const trouble = await tryPreparing(session, preparation);
      const trial = { preparation, trouble };
      if (trouble === undefined || !seen.has(placeOf(trial))) return trial;
    }
    return undefined;
  };
  const plain = plainly(statement);
  let current: Trial | undefined = {
    preparation: plain,
    trouble: await tryPreparing(session, plain),
  };
  while (current?.trouble !== undefined)
    current = tries < mostTries ? await step(current) : undefined;
  return current?.preparation;
}

const plainly = (statement: ParsedStatement): Preparation => ({
  prepare: statement.sql,
  types: Array.from({ length: countParameters(statement) }, () => 0),
  shifts: [],
});

/** What each session has found, by text; undefined where nothing fits. */
const found = new WeakMap<Session, Map<string, Preparation | undefined>>();
const mostKept = 200;

function keep(
  session: Session,
  sql: string,
  preparation: Preparation | undefined,
): void {
  const kept = found.get(session) ?? new Map<string, Preparation | undefined>();
  if (kept.size >= mostKept) kept.clear();
  kept.set(sql, preparation);
  found.set(session, kept);
}

/** How this session last prepared the statement; as it is written when nothing else was needed yet. */
export const knownPreparation = (
  session: Session,
  statement: ParsedStatement,
): Preparation => found.get(session)?.get(statement.sql) ?? plainly(statement);

/** Searched once per session and text: planning with trial indexes asks again and again. Not within a transaction. */
export async function findPreparation(
  session: Session,
  statement: ParsedStatement,
): Promise<Preparation | undefined> {
  const kept = found.get(session);
  if (kept?.has(statement.sql) === true) return kept.get(statement.sql);
  const preparation = await searchPreparation(session, statement);
  keep(session, statement.sql, preparation);
  return preparation;
}
