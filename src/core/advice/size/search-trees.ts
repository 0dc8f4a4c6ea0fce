import { lexemeBytes, type GinColumn } from "./gin-entries.ts";
import { alignEight, pointerBytes } from "./tuple-bytes.ts";

const pageBytes = 8152;

/**
 * Part of a page that is filled. Trees that grow by inserts and splits end a little above half full,
 * points are sorted first (gist_point_sortsupport, from 14 on) and packed better; measured on real builds.
 */
const gistFill = { inserted: 0.54, sorted: 0.66 };
const spgistFill = 0.74;
/** Header of an SP-GiST leaf tuple (SGLTHDRSZ). */
const spgistHeader = 16;
const gistHeader = 8;
/** Three for each different trigram, of which a text has about as many as letters. */
const trigramBytes = 3;

/** Types of which GiST keeps the box around a value. */
const boxed: ReadonlySet<string> = new Set(["point", "circle", "polygon"]);

/** Bytes of what GiST keeps of a value (the `compress` function of its operator class). */
export function gistKeyBytes(column: GinColumn): number {
  const { type, averageBytes, operatorClass } = column;
  if (operatorClass?.includes("trgm") === true)
    return 5 + trigramBytes * averageBytes;
  if (type === "tsvector") return tsvectorKeyBytes(column);
  if (boxed.has(type)) return 32;
  return type === "inet" || type === "cidr" ? 8 : averageBytes;
}

/** A hash of four bytes for each lexeme, or a bitmap once they are too many (gtsvector_compress). */
function tsvectorKeyBytes({ elements, averageBytes }: GinColumn): number {
  const lexemes = elements?.perRow ?? averageBytes / lexemeBytes;
  const hashes = 5 + 4 * lexemes;
  return hashes > 508 ? 133 : hashes;
}

/** Points are sorted before they are packed. */
export const isSortedFirst = (keys: readonly GinColumn[]): boolean =>
  keys.length === 1 && keys[0]?.type === "point";

/** Pages of a GiST index right after its build. */
export function gistPages(
  rows: number,
  keyBytes: number,
  isSorted: boolean,
): number {
  const fill = isSorted ? gistFill.sorted : gistFill.inserted;
  const tuple = alignEight(gistHeader + keyBytes) + pointerBytes;
  const perPage = Math.max(1.5, (pageBytes * fill) / tuple);
  let pages = 0;
  let level = rows;
  do {
    level = Math.ceil(level / perPage);
    pages += level;
  } while (level > 1);
  return Math.max(1, pages);
}

/** Pages of an SP-GiST index right after its build: a meta page, two roots, leaves, and the inner tuples between them. */
export function spgistPages(rows: number, keyBytes: number): number {
  const tuple = alignEight(spgistHeader + keyBytes) + pointerBytes;
  const leaves = Math.ceil((rows * tuple) / (pageBytes * spgistFill));
  return 3 + leaves;
}
