import { rowWindow } from "../layout/window.ts";

export interface VirtualListOptions {
  /** The scrolling element; rows are drawn into a child of it. */
  readonly scroller: HTMLElement;
  /** Element that holds the rows, given the height of all of them. */
  readonly holder: HTMLElement;
  readonly count: () => number;
  /** CSS pixels. */
  readonly rowHeight: () => number;
  /** Pixels above the first row that scroll along or stick, such as a head. */
  readonly headHeight: number;
  readonly draw: (at: number) => HTMLElement;
  /** A row that stays drawn wherever the list is scrolled, so that focus is never lost. */
  readonly pinned: () => number | undefined;
}

export interface VirtualList {
  /** Draws every row anew. */
  readonly redraw: () => void;
  readonly elementAt: (at: number) => HTMLElement | undefined;
  readonly scrollTo: (at: number) => void;
  /** Rows that fit between the borders. */
  readonly pageSize: () => number;
}

/** Only rows near the visible part exist as elements; the holder has the height of all. */
export function virtualList(options: VirtualListOptions): VirtualList {
  const { scroller, holder } = options;
  const drawn = new Map<number, HTMLElement>();

  const place = (at: number): HTMLElement => {
    const row = options.draw(at);
    row.style.setProperty("top", `${at * options.rowHeight()}px`);
    drawn.set(at, row);
    return row;
  };
  const fill = (): void => {
    const keep = wantedRows(options);
    for (const [at, row] of drawn) {
      if (keep.has(at)) continue;
      row.remove();
      drawn.delete(at);
    }
    const fresh = [...keep].filter((at) => !drawn.has(at)).map(place);
    if (fresh.length > 0) holder.append(...fresh);
  };
  const redraw = (): void => {
    holder.style.setProperty(
      "height",
      `${options.count() * options.rowHeight()}px`,
    );
    drawn.clear();
    holder.replaceChildren();
    fill();
  };
  scroller.addEventListener("scroll", fill, { passive: true });
  new ResizeObserver(fill).observe(scroller);
  return {
    redraw,
    elementAt: (at) => drawn.get(at),
    scrollTo: (at) => {
      scrollIntoView(options, at);
      fill();
    },
    pageSize: () => pageSize(options),
  };
}

function wantedRows(options: VirtualListOptions): ReadonlySet<number> {
  const { scroller } = options;
  const window = rowWindow(
    scroller.scrollTop,
    scroller.clientHeight - options.headHeight,
    options.rowHeight(),
    options.count(),
  );
  const rows = new Set<number>();
  for (let at = window.first; at < window.end; at += 1) rows.add(at);
  const pinned = options.pinned();
  if (pinned !== undefined && pinned < options.count()) rows.add(pinned);
  return rows;
}

function pageSize(options: VirtualListOptions): number {
  const height = options.scroller.clientHeight - options.headHeight;
  return Math.max(1, Math.floor(height / options.rowHeight()) - 1);
}

function scrollIntoView(options: VirtualListOptions, at: number): void {
  const { scroller } = options;
  const top = at * options.rowHeight();
  const height = scroller.clientHeight - options.headHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + options.rowHeight() > scroller.scrollTop + height) {
    scroller.scrollTop = top + options.rowHeight() - height;
  }
}
