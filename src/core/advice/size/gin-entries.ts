import type { DocumentKey, ElementStatistics } from "../../catalog.ts";
import { bareType, columnLayout } from "./column-layout.ts";
import { keyValues } from "./document-keys.ts";
import type { EntryClass } from "./gin.ts";

export interface GinColumn {
  readonly type: string;
  readonly operatorClass: string | undefined;
  readonly averageBytes: number;
  readonly elements: ElementStatistics | undefined;
  /** Shares are of all rows, those with NULL included. */
  readonly documentKeys: readonly DocumentKey[] | undefined;
  readonly nullFraction: number;
}

export interface GinEntries {
  readonly classes: readonly EntryClass[];
  readonly entryBytes: number;
}

/** An array's header and dimensions. */
const arrayHeader = 21;
/** A lexeme with its directory entry and a position. */
export const lexemeBytes = 16;
/** A word in a text with its blank. */
const wordBytes = 7;
/** Key and value of a jsonb object with their directory entries. */
const jsonPairBytes = 24;

/** Different trigrams that texts of a language are made of. */
const commonTrigrams = 6500;

/** Entries of which the k-th occurs about 1/k as often as the first, taken in slices of a factor of two. */
function zipfClasses(entries: number, perRow: number): readonly EntryClass[] {
  const whole = Math.log(entries) + 0.5772;
  const classes: EntryClass[] = [];
  for (let first = 1; first <= entries; first *= 2) {
    const last = Math.min(entries + 1, first * 2);
    const share = Math.log(last / first) / whole;
    const count = last - first;
    if (count > 0)
      classes.push({
        entries: count,
        rowShare: Math.min(1, (perRow * share) / count),
      });
  }
  return classes;
}

/** The listed elements, and below them as many of half the least frequency as hold the rest. */
function countedClasses(
  { frequencies }: ElementStatistics,
  perRow: number,
  rows: number,
): readonly EntryClass[] {
  const listed = frequencies.map((rowShare) => ({ entries: 1, rowShare }));
  const rest = perRow - frequencies.reduce((sum, share) => sum + share, 0);
  const least = Math.max(1 / rows, Math.min(...frequencies) / 2);
  return rest < perRow / 100
    ? listed
    : [...listed, { entries: rest / least, rowShare: least }];
}

function arrayEntries(column: GinColumn, rows: number): GinEntries {
  const element = columnLayout(bareType(column.type).slice(0, -2));
  const bytes = element.fixedBytes ?? 8;
  const perRow =
    column.elements?.perRow ??
    Math.max(1, (column.averageBytes - arrayHeader) / bytes);
  const vocabulary = 10 * Math.sqrt(rows * perRow);
  return {
    classes:
      column.elements === undefined
        ? zipfClasses(vocabulary, perRow)
        : countedClasses(column.elements, perRow, rows),
    entryBytes: bytes,
  };
}

function wordEntries(column: GinColumn, rows: number): GinEntries {
  const bytes = column.type === "tsvector" ? lexemeBytes : wordBytes;
  const perRow =
    column.elements?.perRow ?? Math.max(1, column.averageBytes / bytes);
  return {
    classes:
      column.elements === undefined
        ? zipfClasses(30 * Math.sqrt(rows * perRow), perRow)
        : countedClasses(column.elements, perRow, rows),
    entryBytes: 7,
  };
}

function trigramEntries(column: GinColumn, rows: number): GinEntries {
  const perRow = Math.max(1, column.averageBytes * 0.95);
  return {
    classes: zipfClasses(Math.min(commonTrigrams, rows * perRow), perRow),
    entryBytes: 4,
  };
}

const isHashedClass = ({ operatorClass }: GinColumn): boolean =>
  operatorClass?.includes("path") === true;

/**
 * Of nested documents and where no sample is known half of the values are taken as drawn from ten,
 * three eighths from many, an eighth as all different.
 */
function unknownValues(pairs: number, rows: number): readonly EntryClass[] {
  return [
    { entries: 5 * pairs, rowShare: 0.1 },
    {
      entries: (pairs * 3 * Math.sqrt(rows)) / 8,
      rowShare: 1 / Math.sqrt(rows),
    },
    { entries: (pairs / 8) * rows, rowShare: 1 / rows },
  ];
}

/** A type byte and a length header. */
const jsonEntryHeader = 2;

function sampledEntries(
  column: GinColumn,
  keys: readonly DocumentKey[],
  rows: number,
): GinEntries {
  const isHashed = isHashedClass(column);
  const classes: EntryClass[] = [];
  let entries = 0;
  let bytes = 0;
  for (const key of keys) {
    if (!isHashed) classes.push({ entries: 1, rowShare: key.share });
    if (key.nested > 0.5) {
      const pairs = Math.max(1, key.averageBytes / jsonPairBytes);
      classes.push(...unknownValues(pairs, rows * key.share));
      continue;
    }
    const values = keyValues(key, rows);
    classes.push({ entries: values, rowShare: key.share / values });
    entries += values;
    bytes += values * (key.averageBytes + jsonEntryHeader);
  }
  return {
    classes,
    entryBytes: isHashed || entries === 0 ? 4 : bytes / entries,
  };
}

/** Each key of a document stands in all rows, its values are as many as its sample lets expect. */
function jsonEntries(column: GinColumn, rows: number): GinEntries {
  if (column.documentKeys !== undefined)
    return sampledEntries(
      column,
      column.documentKeys.map((key) => ({
        ...key,
        share: Math.min(1, key.share / (1 - column.nullFraction)),
      })),
      rows,
    );
  const pairs = Math.max(1, (column.averageBytes - 5) / jsonPairBytes);
  const values = unknownValues(pairs, rows);
  const isHashed = isHashedClass(column);
  return {
    classes: isHashed ? values : [{ entries: pairs, rowShare: 1 }, ...values],
    entryBytes: isHashed ? 4 : 10,
  };
}

/** Entries that a GIN operator class takes from a column's values, by how often they occur. */
export function ginEntries(column: GinColumn, rows: number): GinEntries {
  if (column.operatorClass?.includes("trgm") === true)
    return trigramEntries(column, rows);
  const type = bareType(column.type);
  if (type.endsWith("[]")) return arrayEntries(column, rows);
  return type === "jsonb"
    ? jsonEntries(column, rows)
    : wordEntries(column, rows);
}
