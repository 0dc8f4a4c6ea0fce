import { findPlaceholders } from "./find-placeholders.ts";
import type { Reading, Rewording } from "./find-placeholders.ts";
import { isExtractField, rewordExtract } from "./fit-placeholder.ts";
import type { Found } from "./fit-placeholder.ts";
import { readTokens } from "./lexer.ts";
import type { Placeholder } from "./statement.ts";

/** A text whose placeholders are `$n`, with the way back to what was written. */
export interface ReplacedText {
  readonly sql: string;
  readonly placeholders: readonly Placeholder[];
  readonly toOriginal: (offset: number) => number;
}

/** Numbers in order of first appearance, above every `$n` the text wrote itself. */
function createNumbering(places: readonly Found[]): (place: Found) => number {
  const numbers = places.map((place) => place.fixedNumber ?? 0);
  let next = 1 + numbers.reduce((a, b) => Math.max(a, b), 0);
  const byKey = new Map<string, number>();
  return (place) => {
    if (place.fixedNumber !== undefined) return place.fixedNumber;
    const known = place.key === undefined ? undefined : byKey.get(place.key);
    if (known !== undefined) return known;
    const number = next;
    next += 1;
    if (place.key !== undefined) byKey.set(place.key, number);
    return number;
  };
}

/** The last of some sorted places at or before an offset; a list of tens of thousands of parameters asks for each. */
function lastUpTo<Place extends { readonly at: number }>(
  places: readonly Place[],
  offset: number,
): Place | undefined {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle]?.at ?? Infinity) <= offset) low = middle + 1;
    else high = middle;
  }
  return places[low - 1];
}

function applyEdits(
  text: string,
  edits: readonly Rewording[],
): Pick<ReplacedText, "sql" | "toOriginal"> {
  const pieces: string[] = [];
  const segments: { readonly at: number; readonly edit: Rewording }[] = [];
  let copied = 0;
  let length = 0;
  for (const edit of edits) {
    const kept = text.slice(copied, edit.span.start);
    pieces.push(kept, edit.replacement);
    length += kept.length;
    segments.push({ at: length, edit });
    length += edit.replacement.length;
    copied = edit.span.end;
  }
  const toOriginal = (offset: number): number => {
    const segment = lastUpTo(segments, offset);
    if (!segment) return offset;
    const { span, replacement } = segment.edit;
    const beyond = offset - segment.at - replacement.length;
    // Inside a replacement the only known place is the placeholder itself.
    return beyond >= 0 ? span.end + beyond : span.start;
  };
  return { sql: [...pieces, text.slice(copied)].join(""), toOriginal };
}

/** The other calls of `extract`, in their place between what was read. */
function withExtracts(
  text: string,
  readings: readonly Reading[],
): readonly Reading[] {
  const taken = new Set(
    readings.map((reading) =>
      "around" in reading ? reading.replaced.start : reading.span.start,
    ),
  );
  const extracts = [...readTokens(text)].flatMap((token) =>
    token.kind === "word" && !taken.has(token.start)
      ? (rewordExtract(text, token.start) ?? [])
      : [],
  );
  return [...readings, ...extracts].toSorted(
    (a, b) => a.span.start - b.span.start,
  );
}

/**
 * Replaces placeholders of every form by `$n`: one number per name, one per
 * occurrence of `?` and `%s`. Strings, comments and casts are left alone. With
 * `questionMarks` false every `?` stays the operator it may be.
 */
export function replacePlaceholders(
  text: string,
  options: { readonly questionMarks: boolean },
): ReplacedText & { readonly hasQuestionMarks: boolean } {
  const scan = findPlaceholders(text, options.questionMarks);
  const places = scan.readings.filter((reading) => "around" in reading);
  const readings = places.some(isExtractField)
    ? withExtracts(text, scan.readings)
    : scan.readings;
  const numberOf = createNumbering(places);
  const placeholders: Placeholder[] = [];
  const edits = readings.map((reading): Rewording => {
    if (!("around" in reading)) return reading;
    const number = numberOf(reading);
    const { span, around } = reading;
    const written = text.slice(span.start, span.end);
    placeholders.push({ number, written, span });
    return {
      span: reading.replaced,
      replacement: `${around.before}$${number}${around.after}`,
    };
  });
  return {
    ...applyEdits(text, edits),
    placeholders,
    hasQuestionMarks: scan.hasQuestionMarks,
  };
}
