import { escapePattern } from "../../escape-pattern.ts";
import type { GinColumn } from "./gin-entries.ts";
import { bareType, columnLayout } from "./column-layout.ts";
import type { BtreeColumn } from "./btree.ts";
import { documentKeyIn, keyValues } from "./document-keys.ts";
import { distinctBounds } from "./known-dependence.ts";
import type { SizeColumn, SizeTable } from "./size-input.ts";
import { valueTail, type ValueClass } from "./value-tail.ts";

/** Everything the methods ask of one key or included column. */
export interface SizedColumn extends BtreeColumn, GinColumn {}

/** Stored bytes taken for a value whose width is unknown: a short text. */
const unknownBytes = 17;

/** Declared length of `varchar(20)` and `char(3)`. */
function declaredLength(type: string): number | undefined {
  const found = /\((\d+)\)/.exec(type)?.[1];
  return /^char/.test(type) && found !== undefined ? Number(found) : undefined;
}

function widthOf(column: SizeColumn): number {
  const { fixedBytes, lengths } = columnLayout(
    column.type,
    column.averageBytes,
  );
  if (fixedBytes !== undefined) return fixedBytes;
  if (column.averageBytes !== undefined) return column.averageBytes;
  const declared = declaredLength(column.type);
  if (declared === undefined) return unknownBytes;
  return lengths === "fixed"
    ? declared + 1
    : Math.min(unknownBytes, declared / 2 + 1);
}

/** Without statistics a boolean has two values, every other row its own: too large is safer than too small. */
function distinctOf(column: SizeColumn, rows: number): number {
  const present = rows * (1 - (column.nullFraction ?? 0));
  const counted =
    column.distinctValues ?? (bareType(column.type) === "boolean" ? 2 : rows);
  return Math.max(1, Math.min(counted, present));
}

/** As many values behind the listed ones as keys on the table let there be. */
function withinBounds(
  tail: readonly ValueClass[],
  listed: number,
  name: string,
  table: SizeTable,
): readonly ValueClass[] {
  const rows = table.estimatedRows ?? 0;
  const { least, most } = distinctBounds(name, table);
  const counted = tail.reduce((sum, { keys }) => sum + keys, 0);
  const wanted = Math.min(
    Math.max(counted, least - listed),
    Math.max(1, most - listed),
  );
  return wanted === counted
    ? tail
    : tail.map(({ keys, share }) => ({
        keys: Math.min((keys * wanted) / counted, rows * share),
        share,
      }));
}

export function resolveColumn(
  column: SizeColumn,
  table: SizeTable,
  operatorClass: string | undefined,
): SizedColumn {
  const rows = Math.max(1, table.estimatedRows ?? 0);
  const statistics = {
    nullFraction: column.nullFraction ?? 0,
    correlation: column.correlation ?? 0,
    frequencies:
      column.frequencies ??
      (column.commonValues ?? []).map(({ frequency }) => frequency),
  };
  return {
    type: column.type,
    operatorClass,
    layout: columnLayout(column.type, column.averageBytes),
    averageBytes: widthOf(column),
    ...statistics,
    tail: withinBounds(
      valueTail({
        ...statistics,
        distinctValues: distinctOf(column, rows),
        rows,
        pages: table.pages,
      }),
      statistics.frequencies.length,
      column.name,
      table,
    ),
    elements: column.elements,
    documentKeys: column.documentKeys,
  };
}

/**
 * The column as the rows of a partial index hold it.
 * @param share part of the table's rows that the index holds
 * @param hasNulls false where the predicate leaves no NULL of this column
 */
export function restrictColumn(
  column: SizedColumn,
  tableRows: number,
  share: number,
  hasNulls: boolean,
): SizedColumn {
  const present = hasNulls ? 1 : Math.max(1e-9, 1 - column.nullFraction);
  const kept = Math.min(1, share / present);
  return {
    ...column,
    nullFraction: hasNulls ? column.nullFraction : 0,
    frequencies: column.frequencies.map((part) => part / present),
    tail: column.tail.map((values) => ({
      keys: keptKeys(values.keys, tableRows * values.share, kept),
      share: values.share / present,
    })),
  };
}

/** Values that still occur when each row is kept with this chance: those of few rows are lost first. */
function keptKeys(keys: number, rows: number, chance: number): number {
  if (chance >= 1) return keys;
  const lost = (1 - chance) ** Math.max(1, rows / keys);
  return Math.max(1, keys * (1 - lost));
}

