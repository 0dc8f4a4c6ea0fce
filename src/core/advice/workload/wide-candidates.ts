import type { Catalog } from "../../catalog.ts";
import type { ParsedStatement } from "../../sql/statement.ts";
import { identityOf, withChildren } from "../candidates.ts";
import { searchIndexesOf } from "../candidates/searches.ts";
import { quoteIdentifier } from "../../sql/quote-identifier.ts";
import type { IndexDefinition, IndexKey } from "../suggestion.ts";
import { collectNeeds, type TableNeeds } from "../table-needs.ts";

export interface WideEffort {
  /** Most key columns of one index. */
  readonly maximumColumns: number;
  readonly mayInclude: boolean;
}

/** Planning time grows with each index present; the planner is asked with this many at once at most. */
const maximumPerQuery = 400;
const maximumIncludedColumns = 8;
const maximumIncludedBytes = 96;
/** Width assumed for a column without statistics: a short text. */
const unknownBytes = 32;

type KeyList = readonly IndexKey[];

/** A key without the direction and role that one place gave it. */
const plain = (key: IndexKey): IndexKey => ({
  ...key,
  descending: false,
  nulls: undefined,
});

function distinct(keys: KeyList): KeyList {
  const seen = new Set<string>();
  return keys.filter((key) => {
    if (seen.has(key.text)) return false;
    seen.add(key.text);
    return true;
  });
}

/** Key lists by promise: the textbook order first, then every single column, then pairs and triples. */
function keyListsOf(needs: TableNeeds, effort: WideEffort): KeyList[] {
  const { equality, join, range, prefix, sort, group, alternatives } = needs;
  const bounds = [...range, ...prefix];
  const leading = distinct([...equality, ...join, ...bounds, ...alternatives]);
  const following = distinct([
    ...leading,
    ...group.map(plain),
    ...sort.map(plain),
  ]);
  const pairs = leading.flatMap((first) =>
    following.flatMap((second) =>
      first.text === second.text ? [] : [[first, second]],
    ),
  );
  const lists: KeyList[] = [
    [...equality, ...sort],
    ...bounds.map((bound) => [...equality, bound]),
    equality,
    ...join.map((column) => [...equality, column]),
    ...join.map((column) => [column, ...equality]),
    ...join.flatMap((column) => bounds.map((bound) => [column, bound])),
    join,
    sort,
    group,
    [...equality, ...group],
    ...following.map((key) => [key]),
    ...pairs,
    ...pairs.flatMap((pair) => equality.map((key) => [...pair, key])),
  ];
  return lists
    .map((keys) => distinct(keys).slice(0, effort.maximumColumns))
    .filter((keys) => keys.length > 0);
}

/** The other columns that the query needs of the table, when an index may carry them. */
function includedFor(needs: TableNeeds, keys: KeyList): readonly string[] {
  const { needed, table } = needs;
  if (needed === undefined || keys.some((key) => key.isExpression)) return [];
  const keyed = new Set(keys.map((key) => key.text));
  const columns = table.columns.filter(
    ({ name }) => needed.includes(name) && !keyed.has(name),
  );
  const bytes = columns.reduce(
    (sum, column) => sum + (column.averageBytes ?? unknownBytes),
    0,
  );
  const fits =
    columns.length <= maximumIncludedColumns && bytes <= maximumIncludedBytes;
  return fits ? columns.map(({ name }) => name) : [];
}

/** Physical order this close to value order lets block ranges be told apart. */
const minimumBrinCorrelation = 0.9;

/** Block range indexes on columns that lie in the table's own order. */
function blockRangesFor(needs: TableNeeds): IndexDefinition[] {
  const { schema, name, columns } = needs.table;
  const keys = distinct([...needs.range, ...needs.equality, ...needs.join]);
  return keys.flatMap((key) => {
    const column = columns.find((own) => own.name === key.text);
    const correlation = Math.abs(column?.correlation ?? 0);
    if (key.isExpression || correlation < minimumBrinCorrelation) return [];
    const base = { schema, table: name, included: [], predicate: undefined };
    return [{ ...base, method: "brin" as const, keys: [plain(key)] }];
  });
}

