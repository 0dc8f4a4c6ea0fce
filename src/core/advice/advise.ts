import type { Catalog } from "../catalog.ts";
import type { Plan } from "../plan/plan.ts";
import { succeeded, type Result } from "../result.ts";
import type { ParsedStatement } from "../sql/statement.ts";
import { adviseByRules, adviseOnForeignKeys } from "./by-rule.ts";
import { proposeCandidates, type Candidate } from "./candidates.ts";
import { findCoverage } from "./cover.ts";
import { isWorthByGuess } from "./guessed-ranges.ts";
import { chooseIndexName } from "./name.ts";
import { isHiddenFromPlanner, unprovableReason } from "./provable.ts";
import { prove } from "./prove.ts";
import type {
  Advice,
  IndexDefinition,
  RejectedCandidate,
  Suggestion,
} from "./suggestion.ts";
import type { Prover } from "./trial.ts";
import { isTinyInPlan } from "./worth-building.ts";

export interface AdviseInput<Failure> {
  /** Its columns resolved against the catalog. */
  readonly statement: ParsedStatement;
  /**
   * What the statement reads beneath its views, resolved likewise; candidates come from it. Absent
   * where it reads no view.
   */
  readonly beneath?: ParsedStatement;
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly prover: Prover<Failure>;
}

interface Sorted {
  readonly open: readonly Candidate[];
  readonly rejected: readonly RejectedCandidate[];
}

/** Sets aside what exists or what a wider index already does. */
function setAsideExisting(candidates: readonly Candidate[]): Sorted {
  const open: Candidate[] = [];
  const rejected: RejectedCandidate[] = [];
  for (const candidate of candidates) {
    const coverage = findCoverage(candidate.index, candidate.table.indexes);
    if (coverage === undefined) open.push(candidate);
    else
      rejected.push({
        index: candidate.index,
        costAfter: undefined,
        reason: coverage.kind,
      });
  }
  return { open, rejected };
}

/** Relation names of one schema as far as the catalog tells, grown by each name given. */
function createNamer(catalog: Catalog): (index: IndexDefinition) => string {
  const given: string[] = [];
  return (index) => {
    const tables = catalog.tables.filter(
      (table) => table.schema === index.schema,
    );
    const taken = tables.flatMap((table) => [
      table.name,
      ...table.indexes.map(({ name }) => name),
    ]);
    const name = chooseIndexName(index, new Set([...taken, ...given]));
    given.push(name);
    return name;
  };
}

function markPartitioned(suggestion: Suggestion, catalog: Catalog): Suggestion {
  const { schema, table } = suggestion.index;
  const isParent = catalog.tables.some(
    ({ kind, schema: inSchema, name }) =>
      kind === "partitioned" && inSchema === schema && name === table,
  );
  return isParent ? { ...suggestion, refusesConcurrently: true } : suggestion;
}

/** What might help, apart from what exists and from tables too small to matter. */
const sortCandidates = ({
  statement,
  beneath,
  plan,
  catalog,
}: Omit<AdviseInput<unknown>, "prover">): Sorted =>
  setAsideExisting(
    proposeCandidates(beneath ?? statement, catalog).filter(
      (candidate) => !isTinyInPlan(plan, candidate),
    ),
  );

/** False where nothing would be tried, so that nobody need prepare for it. */
export const hasCandidates = (
  input: Omit<AdviseInput<unknown>, "prover">,
): boolean => sortCandidates(input).open.length > 0;

/** What the database can try, and what it cannot. */
function splitByProver<Failure>(
  open: readonly Candidate[],
  prover: Prover<Failure>,
): {
  readonly provable: readonly Candidate[];
  readonly unprovable: readonly Candidate[];
} {
  const isProvable = (candidate: Candidate): boolean =>
    unprovableReason(candidate, prover) === undefined;
  return {
    provable: open.filter(isProvable),
    unprovable: open.filter((candidate) => !isProvable(candidate)),
  };
}

/**
 * Indexes that would help one statement, best first, each with its proof, and what was tried and
 * lost. Plans at most 60 times. A failure of the connection (not of one index) is returned as it came.
 */
export async function adviseStatement<
  Failure extends { readonly kind: string },
>(input: AdviseInput<Failure>): Promise<Result<Advice, Failure>> {
  const { statement, catalog, prover, plan } = input;
  const read = input.beneath ?? statement;
  const nameFor = createNamer(catalog);
  const { open, rejected } = sortCandidates(input);
  const { provable, unprovable } = splitByProver(open, prover);
  const asked = { statement, read, plan, prover, nameFor };
  const proven = await prove({ ...asked, candidates: provable });
  if (!proven.ok) return proven;
  const { suggestions, refused } = proven.value;
  const accepted = provable.filter((candidate) => !refused.includes(candidate));
  const hidden = accepted.filter((candidate) =>
    isHiddenFromPlanner(candidate, read, prover),
  );
  const guessed = accepted.filter(
    (candidate) => prover.kind === "hypopg" && isWorthByGuess(plan, candidate),
  );
  const rest = {
    ...{ plan, prover, candidates: unprovable },
    ...{ proven: suggestions, hidden, guessed },
  };
  return succeeded({
    suggestions: [
      ...suggestions,
      ...adviseByRules(rest, nameFor),
      ...adviseOnForeignKeys(statement, catalog, nameFor),
    ].map((suggestion) => markPartitioned(suggestion, catalog)),
    rejected: [...rejected, ...proven.value.rejected],
  });
}
