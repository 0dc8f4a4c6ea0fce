/**
 * What has been published or measured for the benchmark workloads at scale factor 1: cost relative to no
 * index, frequency 1, HypoPG 1.3.1 on PostgreSQL 15. `bestPublished` is the best of Extend, Anytime/DTA,
 * Relaxation, DB2Advis, dexter, supabase index_advisor and postgres-mcp, measured side by side.
 */
export interface Anchor {
  /** Whose bytes the budget counts. */
  readonly bytes: "hypopg" | "model";
  /** Millions of bytes. */
  readonly budgetMb: number;
  readonly target: number | undefined;
  readonly bestPublished: number | undefined;
}

const table: Readonly<
  Record<
    string,
    readonly (readonly [Anchor["bytes"], number, number?, number?])[]
  >
> = {
  "tpch-sf1.json.gz": [
    ["hypopg", 134, 0.93, 0.9349],
    ["hypopg", 336, 0.65, 0.6569],
    ["hypopg", 672, 0.555, 0.5617],
    ["hypopg", 1344, 0.465, 0.5015],
    ["model", 134, 0.62],
    ["model", 336, 0.515],
    ["model", 672, 0.444],
    ["model", 1344, 0.38],
  ],
  "tpcds-sf1.json.gz": [
    ["hypopg", 172, 0.795, 0.8076],
    ["hypopg", 431, 0.68, 0.6947],
    ["hypopg", 862, 0.62, 0.6429],
    ["hypopg", 1725, 0.57, 0.5947],
    ["model", 172, 0.674],
    ["model", 431, 0.543],
    ["model", 862, 0.427],
  ],
};

/** Budgets to try on a bundle without anchors. */
const unknown: readonly Anchor[] = [50, 200, 800].map((budgetMb) => ({
  bytes: "model",
  budgetMb,
  target: undefined,
  bestPublished: undefined,
}));

export const anchorsOf = (bundle: string): readonly Anchor[] =>
  table[bundle]?.map(([bytes, budgetMb, target, bestPublished]) => ({
    bytes,
    budgetMb,
    target,
    bestPublished,
  })) ?? unknown;