/** A comparison of two columns of one row: a property of the data, never of the call. */
interface RowCondition {
  readonly predicate: string;
  readonly columns: readonly string[];
}

function rowConditions(
  { facts }: ParsedStatement,
  { reference }: TableNeeds,
): readonly RowCondition[] {
  const own = facts.columns.filter((use) => use.table === reference.id);
  return own.flatMap(({ column, against, underOr, wrappedIn }) => {
    const isPlain = !underOr && wrappedIn === undefined;
    if (!isPlain || against?.kind !== "column") return [];
    const { operator, column: other, qualifier } = against;
    const isRow = own.some(
      (use) => use.column === other && use.qualifier === qualifier,
    );
    // Read from both sides, told once.
    if (operator === undefined || !isRow || other <= column) return [];
    const predicate = `${quoteIdentifier(column)} ${operator} ${quoteIdentifier(other)}`;
    return [{ predicate, columns: [column, other] }];
  });
}

/** Indexes on the rows alone that meet such a comparison; its columns need not be carried for it. */
function partialsFor(
  statement: ParsedStatement,
  needs: TableNeeds,
  effort: WideEffort,
): IndexDefinition[] {
  const { schema, name } = needs.table;
  const leading = distinct([...needs.join, ...needs.equality]);
  return rowConditions(statement, needs).flatMap(({ predicate, columns }) => {
    const compared = (text: string): boolean => columns.includes(text);
    const lists = [
      ...leading.map((key) => [key]),
      ...leading.flatMap((first) =>
        leading.filter((key) => key !== first).map((key) => [first, key]),
      ),
    ];
    const needed = needs.needed?.filter((column) => !compared(column));
    return lists.flatMap((keys) =>
      withIncluded(
        { schema, table: name, method: "btree", keys, included: [], predicate },
        { ...needs, needed },
        effort,
      ),
    );
  });
}

function indexesFor(
  statement: ParsedStatement,
  needs: TableNeeds,
  effort: WideEffort,
): IndexDefinition[] {
  return [
    ...orderedFor(needs, effort),
    ...partialsFor(statement, needs, effort),
    ...blockRangesFor(needs),
    ...searchIndexesOf(needs.table, needs.searches, needs.equality),
  ];
}

/** The index, and the index with what else the query needs. */
function withIncluded(
  index: IndexDefinition,
  needs: TableNeeds,
  effort: WideEffort,
): IndexDefinition[] {
  const included = effort.mayInclude ? includedFor(needs, index.keys) : [];
  return included.length === 0 ? [index] : [index, { ...index, included }];
}

function orderedFor(needs: TableNeeds, effort: WideEffort): IndexDefinition[] {
  const { schema, name } = needs.table;
  return keyListsOf(needs, effort).flatMap((keys) =>
    withIncluded(
      {
        schema,
        table: name,
        method: "btree",
        keys,
        included: [],
        predicate: undefined,
      },
      needs,
      effort,
    ),
  );
}

/**
 * Every index that might serve the query within a workload, by promise, at most 400.
 * Wider than for a single statement: an index that is second best here may be shared with others.
 */
export function proposeWidely(
  statement: ParsedStatement,
  catalog: Catalog,
  effort: WideEffort,
): readonly IndexDefinition[] {
  const found = new Map<string, IndexDefinition>();
  const perTable = collectNeeds(statement, catalog)
    .flatMap(withChildren)
    .map((needs) => indexesFor(statement, needs, effort));
  const longest = Math.max(0, ...perTable.map((list) => list.length));
  // In turns, so that a cut takes the least promising of each table.
  for (let rank = 0; rank < longest; rank += 1)
    for (const list of perTable) {
      const index = list[rank];
      if (index !== undefined && found.size < maximumPerQuery)
        found.set(identityOf(index), index);
    }
  return [...found.values()];
}
