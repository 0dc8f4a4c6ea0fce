import type { GinColumn } from "./gin-entries.ts";
import { bareType, columnLayout } from "./column-layout.ts";
import type { BtreeColumn } from "./btree.ts";
import type { SizeColumn, SizeTable } from "./size-input.ts";
import { valueTail } from "./value-tail.ts";

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

export function resolveColumn(
  column: SizeColumn,
  table: SizeTable,
  operatorClass: string | undefined,
): SizedColumn {
  const rows = Math.max(1, table.estimatedRows ?? 0);
  const statistics = {
    nullFraction: column.nullFraction ?? 0,
    correlation: column.correlation ?? 0,
    frequencies: (column.commonValues ?? []).map(({ frequency }) => frequency),
  };
  return {
    type: column.type,
    operatorClass,
    layout: columnLayout(column.type, column.averageBytes),
    averageBytes: widthOf(column),
    ...statistics,
    tail: valueTail({
      ...statistics,
      distinctValues: distinctOf(column, rows),
      rows,
      pages: table.pages,
    }),
    elements: column.elements,
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
  new RegExp(
    `(?<![\\w"])"?${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}"?(?!\\w)`,
  ).test(text);

/**
 * An expression has no statistics before its index is built. Its width is read off its type where the
 * text tells it, its values are as many as those of the column it is made of, days and truncated times fewer.
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
  const isTime = /^(?:date|time)/.test(type);
  const isWords = type === "tsvector";
  const resolved = resolveColumn(
    {
      name: text,
      type,
      nullFraction: source?.nullFraction,
      distinctValues: isTime ? daysKept : source?.distinctValues,
      averageBytes: isWords ? source?.averageBytes : undefined,
      correlation: undefined,
    },
    table,
    operatorClass,
  );
  // Its width is that of the text, of which each word is one of the vector's.
  return isWords ? { ...resolved, type: "text" } : resolved;
}
