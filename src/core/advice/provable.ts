import type { ParsedStatement } from "../sql/statement.ts";
import { phrase, words, type Text } from "../words.ts";
import type { Candidate } from "./candidates.ts";
import type { Prover } from "./trial.ts";

const untried = new Set(["gin", "gist", "spgist"]);

/** True where HypoPG tries indexes of the method. */
export const isTriedByHypopg = (
  method: Candidate["index"]["method"],
): boolean => !untried.has(method);

const noHypopg = words(
  "this server has no HypoPG, so the planner could not be asked",
);

/** Why this database cannot try the index, in words; undefined when it can. */
export function unprovableReason<Failure>(
  candidate: Candidate,
  prover: Pick<Prover<Failure>, "kind" | "whyNone">,
): Text | undefined {
  if (prover.kind === "none") return prover.whyNone ?? noHypopg;
  if (prover.kind === "build" || prover.kind === "twin") return undefined;
  const { method } = candidate.index;
  if (!isTriedByHypopg(method))
    return phrase("HypoPG cannot simulate {0} indexes", method.toUpperCase());
  if (candidate.table.schemaIsBarred === true)
    return phrase(
      "HypoPG cannot try an index in schema {0}, which this role may not use",
      candidate.table.schema,
    );
  const isParent = candidate.table.kind === "partitioned";
  return isParent && (candidate.table.children ?? []).length === 0
    ? words("HypoPG cannot simulate an index on a partitioned table")
    : undefined;
}

/**
 * HypoPG 1.3 writes the columns of expressions as those of the statement's first table, so the planner finds them
 * nowhere else: nothing is known of such candidates on other tables.
 */
export function isHiddenFromPlanner<Failure>(
  { index }: Candidate,
  { facts }: Pick<ParsedStatement, "facts">,
  prover: Pick<Prover<Failure>, "kind">,
): boolean {
  return (
    prover.kind === "hypopg" &&
    facts.tables.length > 1 &&
    facts.tables[0]?.name !== index.table &&
    index.keys.some((key) => key.isExpression)
  );
}
