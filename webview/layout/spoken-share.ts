import { tellShare, type ToldShare } from "../../src/core/format.ts";
import { say } from "../strings.ts";

const spoken = {
  "": "percentSpoken",
  "<": "belowPercentSpoken",
  ">": "abovePercentSpoken",
} as const satisfies Record<ToldShare["bound"], Parameters<typeof say>[0]>;

/** "62 percent", "less than 1 percent": the share that the row shows, for a screen reader; undefined where it is not known. */
export function spokenShare(share: number): string | undefined {
  const told = tellShare(share);
  return told && say(spoken[told.bound], told.percent);
}
