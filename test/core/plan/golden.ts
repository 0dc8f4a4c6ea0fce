import { english, sayText } from "../../../src/core/words.ts";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Plan } from "../../../src/core/plan/plan.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import { majors, planPath, plansFolder } from "../../plans/stored.ts";

export interface GoldenPlan {
  readonly name: string;
  readonly situation: string;
  readonly major: number;
  readonly json: unknown;
  readonly plan: Plan;
}

export function readGolden(situation: string, major: number): GoldenPlan {
  const json = JSON.parse(
    readFileSync(planPath(situation, major), "utf8"),
  ) as unknown;
  const plan = parseExplain(json);
  if (!plan.ok) throw new Error(sayText(plan.error.detail, english));
  return {
    name: `${situation} on PostgreSQL ${major}`,
    situation,
    major,
    json,
    plan: plan.value,
  };
}

/** Every plan that real servers gave, see golden-plans.integration.test.ts. */
export const goldenPlans: readonly GoldenPlan[] = readdirSync(
  path.join(plansFolder, "postgres"),
)
  .toSorted()
  .flatMap((situation) =>
    majors
      .filter((major) => existsSync(planPath(situation, major)))
      .map((major) => readGolden(situation, major)),
  );
