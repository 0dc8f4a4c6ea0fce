import type { ParsedStatement, Placeholder } from "../../core/sql/statement.ts";
import { readError, readPosition } from "./errors.ts";
import type { Session } from "./session.ts";
import {
  placeInStatement,
  replaceParameters,
  type ShiftedText,
} from "./shifted-text.ts";

/** A statement as the server can prepare it. */
export interface Preparation {
  readonly text: ShiftedText;
  /** Type OIDs by parameter; 0: the server infers it. */
  readonly types: readonly number[];
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
  { text, types }: Preparation,
): Promise<unknown> {
  try {
    await session.send({ prepare: text.text, types, steps: [] });
    return undefined;
  } catch (error) {
    if (/^(?:0A|22|42)/.test(readError(error).code)) return error;
    throw error;
  }
}

/** How many values the statement takes: its highest `$n`. */
export function countParameters(statement: {
  readonly placeholders: readonly Pick<Placeholder, "number">[];
}): number {
  return statement.placeholders.reduce(
    (highest, { number }) => Math.max(highest, number),
    0,
  );
}

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
  const text = replaceParameters(statement, ({ number }) => twins.get(number));
  return { text, types: united };
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
  const at =
    position === undefined
      ? -1
      : placeInStatement(preparation.text, position - 1);
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
    : `${code} ${placeInStatement(preparation.text, position - 1)}`;
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
  text: { text: statement.sql, shifts: [] },
  types: Array.from({ length: countParameters(statement) }, () => 0),
});

interface Found {
  /** Undefined where nothing fits. */
  readonly preparation: Preparation | undefined;
  readonly foundAt: number;
}

/** What each session has found, by text. */
const found = new WeakMap<Session, Map<string, Found>>();
const mostKept = 200;
/** Columns and functions change, and with them what fits: what nobody refuses may still be a worse guess than before. */
const keptMs = 60_000;

function keep(
  session: Session,
  sql: string,
  preparation: Preparation | undefined,
): void {
  const kept = found.get(session) ?? new Map<string, Found>();
  if (kept.size >= mostKept) kept.clear();
  kept.set(sql, { preparation, foundAt: performance.now() });
  found.set(session, kept);
}

function recall(session: Session, { sql }: ParsedStatement): Found | undefined {
  const kept = found.get(session)?.get(sql);
  const isFresh =
    kept !== undefined && performance.now() - kept.foundAt < keptMs;
  return isFresh ? kept : undefined;
}

/** How this session last prepared the statement; as it is written when nothing else was needed yet. */
export const knownPreparation = (
  session: Session,
  statement: ParsedStatement,
): Preparation => recall(session, statement)?.preparation ?? plainly(statement);

/** What was found may not fit any more: it is searched for anew. That nothing fits stays known for its time. */
export function forgetFound(
  session: Session,
  statement: ParsedStatement,
): void {
  if (recall(session, statement)?.preparation !== undefined)
    found.get(session)?.delete(statement.sql);
}

/**
 * Searched once per session and text, and again after a minute: planning with trial indexes asks again and again.
 * Not within a transaction.
 */
export async function findPreparation(
  session: Session,
  statement: ParsedStatement,
): Promise<Preparation | undefined> {
  const kept = recall(session, statement);
  if (kept !== undefined) return kept.preparation;
  const preparation = await searchPreparation(session, statement);
  keep(session, statement.sql, preparation);
  return preparation;
}
