import { words } from "../words.ts";
import type { Proof } from "./suggestion.ts";
import type { Prover } from "./trial.ts";

/** How strong a proof is that a prover gives. */
export function proofOf(
  prover: Pick<Prover<unknown>, "kind" | "hypopgVersion">,
): Proof {
  if (prover.kind === "build")
    return {
      kind: "measured",
      how: words("built for real in a transaction that was rolled back"),
    };
  if (prover.kind === "twin")
    return {
      kind: "twin",
      how: words("planned on a copy of the statistics, index size estimated"),
    };
  const version = prover.hypopgVersion;
  return {
    kind: "planner",
    how: version === undefined ? "HypoPG" : `HypoPG ${version}`,
  };
}
