import { identityOf } from "../candidates.ts";
import type { IndexDefinition } from "../suggestion.ts";

export interface PoolIndex {
  readonly number: number;
  readonly index: IndexDefinition;
  /** Schema and table as a map key. */
  readonly table: string;
}

/** Every index the search has met, each once, by number. */
export interface Pool {
  readonly all: readonly PoolIndex[];
  readonly add: (index: IndexDefinition) => PoolIndex;
}

export const tableKey = (
  index: Pick<IndexDefinition, "schema" | "table">,
): string => JSON.stringify([index.schema, index.table]);

export function createPool(): Pool {
  const all: PoolIndex[] = [];
  const byIdentity = new Map<string, PoolIndex>();
  return {
    all,
    add: (index) => {
      const identity = identityOf(index);
      const known = byIdentity.get(identity);
      if (known !== undefined) return known;
      const added = { number: all.length, index, table: tableKey(index) };
      byIdentity.set(identity, added);
      all.push(added);
      return added;
    },
  };
}