/** Functions of a text that give a text of the same length and nearly as many values. */
const keepsText =
  /^(?:lower|upper|trim|btrim|ltrim|rtrim|initcap|reverse)\s*\(/i;

/** Values of a day or a truncated time: some years of them. */
const daysKept = 2000;

/** Values that a part of a time has: some years, and what the clock and the calendar have. */
const partValues: Readonly<Record<string, number>> = {
  year: 10,
  quarter: 4,
  month: 12,
  week: 53,
  day: 31,
  doy: 366,
  dow: 7,
  isodow: 7,
  hour: 24,
  minute: 60,
  second: 60,
};

/** Numbers of a part of a time are short. */
const partBytes = 5;

/** What a sample of documents tells of `column ->> 'key'`. */
function documentValues(
  text: string,
  table: SizeTable,
): Partial<SizeColumn> | undefined {
  const asked = documentKeyIn(text);
  const sampled = table.columns
    .find(({ name }) => name === asked?.column)
    ?.documentKeys?.find(({ key }) => key === asked?.key);
  return (
    sampled && {
      nullFraction: 1 - sampled.share,
      distinctValues: keyValues(sampled, table.estimatedRows ?? 0),
      averageBytes: Math.round(sampled.averageBytes) + 1,
    }
  );
}

/** Fewer values than the column has that the expression is made of; lengths lie around their mean. */
function fewerValues(
  text: string,
  type: string,
  source: SizeColumn | undefined,
): Partial<SizeColumn> {
  const part = /^\(*(?:extract\s*\(\s*|date_part\s*\(\s*')(\w+)/i.exec(
    text,
  )?.[1];
  if (part !== undefined)
    return {
      distinctValues: partValues[part.toLowerCase()] ?? source?.distinctValues,
      averageBytes: partBytes,
    };
  if (/^\(*(?:char_)?length\s*\(/i.test(text))
    return { distinctValues: Math.max(2, source?.averageBytes ?? 0) };
  return /^(?:date|time)/.test(type) ? { distinctValues: daysKept } : {};
}

/** The type an expression ends in, where its text tells. */
function typeOfExpression(text: string): string | undefined {
  const cast =
    /::\s*([a-z][a-z0-9_ ]*(?:\([\d, ]+\))?(?:\[\])?)\s*\)*$/i.exec(
      text,
    )?.[1] ?? /^\(*cast\s*\(.*\sas\s+([a-z][a-z0-9_ ]*)\)+$/i.exec(text)?.[1];
  if (cast !== undefined) return cast.trim();
  if (/^\(*to_tsvector\s*\(/i.test(text)) return "tsvector";
  if (/^\(*date_trunc\s*\(/i.test(text)) return "timestamp with time zone";
  if (/^\(*date\s*\(/i.test(text)) return "date";
  if (/^\(*(?:extract|date_part)\s*\(/i.test(text)) return "numeric";
  if (/^\(*(?:length|char_length)\s*\(/i.test(text)) return "integer";
  return undefined;
}

const isMentioned = (name: string, text: string): boolean =>
  new RegExp(`(?<![\\w"])"?${escapePattern(name)}"?(?!\\w)`).test(text);

/**
 * An expression has no statistics before its index is built. Its width is read off its type where the
 * text tells it, its values are as many as those of the column it is made of, days, parts of times and lengths
 * fewer, those of a document's key as many as its sample lets expect.
 */
export function resolveExpression(
  text: string,
  table: SizeTable,
  operatorClass: string | undefined,
): SizedColumn {
  const source = table.columns.find(({ name }) => isMentioned(name, text));
  if (source !== undefined && keepsText.test(text))
    return resolveColumn(source, table, operatorClass);
  const type = typeOfExpression(text) ?? "text";
  const isWords = type === "tsvector";
  const resolved = resolveColumn(
    {
      name: text,
      type,
      nullFraction: source?.nullFraction,
      distinctValues: source?.distinctValues,
      averageBytes: isWords ? source?.averageBytes : undefined,
      correlation: undefined,
      ...(documentValues(text, table) ?? fewerValues(text, type, source)),
    },
    table,
    operatorClass,
  );
  // Its width is that of the text, of which each word is one of the vector's.
  return isWords ? { ...resolved, type: "text" } : resolved;
}
