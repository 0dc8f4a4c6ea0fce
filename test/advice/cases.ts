import { campusCases } from "./cases/campus.ts";
import { cargoCases } from "./cases/cargo.ts";
import type { CaseSet } from "./cases/case.ts";
import { clinicCases } from "./cases/clinic.ts";
import { crmCases } from "./cases/crm.ts";
import { gamesCases } from "./cases/games.ts";
import { geoCases } from "./cases/geo.ts";
import { ledgerCases } from "./cases/ledger.ts";
import { libraryCases } from "./cases/library.ts";
import { partCases } from "./cases/parts.ts";
import { queueCases } from "./cases/queue.ts";
import { searchCases } from "./cases/search.ts";
import { shopCases } from "./cases/shop.ts";
import { socialCases } from "./cases/social.ts";
import { storeCases } from "./cases/store.ts";

export const caseSets: readonly CaseSet[] = [
  shopCases,
  searchCases,
  partCases,
  crmCases,
  queueCases,
  storeCases,
  geoCases,
  libraryCases,
  socialCases,
  ledgerCases,
  clinicCases,
  gamesCases,
  cargoCases,
  campusCases,
];
