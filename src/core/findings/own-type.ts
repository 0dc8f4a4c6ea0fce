import type { DeparsedComparison } from "./conjuncts.ts";

/** The largest number of each type; bigint's as far as double precision tells numbers apart. */
const largest: Readonly<Record<string, number>> = {
  smallint: 2 ** 15 - 1,
  integer: 2 ** 31 - 1,
  bigint: Number.MAX_SAFE_INTEGER,
};

/** `77.0`, `'-77'::numeric`, `'77'::double precision` */
const integral =
  /^(?:(\d{1,16})(?:\.0*)?|'(-?\d{1,16})(?:\.0*)?'::(numeric|double precision|bigint|integer))$/u;

function fitsNumber(type: string, right: string): boolean {
  const [, plain, quoted, castTo] = integral.exec(right) ?? [];
  const most = largest[type];
  const text = plain ?? quoted;
  if (text === undefined || most === undefined) return false;
  // As double precision, large numbers of a bigint column are equal to their neighbours.
  const isRounded = type === "bigint" && castTo === "double precision";
  return !isRounded && Math.abs(Number(text)) <= most;
}

/** character(n) cuts what is longer and takes blanks at the end for none. */
function fitsText(
  length: number,
  { operator, right }: DeparsedComparison,
): boolean {
  const text = /^'((?:[^'\\]|'')*)'::text$/u.exec(right)?.[1];
  if (text === undefined || operator !== "=" || text.endsWith(" "))
    return false;
  return Array.from(text.replaceAll("''", "'")).length <= length;
}

/** Whether the other side of a comparison may have the column's own type instead, with the same rows for an answer. */
export function fitsOwnType(
  type: string,
  comparison: DeparsedComparison,
): boolean {
  const length = /^character\((\d+)\)$/u.exec(type)?.[1];
  return length === undefined
    ? fitsNumber(type, comparison.right)
    : fitsText(Number(length), comparison);
}
