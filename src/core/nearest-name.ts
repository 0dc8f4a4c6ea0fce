type Row = readonly number[];

/** The next row of the table of errors: `row` letters of `one` against every beginning of `other`. */
function nextRow(
  [one, other]: readonly [string, string],
  row: number,
  [beforeLast, last]: readonly [Row, Row],
): Row {
  const current = [row];
  const entry = (from: Row, at: number): number => from[at] ?? Infinity;
  for (let at = 1; at <= other.length; at += 1) {
    const isSame = one[row - 1] === other[at - 1];
    const isSwapped =
      one[row - 1] === other[at - 2] && one[row - 2] === other[at - 1];
    current[at] = Math.min(
      entry(last, at) + 1,
      entry(current, at - 1) + 1,
      entry(last, at - 1) + (isSame ? 0 : 1),
      isSwapped ? entry(beforeLast, at - 2) + 1 : Infinity,
    );
  }
  return current;
}

/** Typing errors between two names: letters left out, added, changed, or two swapped (optimal string alignment). */
function countErrors(one: string, other: string): number {
  let beforeLast: Row = [];
  let last: Row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let row = 1; row <= one.length; row += 1) {
    const current = nextRow([one, other], row, [beforeLast, last]);
    beforeLast = last;
    last = current;
  }
  return last[other.length] ?? 0;
}

/** The known name that was probably meant, letter case aside; undefined when none is near. The first of equals. */
export function nearestName(
  name: string,
  known: readonly string[],
): string | undefined {
  const asked = name.toLowerCase();
  const ranked = known
    .map((one) => {
      const other = one.toLowerCase();
      const isPart =
        asked.length > 1 &&
        (other.startsWith(asked) || asked.startsWith(other));
      const errors = isPart ? 1 : countErrors(asked, other);
      return { one, errors };
    })
    .toSorted((a, b) => a.errors - b.errors);
  const [best] = ranked;
  return best !== undefined && best.errors <= Math.max(1, asked.length / 3)
    ? best.one
    : undefined;
}
