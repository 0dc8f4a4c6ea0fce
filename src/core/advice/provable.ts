import type { ParsedStatement, TableReference } from "../sql/statement.ts";
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
 * A level that the planner plans by itself: the statement's own, and subqueries in expressions that become no joins.
 * Others are pulled up into the one around them, behind its tables.
 */
const isPlannedAlone = (
  { scopes }: ParsedStatement["facts"],
  verb: ParsedStatement["verb"],
  scope: number,
): boolean =>
  scope === 0 ? verb !== "insert" : scopes[scope]?.subquery !== undefined;

/**
 * HypoPG 1.3 writes the columns of expressions as those of a level's first table, so the planner finds them nowhere
 * else: nothing is known of such candidates on other tables, on parts and on children.
 */
export function isHiddenFromPlanner<Failure>(
  { index, table }: Candidate,
  { facts, verb }: Pick<ParsedStatement, "facts" | "verb">,
  prover: Pick<Prover<Failure>, "kind">,
): boolean {
  if (prover.kind !== "hypopg") return false;
  if (!index.keys.some((key) => key.isExpression)) return false;
  const hasParts =
    table.kind === "partitioned" || (table.children ?? []).length > 0;
  if (hasParts) return true;
  const isFirst = (reference: TableReference): boolean =>
    facts.tables.find(({ scope }) => scope === reference.scope) === reference;
  return !facts.tables.some(
    (reference) =>
      reference.name === index.table &&
      isFirst(reference) &&
      isPlannedAlone(facts, verb, reference.scope),
  );
}
