import { parseArray, renderArray, type ArrayItem } from "./array-text.ts";
import type {
  Bundle,
  ColumnStatistics,
  ExtendedStatistics,
  StatisticsSlot,
} from "./bundle.ts";

/** What pg_type and pg_attribute say of a column, as far as hiding its values needs. */
export interface ColumnNature {
  /** typcategory: S is text, U user-defined (jsonb, tsvector, bytea), A arrays, C rows. */
  readonly category: string;
  /** Of an array, its elements' category. */
  readonly elementCategory: string | undefined;
  readonly type: string;
  /** As regcollation prints it. */
  readonly collation: string;
}

/** Slots that hold values are dropped; correlation, counts and widths tell no value. */
export function hideValues<Statistics extends Pick<ColumnStatistics, "slots">>(
  statistics: Statistics,
): Statistics {
  return {
    ...statistics,
    slots: statistics.slots.filter(({ values }) => values === undefined),
  };
}

/** Counts of combinations stay, combinations and values of expressions go. */
export const hideExtended = (
  statistics: ExtendedStatistics,
): ExtendedStatistics => ({
  ...statistics,
  common: undefined,
  expressions: statistics.expressions.map(hideValues),
});

/** Where a slot's texts are: items themselves, items of the items, or nowhere. */
type Depth = "items" | "nested" | "none" | "unknown";

function depthOf(slot: StatisticsSlot, nature: ColumnNature): Depth {
  if (slot.values === undefined) return "none";
  if (nature.category === "S") return "items";
  if (nature.type === "tsvector") return "items";
  if (nature.category === "A") {
    if (nature.elementCategory === "S")
      return slot.kind >= 4 ? "items" : "nested";
    return "UCA".includes(nature.elementCategory ?? "U") ? "unknown" : "none";
  }
  return "UC".includes(nature.category) ? "unknown" : "none";
}

/** Texts that compare alike: by collation, and lexemes of tsvector by length and bytes. */
export interface TextGroup {
  readonly collation: string;
  readonly isLexemes: boolean;
}

const groupOf = (nature: ColumnNature): TextGroup => ({
  collation: nature.collation,
  isLexemes: nature.type === "tsvector",
});

const groupKey = (group: TextGroup): string =>
  group.isLexemes ? "lexemes" : group.collation;

/** Blanks at the end of a char(n) are no part of its value. */
const valueOf = (text: string, nature: ColumnNature): string =>
  nature.type === "character" ? text.trimEnd() : text;

type MapText = (text: string) => string;

function mapItems(
  text: string,
  depth: "items" | "nested",
  map: MapText,
): string | undefined {
  const items = parseArray(text);
  if (items === undefined) return undefined;
  const mapped: ArrayItem[] = [];
  for (const item of items) {
    if (item === null) mapped.push(null);
    else if (depth === "items") mapped.push(map(item));
    else {
      const inner = mapItems(item, "items", map);
      if (inner === undefined) return undefined;
      mapped.push(inner);
    }
  }
  return renderArray(mapped);
}

function mapSlot(
  slot: StatisticsSlot,
  nature: ColumnNature,
  map: MapText,
): readonly StatisticsSlot[] {
  const depth = depthOf(slot, nature);
  if (depth === "none") return [slot];
  if (depth === "unknown") return [];
  const values = mapItems(slot.values ?? "{}", depth, (text) =>
    map(valueOf(text, nature)),
  );
  return values === undefined ? [] : [{ ...slot, values }];
}

/** Every text of the columns, grouped by how it compares, without repeats. */
export function collectTexts(
  columns: readonly ColumnStatistics[],
  natures: readonly ColumnNature[],
): ReadonlyMap<
  string,
  { readonly group: TextGroup; readonly texts: ReadonlySet<string> }
> {
  const found = new Map<string, { group: TextGroup; texts: Set<string> }>();
  for (const [at, column] of columns.entries()) {
    const nature = natures[at];
    if (nature === undefined) continue;
    const group = groupOf(nature);
    const entry = found.get(groupKey(group)) ?? { group, texts: new Set() };
    found.set(groupKey(group), entry);
    for (const slot of column.slots)
      mapSlot(slot, nature, (text) => {
        entry.texts.add(text);
        return text;
      });
  }
  return found;
}

const letters = "abcdefghijklmnopqrstuvwxyz";

/** A rank in so many letters; in every collation such words compare as their ranks do. */
function spell(rank: number, width: number): string {
  let word = "";
  let left = rank;
  for (let at = 0; at < width; at += 1) {
    word = `${letters[left % letters.length] ?? ""}${word}`;
    left = Math.floor(left / letters.length);
  }
  return word;
}

/**
 * Words in place of texts, given in their order: the n-th compares as the n-th text did, equal texts stay
 * equal, and each is as long as its text where that leaves room for the rank. Nothing else of a text is left.
 */
export function nameTexts(
  ordered: readonly string[],
): ReadonlyMap<string, string> {
  const width = Math.max(
    1,
    Math.ceil(Math.log(Math.max(2, ordered.length)) / Math.log(letters.length)),
  );
  return new Map(
    ordered.map((text, rank) => [
      text,
      spell(rank, width).padEnd(Array.from(text).length, "x"),
    ]),
  );
}

/** The columns with other words; values of types that may hold texts inside are dropped. */
export function replaceTexts(
  columns: readonly ColumnStatistics[],
  natures: readonly ColumnNature[],
  names: ReadonlyMap<string, ReadonlyMap<string, string>>,
): Bundle["columns"] {
  return columns.map((column, at) => {
    const nature = natures[at];
    if (nature === undefined) return hideValues(column);
    const words = names.get(groupKey(groupOf(nature)));
    return {
      ...column,
      slots: column.slots.flatMap((slot) =>
        mapSlot(slot, nature, (text) => words?.get(text) ?? ""),
      ),
    };
  });
}
