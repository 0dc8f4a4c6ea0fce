import type { CaseSet } from "./cases/case.ts";
import { partCases } from "./cases/parts.ts";
import { searchCases } from "./cases/search.ts";
import { shopCases } from "./cases/shop.ts";

export const caseSets: readonly CaseSet[] = [shopCases, searchCases, partCases];
