import type { AdvisedWorkload } from "../../src/app/advise-workload.ts";

/** What a search that found nothing over no statement comes to. */
export const emptyAdvice: AdvisedWorkload = {
  baselineCost: 0,
  cost: 0,
  sizeBytes: 0,
  plannings: 0,
  isCut: false,
  indexes: [],
  queries: [],
  leftOut: [],
  alternatives: [],
  outweighed: [],
  frontier: [],
  ending: { kind: "complete" },
  notes: [],
};
