import type { IndexUse } from "../../src/core/advice/index-use.ts";

/** An existing B-tree index on integer columns that is used now and then. */
export const indexInUse = (
  name: string,
  keys: readonly string[],
  more: Partial<IndexUse> = {},
): IndexUse => ({
  schema: "public",
  table: "t",
  name,
  method: "btree",
  keys: keys.map((key) => `${key}|int4_ops||0`),
  included: [],
  predicate: undefined,
  unique: false,
  valid: true,
  isBeingBuilt: false,
  constraint: undefined,
  isReplicaIdentity: false,
  foreignKey: undefined,
  sizeBytes: 8192,
  scans: 5,
  lastUsed: undefined,
  definition: "",
  isPartitioned: false,
  ...more,
});
