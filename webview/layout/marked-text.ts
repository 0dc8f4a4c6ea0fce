import type { TextSpan } from "../../src/core/text-span.ts";
import type { SqlToken, SqlTokenKind } from "./sql-tokens.ts";

export interface TextMark {
  readonly span: TextSpan;
  readonly kind: "condition" | "table";
}

/** A run of text with one look. */
export interface TextPiece {
  readonly text: string;
  readonly token: SqlTokenKind | undefined;
  readonly mark: TextMark["kind"] | undefined;
}

/** Cuts `span` of the text at every border of a token or mark; the pieces joined give the text again. */
export function cutText(
  text: string,
  span: TextSpan,
  tokens: readonly SqlToken[],
  marks: readonly TextMark[],
): readonly TextPiece[] {
  const inside = tokens.filter((token) => overlaps(token.span, span));
  const marked = marks.filter((mark) => overlaps(mark.span, span));
  const borders = new Set([span.start, span.end]);
  for (const { span: part } of [...inside, ...marked]) {
    borders.add(Math.max(part.start, span.start));
    borders.add(Math.min(part.end, span.end));
  }
  const sorted = [...borders].sort((a, b) => a - b);
  const pieces = sorted.slice(0, -1).map((start, at) => {
    const end = sorted[at + 1] ?? span.end;
    const piece = { start, end };
    return {
      text: text.slice(start, end),
      token: inside.find((token) => overlaps(token.span, piece))?.kind,
      mark: markAt(marked, piece),
    };
  });
  return joinMarked(pieces);
}

/** One mark is one frame: colours of tokens are dropped inside it. */
function joinMarked(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const joined: TextPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.mark === undefined || last?.mark !== piece.mark) {
      joined.push(
        piece.mark === undefined ? piece : { ...piece, token: undefined },
      );
    } else {
      joined[joined.length - 1] = { ...last, text: last.text + piece.text };
    }
  }
  return joined;
}

/** A condition outranks the table inside it. */
function markAt(
  marks: readonly TextMark[],
  piece: TextSpan,
): TextMark["kind"] | undefined {
  const hits = marks.filter((mark) => overlaps(mark.span, piece));
  return hits.find((mark) => mark.kind === "condition")?.kind ?? hits[0]?.kind;
}

export function overlaps(a: TextSpan, b: TextSpan): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Spans of the lines, without their line ends. */
export function lineSpans(text: string): readonly TextSpan[] {
  const spans: TextSpan[] = [];
  let start = 0;
  for (const line of text.split("\n")) {
    const length = line.endsWith("\r") ? line.length - 1 : line.length;
    spans.push({ start, end: start + length });
    start += line.length + 1;
  }
  return spans;
}
