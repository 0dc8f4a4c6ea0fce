import type { Bundle } from "../../core/twin/bundle.ts";
import type { Remark } from "../../core/twin/plan-build.ts";
import { printable } from "../printable.ts";
import { english, sayText } from "../../core/words.ts";

/** What the source has and its bundle has not, a sentence each. */
export const bundleRemarks = ({ remarks }: Bundle): readonly string[] =>
  remarks.map((remark) => printable(sayText(remark, english)));

/** The same of the twin, after what its bundle lacks. */
export const remarkLines = (
  bundle: Bundle,
  remarks: readonly Remark[],
): readonly string[] => [
  ...bundleRemarks(bundle),
  ...remarks.map(({ what, why }) =>
    printable(
      `Not carried over: ${sayText(what, english)}: ${sayText(why, english)}.`,
    ),
  ),
];
