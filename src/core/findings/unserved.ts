import type { CatalogColumn, CatalogIndex } from "../catalog.ts";
import { withoutLiterals } from "../plan/expression-columns.ts";
import { type DeparsedComparison, readDeparsed } from "./conjuncts.ts";

/** Why an ordinary index on a bare column cannot serve a condition on it. */
export type Hindrance =
  /** `5 = ANY (tags)`: one of the column's own elements. */
  | "elements"
  /** `NOT (a IS DISTINCT FROM 5)` */
  | "notDistinct"
  /** `(a = 5) IS TRUE` */
  | "isTrue"
  /** `a > 'x' COLLATE "C"`, where the column sorts otherwise. */
  | "collation"
  /** A pattern that tells no beginning of the text. */
  | "pattern"
  | "operator";

const ordered = new Set(["=", "<", "<=", ">", ">="]);

/** Of the operators that PostgreSQL's ordered types have none of. */
const unordered = / (?:@>|<@|&&|@@|\?|\?\||\?&|!~~?\*?) /u;

const ofElements = /\[\]$|^jsonb$|^tsvector$/u;

const isOrdinary = ({ method }: CatalogIndex): boolean =>
  method === "btree" || method === "hash";

type IsBare = (side: string) => boolean;

/** Literal patterns only: those whose first character is no beginning that an index in order could be entered with. */
const openings: Readonly<Record<string, RegExp>> = {
  "~~": /^'[%_]/u,
  "~~*": /^'[%_A-Za-z]/u,
  "~": /^'[\w.]/u,
  "~*": /^'(?:[\w.]|\^[A-Za-z])/u,
};

/** `(tags)::text[]` of a varchar array as `(tags)::text`, which an index sees through in the same way. */
const asElement = (array: string): string =>
  array.replace(/^(\(.+\)::text)\[\]$/u, "$1");

function hindranceOfArray(
  { left, operator, right }: DeparsedComparison,
  column: CatalogColumn,
  isBare: IsBare,
): Hindrance | undefined {
  if (isBare(left)) return right.startsWith("ALL (") ? "operator" : undefined;
  const [, quantifier, array = ""] = /^(ANY|ALL) \((.+)\)$/u.exec(right) ?? [];
  if (!column.type.endsWith("[]") || !isBare(asElement(array)))
    return undefined;
  return quantifier === "ANY" && operator === "=" ? "elements" : "operator";
}

function hindranceOfText(
  { left, operator, right }: DeparsedComparison,
  column: CatalogColumn,
  isBare: IsBare,
): Hindrance | undefined {
  if (!isBare(left)) return undefined;
  const isByBytes = / COLLATE "(?:C|POSIX)"$/u.test(right);
  if (isByBytes && column.sortsByBytes !== true) return "collation";
  return openings[operator]?.test(right) === true ? "pattern" : undefined;
}

/** `(a = 5) IS TRUE` */
function isTrueOf(condition: string, isBare: IsBare): boolean {
  const inner = /^\((.+)\) IS TRUE$/su.exec(condition)?.[1] ?? "";
  const comparison = readDeparsed(inner);
  return (
    comparison !== undefined &&
    ordered.has(comparison.operator) &&
    isBare(comparison.left)
  );
}

/** `tags @> '{5}'`, `name !~~ 'a%'` */
function isUnordered(
  condition: string,
  column: CatalogColumn,
  isBare: IsBare,
): boolean {
  const found = unordered.exec(withoutLiterals(condition));
  const isOfElements = ofElements.test(column.type);
  return (
    found !== null &&
    (isOfElements || found[0].startsWith(" !~")) &&
    isBare(condition.slice(0, found.index))
  );
}

/** Of what is no comparison at its outermost. */
function hindranceOfOther(
  condition: string,
  column: CatalogColumn,
  isBare: IsBare,
): Hindrance | undefined {
  const distinct = /^NOT \((.+?) IS DISTINCT FROM .+\)$/su.exec(condition)?.[1];
  if (distinct !== undefined && isBare(distinct)) return "notDistinct";
  if (isTrueOf(condition, isBare)) return "isTrue";
  return isUnordered(condition, column, isBare) ? "operator" : undefined;
}

/** Indexes of other methods have other operators, and one may have the collation that is asked for. */
function servesYet(
  hindrance: Hindrance,
  condition: string,
  index: CatalogIndex,
): boolean {
  if (hindrance === "collation")
    return index.definition.includes(
      condition.slice(condition.lastIndexOf(" COLLATE ")),
    );
  const isOfMethod = hindrance === "pattern" || hindrance === "operator";
  return isOfMethod && !isOrdinary(index);
}

export interface Hindered {
  readonly hindrance: Hindrance | undefined;
  /** The indexes that can serve it all the same. */
  readonly served: readonly CatalogIndex[];
}

/** What stands between a condition and these indexes, which all begin with its bare column; undefined where nothing is known to. */
export function findHindrance(
  condition: string,
  column: CatalogColumn,
  {
    isBare,
    indexes,
  }: {
    readonly isBare: IsBare;
    readonly indexes: readonly CatalogIndex[];
  },
): Hindered | undefined {
  const comparison = readDeparsed(condition);
  const hindrance =
    comparison === undefined
      ? hindranceOfOther(condition, column, isBare)
      : (hindranceOfArray(comparison, column, isBare) ??
        hindranceOfText(comparison, column, isBare));
  if (hindrance === undefined) return undefined;
  const served = indexes.filter((index) =>
    servesYet(hindrance, condition, index),
  );
  return { hindrance: served.length > 0 ? undefined : hindrance, served };
}
