import { at } from "./plan-index.ts";

/**
 * Says for every node which others' amounts lie inside its own. The amounts of
 * `parts` are in units of one whole run of the node that contains them.
 */
export interface Containment {
  /** Amount of one whole run of each node, by id. */
  readonly amounts: readonly number[];
  readonly parts: readonly (readonly Part[])[];
  /** Amounts that happened outside every other node, the root's first. */
  readonly outside: readonly Part[];
}

export interface Part {
  readonly id: number;
  readonly amount: number;
  /** What of it comes before the container's first row, and so stays when the container is stopped early. */
  readonly fixed?: number;
}

export interface Attribution {
  /** What each node did itself, never negative; sums up to `total`. */
  readonly own: readonly number[];
  /** With everything below, after parts that claim more than their whole were cut to fit. */
  readonly inclusive: readonly number[];
  readonly total: number;
}

const sum = (parts: readonly Part[]): number =>
  parts.reduce((total, part) => total + part.amount, 0);

/** Nodes in an order where containers come before what they contain; nodes in a ring (hostile input) are left out. */
function order(containment: Containment): readonly number[] {
  const pending = containment.amounts.map(() => 0);
  for (const { id } of [...containment.parts.flat(), ...containment.outside])
    pending[id] = at(pending, id) + 1;
  const ready: number[] = [];
  const release = (id: number): void => {
    pending[id] = at(pending, id) - 1;
    if (pending[id] === 0) ready.push(id);
  };
  for (const { id } of containment.outside) release(id);
  for (let next = 0; next < ready.length; next += 1)
    for (const { id } of containment.parts[at(ready, next)] ?? []) release(id);
  return ready;
}

const fixedOf = (part: Part): number => Math.min(part.amount, part.fixed ?? 0);

/** Cuts parts of a whole of `from` down to `to`: what is fixed stays as long as there is room, the rest shrinks evenly. */
function cut(
  parts: readonly Part[],
  from: number,
  to: number,
): readonly Part[] {
  if (to >= from) return parts;
  const fixed = parts.reduce((total, part) => total + fixedOf(part), 0);
  const keepFixed = fixed > to ? to / fixed : 1;
  const keepRest =
    fixed >= to || from <= fixed ? 0 : (to - fixed) / (from - fixed);
  return parts.map((part) => ({
    ...part,
    amount:
      fixedOf(part) * keepFixed + (part.amount - fixedOf(part)) * keepRest,
  }));
}

/** Parts of one node that was granted `granted` out of `whole`: more by repetition, less by being stopped early. */
function grant(
  parts: readonly Part[],
  whole: number,
  granted: number,
): readonly Part[] {
  const fitting = cut(parts, sum(parts), whole);
  if (granted <= whole) return cut(fitting, whole, granted);
  const repeated = granted / whole;
  return fitting.map((part) => ({ ...part, amount: part.amount * repeated }));
}

/**
 * Splits amounts into what each node did itself. Parts that together claim
 * more than the whole (clocks differ between processes, a LIMIT stops its
 * input early) are cut to fit, so the shares of a plan always add up to it.
 */
export function attribute(containment: Containment): Attribution {
  const inclusive = containment.amounts.map(() => 0);
  const own = containment.amounts.map(() => 0);
  for (const { id, amount } of containment.outside)
    inclusive[id] = at(inclusive, id) + amount;
  for (const id of order(containment)) {
    const whole = at(containment.amounts, id);
    const granted = at(inclusive, id);
    if (whole <= 0 || granted <= 0) continue;
    const parts = grant(containment.parts[id] ?? [], whole, granted);
    own[id] = Math.max(0, granted - sum(parts));
    for (const part of parts)
      inclusive[part.id] = at(inclusive, part.id) + part.amount;
  }
  return { own, inclusive, total: sum(containment.outside) };
}
