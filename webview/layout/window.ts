export interface RowWindow {
  readonly first: number;
  /** One past the last row to draw. */
  readonly end: number;
}

// A few rows more than fit, so that a short scroll finds them already drawn.
const overscan = 6;

/** Rows to draw for a scroll position; heights in CSS pixels. */
export function rowWindow(
  scrollTop: number,
  viewHeight: number,
  rowHeight: number,
  count: number,
): RowWindow {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - overscan);
  const fit = Math.ceil(viewHeight / rowHeight) + 2 * overscan;
  return { first: Math.min(first, count), end: Math.min(count, first + fit) };
}
