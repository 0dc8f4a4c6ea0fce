import type { IndexKey } from "../suggestion.ts";
import type { TableNeeds } from "../table-needs.ts";

export type KeyList = readonly IndexKey[];

/** Wider keys cost more to write than a last column brings; the planner sees three equalities as one. */
const maximumEqualityKeys = 4;

/** `[...head, key]` for each key, so that an empty list adds nothing. */
const endingIn = (head: KeyList, keys: KeyList): readonly KeyList[] =>
  keys.map((key) => [...head, key]);

/** `[...head, ...keys]`, or nothing when there are no keys. */
const followedBy = (head: KeyList, keys: KeyList): readonly KeyList[] =>
  keys.length === 0 ? [] : [[...head, ...keys]];

const boundsOf = (needs: TableNeeds): KeyList => [
  ...needs.range,
  ...needs.prefix,
];

function joinLists(needs: TableNeeds, equality: KeyList): readonly KeyList[] {
  const bounds = boundsOf(needs);
  const lists = needs.join.flatMap((column) => [
    [...equality, column],
    [column, ...equality],
    [column],
    ...followedBy([column], needs.sort),
    ...followedBy([column, ...equality], needs.sort),
    ...endingIn([column], bounds),
    ...endingIn([column, ...equality], bounds),
    ...needs.orders.flatMap((order) => followedBy([column], order)),
  ]);
  return needs.join.length > 1 ? [...lists, needs.join] : lists;
}

/** Under OR each arm is a bitmap of its own, behind what all arms share. */
function armLists(needs: TableNeeds, equality: KeyList): readonly KeyList[] {
  return [
    ...needs.arms,
    ...needs.arms.flatMap((arm) =>
      equality.length === 0 ? [] : [[...equality, ...arm]],
    ),
    ...needs.alternatives.map((key) => [key]),
  ];
}

function singleLists(needs: TableNeeds, equality: KeyList): readonly KeyList[] {
  const bounds = boundsOf(needs);
  return [
    ...followedBy([], needs.sort),
    // Several values cannot be in one order; they are filtered within the index that has the order.
    ...(needs.sort.length === 0 ? [] : [[...needs.sort, ...equality]]),
    ...bounds.flatMap((bound) => [
      [bound],
      [bound, ...equality],
      [...needs.sort, bound],
    ]),
    ...equality.flatMap((column) => [
      [column],
      ...followedBy([column], needs.sort),
      ...endingIn([column], bounds),
    ]),
  ];
}

function orderLists(needs: TableNeeds, equality: KeyList): readonly KeyList[] {
  return needs.orders.flatMap((order) => [
    ...followedBy(equality, order),
    ...followedBy([], order),
  ]);
}

/** Key lists in order of promise: equality, then sort, then range; each shorter form after. */
export function orderedKeyLists(needs: TableNeeds): readonly KeyList[] {
  const equality = needs.equality.slice(0, maximumEqualityKeys);
  return [
    ...followedBy(equality, needs.sort),
    ...endingIn(equality, boundsOf(needs)),
    equality,
    ...orderLists(needs, equality),
    ...joinLists(needs, equality),
    ...singleLists(needs, equality),
    ...armLists(needs, equality),
    ...followedBy(equality, needs.group),
    needs.group,
  ];
}
