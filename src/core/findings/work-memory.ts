import type { Examination } from "./examination.ts";
import { defaultWorkMemoryKilobytes } from "./thresholds.ts";

const sizeUnits: Readonly<Record<string, number>> = {
  kB: 1,
  MB: 1024,
  GB: 1024 * 1024,
};

/** work_mem in bytes: what the plan's SETTINGS say, else the default. */
export function workMemoryBytes({ plan }: Examination): number {
  const set = /^(\d+)(kB|MB|GB)$/u.exec(plan.settings["work_mem"] ?? "");
  const kilobytes =
    set === null
      ? defaultWorkMemoryKilobytes
      : Number(set[1]) * (sizeUnits[set[2] ?? ""] ?? 1);
  return kilobytes * 1024;
}

/**
 * What a hash table may take. hash_mem_multiplier is 1 by default up to PostgreSQL 14 and 2 from 15 on; a plan does
 * not say which server made it, so this is the smaller.
 */
export const hashMemoryBytes = (examined: Examination): number =>
  workMemoryBytes(examined) *
  Number(examined.plan.settings["hash_mem_multiplier"] ?? 1);
