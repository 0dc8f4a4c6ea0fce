import path from "node:path";

export const plansFolder = path.join(import.meta.dirname);
export const majors = [13, 14, 15, 16, 17, 18] as const;

/** The plan a server of this version gave for a situation. */
export const planPath = (situation: string, major: number): string =>
  path.join(plansFolder, "postgres", situation, `${major}.json`);

/** Statement, plan and catalog of a rule's case, from PostgreSQL 15. */
export const rulePath = (name: string): string =>
  path.join(plansFolder, "rules", `${name}.json`);
