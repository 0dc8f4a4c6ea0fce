import { readOffsets } from "../../core/sql/offsets.ts";
import type { ParameterPlace } from "../../core/sql/parameter-places.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";

/** A statement's text with something else in the place of some of its parameters. Offsets are UTF-16 units. */
export interface ShiftedText {
  readonly text: string;
  /** In the order of the text. */
  readonly shifts: readonly {
    /** Where the parameter stands in the statement's own text. */
    readonly at: number;
    /** Of what stands in its place. */
    readonly length: number;
    /** By how much what follows is moved. */
    readonly by: number;
  }[];
}

/** Every place of a parameter, the last in the text first, so that replacing one moves no other. */
const placesFromEnd = (statement: ParsedStatement): readonly ParameterPlace[] =>
  (statement.facts.parameterPlaces ?? []).toSorted(
    (a, b) => (b.feeds[0] ?? 0) - (a.feeds[0] ?? 0),
  );

/** Puts what `insteadOf` answers in the place of each parameter; undefined leaves it as it is. */
export function replaceParameters(
  statement: ParsedStatement,
  insteadOf: (place: ParameterPlace) => string | undefined,
): ShiftedText {
  let text = statement.sql;
  const shifts: ShiftedText["shifts"][number][] = [];
  for (const place of placesFromEnd(statement)) {
    const other = insteadOf(place);
    if (other === undefined) continue;
    const [at = 0] = place.feeds;
    const written = `$${place.number}`.length;
    text = text.slice(0, at) + other + text.slice(at + written);
    const { length } = other;
    shifts.unshift({ at, length, by: length - written });
  }
  return { text, shifts };
}

/**
 * The offset in the statement's own text of a character of the shifted one, counted in code points as the server
 * does; what stands in a parameter's place is where the parameter is.
 */
export function placeInStatement(
  { text, shifts }: ShiftedText,
  character: number,
): number {
  const sent = readOffsets(text).fromCodePoint(character);
  let moved = 0;
  for (const { at, length, by } of shifts) {
    const from = at + moved;
    if (sent < from) break;
    if (sent < from + length) return at;
    moved += by;
  }
  return sent - moved;
}
