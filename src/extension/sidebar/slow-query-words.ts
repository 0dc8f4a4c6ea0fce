import type { SlowQuery } from "../../app/database.ts";
import { formatCount, formatMs, formatShare } from "../../core/format.ts";

/** A long label hides the description (look.md, "Slow queries"). */
const maximumLabel = 28;

export type SlowQueryOrder = "total" | "mean" | "calls";

const leadingComments = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/u;
const identifier = String.raw`(?:"[^"]+"|[\w$]+)(?:\.(?:"[^"]+"|[\w$]+))?`;
const tablePatterns = [
  new RegExp(String.raw`^insert\s+into\s+(${identifier})`, "iu"),
  new RegExp(String.raw`^update\s+(?:only\s+)?(${identifier})`, "iu"),
  new RegExp(String.raw`^merge\s+into\s+(?:only\s+)?(${identifier})`, "iu"),
  new RegExp(String.raw`^copy\s+(${identifier})`, "iu"),
  new RegExp(String.raw`\bfrom\s+(?:only\s+)?(${identifier})`, "iu"),
];

const cut = (text: string): string =>
  text.length <= maximumLabel ? text : `${text.slice(0, maximumLabel - 1)}…`;

/** Verb and table, `SELECT progress_events`, at most 28 characters. The text is only looked at, never trusted to be SQL. */
export function slowQueryLabel(text: string): string {
  const bare = text.replace(leadingComments, "");
  const verb = (/^\w+/u.exec(bare)?.[0] ?? "").toUpperCase();
  for (const pattern of tablePatterns) {
    const table = pattern.exec(bare)?.[1];
    if (table !== undefined) return cut(`${verb} ${table.replaceAll('"', "")}`);
  }
  return cut(bare.replace(/\s+/gu, " ").trim());
}

/** `31 % · 4.82 s × 514`; `totalMs` is that of all statements of the database. */
export function slowQueryDescription(
  query: SlowQuery,
  totalMs: number,
): string {
  const share = totalMs > 0 ? query.totalMs / totalMs : undefined;
  return `${formatShare(share)} · ${formatMs(query.meanMs)} × ${formatCount(query.calls)}`;
}

/** Share of blocks found in the cache, 0 to 1; undefined when none was touched. */
export function cacheHit(query: SlowQuery): number | undefined {
  const blocks = query.sharedHitBlocks + query.sharedReadBlocks;
  return blocks === 0 ? undefined : query.sharedHitBlocks / blocks;
}

const measures: Readonly<Record<SlowQueryOrder, (query: SlowQuery) => number>> =
  {
    total: (query) => query.totalMs,
    mean: (query) => query.meanMs,
    calls: (query) => query.calls,
  };

/** Those whose text holds the filter, greatest first. */
export function arrangeSlowQueries(
  queries: readonly SlowQuery[],
  order: SlowQueryOrder,
  filter: string,
): readonly SlowQuery[] {
  const measure = measures[order];
  const wanted = filter.trim().toLowerCase();
  return queries
    .filter((query) => query.text.toLowerCase().includes(wanted))
    .toSorted((one, other) => measure(other) - measure(one));
}
