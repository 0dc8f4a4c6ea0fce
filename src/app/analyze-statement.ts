import type { Result } from "../core/result.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import type { Environment } from "./connection.ts";
import type {
  AnalyzeLimits,
  DatabaseError,
  Effects,
  RunConsent,
} from "./database.ts";
import {
  interpret,
  type ExplainedStatement,
  type ExplainFailure,
  type ExplainPorts,
} from "./explain-statement.ts";
import { judgeRun } from "./run-verdict.ts";

/** What a person has to know before agreeing to a run. */
export interface ConsentQuestion {
  readonly statement: ParsedStatement;
  readonly effects: Effects;
  /** READ ONLY would refuse the statement: it runs read-write and is rolled back. */
  readonly writes: boolean;
  /** Rows that a write would touch, where they can be estimated. */
  readonly estimatedRows: number | undefined;
}

export type Consent = "run" | "explainInstead" | "cancel";

/** What only a front end can ask. The contract decides when; the front end decides how. */
export interface AnalyzeDialog {
  /** Called for a statement that may change something, never on production. */
  readonly consent: (question: ConsentQuestion) => Promise<Consent>;
  /** The contract refuses the run: what instead. */
  readonly refused: (error: DatabaseError) => Promise<Exclude<Consent, "run">>;
  /** One value per parameter; undefined when the person turned away. */
  readonly values: (
    statement: ParsedStatement,
  ) => Promise<Result<readonly (string | null)[] | undefined, DatabaseError>>;
  /** The statement is about to be sent. */
  readonly onRunning: () => void;
}

export interface AnalyzeOrder {
  readonly text: string;
  /** Of the connection that `ports` reach. */
  readonly environment: Environment;
  readonly limits: AnalyzeLimits;
}

export type AnalyzeOutcome =
  | { readonly kind: "left" }
  | { readonly kind: "explainInstead" }
  | { readonly kind: "failed"; readonly failure: ExplainFailure }
  | {
      readonly kind: "done";
      readonly explained: ExplainedStatement;
      /** It ran read-write and was rolled back. */
      readonly wrote: boolean;
    };

type NotDone = Exclude<AnalyzeOutcome, { kind: "done" }>;

interface Granted {
  readonly kind: "granted";
  readonly consent: RunConsent;
}

const databaseFailure = (error: DatabaseError): NotDone => ({
  kind: "failed",
  failure: { kind: "database", error },
});

const turnedAway = (answer: Exclude<Consent, "run">): NotDone =>
  answer === "cancel" ? { kind: "left" } : { kind: "explainInstead" };

/** How many rows a write would touch; unknown when it cannot be planned. */
async function estimateRows(
  ports: ExplainPorts,
  statement: ParsedStatement,
  signal: AbortSignal,
): Promise<number | undefined> {
  const answer = await ports.database.explain(statement, undefined, signal);
  if (!answer.ok) return undefined;
  const explained = await interpret(ports, statement, answer.value, {
    advise: false,
    signal,
  });
  if (!explained.ok) return undefined;
  const { root } = explained.value.plan;
  // The ModifyTable node itself returns nothing without RETURNING; the rows come from below it.
  const source =
    root.kind === "modifyTable" ? (root.children[0] ?? root) : root;
  return source.estimate?.rowsPerLoop;
}

/** Judges the run, and asks where the contract says that a person has to agree. */
async function seekConsent(
  ports: ExplainPorts,
  statement: ParsedStatement,
  asked: { readonly environment: Environment; readonly dialog: AnalyzeDialog },
  signal: AbortSignal,
): Promise<NotDone | Granted> {
  const effects = await ports.database.effects(statement, signal);
  if (!effects.ok) return databaseFailure(effects.error);
  const verdict = judgeRun(asked.environment, statement, effects.value);
  if (verdict.kind === "refused")
    return turnedAway(await asked.dialog.refused(verdict.error));
  const writes = verdict.kind === "needsConsent" && verdict.writes;
  if (verdict.kind === "needsConsent") {
    const answer = await asked.dialog.consent({
      statement,
      effects: effects.value,
      writes,
      estimatedRows: writes
        ? await estimateRows(ports, statement, signal)
        : undefined,
    });
    if (answer !== "run") return turnedAway(answer);
  }
  return {
    kind: "granted",
    consent: {
      mayWrite: writes,
      // The question named those that the catalog tells of; whatever is called counts as agreed to.
      mayCallVolatile: verdict.kind === "needsConsent",
    },
  };
}

/**
 * Runs one statement with EXPLAIN ANALYZE under the safety contract: judged, agreed to where that is
 * asked for, with limits, rolled back. `database.analyze` judges again, right before it sends.
 */
export async function analyzeStatement(
  ports: ExplainPorts,
  order: AnalyzeOrder,
  dialog: AnalyzeDialog,
  signal: AbortSignal,
): Promise<AnalyzeOutcome> {
  const { environment, limits } = order;
  const parsed = ports.parser.parse(order.text);
  if (!parsed.ok)
    return {
      kind: "failed",
      failure: { kind: "parse", failure: parsed.error },
    };
  const statement = parsed.value;
  const asked = { environment, dialog };
  const granted = await seekConsent(ports, statement, asked, signal);
  if (granted.kind !== "granted") return granted;
  const values = await dialog.values(statement);
  if (!values.ok) return databaseFailure(values.error);
  if (values.value === undefined) return { kind: "left" };
  dialog.onRunning();
  const { consent } = granted;
  const answer = await ports.database.analyze(
    { statement, environment, values: values.value, limits, consent },
    signal,
  );
  if (!answer.ok) return databaseFailure(answer.error);
  const options = { advise: false, signal };
  const explained = await interpret(ports, statement, answer.value, options);
  return explained.ok
    ? { kind: "done", explained: explained.value, wrote: consent.mayWrite }
    : { kind: "failed", failure: explained.error };
}
