import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  AnalyzeLimits,
  DatabaseError,
  ServerInfo,
} from "../../app/database.ts";
import {
  adviseOn,
  interpret,
  type ExplainedStatement,
  type ExplainFailure,
  type ExplainPorts,
} from "../../app/explain-statement.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { serverWords as nameServer } from "../connections/words.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { askConsent, needsWriting } from "./consent.ts";
import { valuesFor } from "./parameter-input.ts";

/** What came of running or planning with values; `left` when the person turned away. */
export type ActionOutcome =
  | { readonly kind: "left" }
  | { readonly kind: "explainInstead" }
  | { readonly kind: "failed"; readonly failure: ExplainFailure }
  | {
      readonly kind: "done";
      readonly explained: ExplainedStatement;
      readonly advice: Advice;
      readonly ran: string;
    };

export interface ActionNeeds {
  readonly ports: ExplainPorts;
  readonly profile: ConnectionProfile;
  readonly memory: vscode.Memento;
  readonly limits: AnalyzeLimits;
  readonly onRunning: (what: string, limitMs: number | undefined) => void;
}

const noAdvice: Advice = { suggestions: [], rejected: [] };

const databaseFailure = (error: DatabaseError): NotDone => ({
  kind: "failed",
  failure: { kind: "database", error },
});

function parseText(
  ports: ExplainPorts,
  text: string,
): Result<ParsedStatement, ExplainFailure> {
  const parsed = ports.parser.parse(text);
  return parsed.ok ? parsed : failed({ kind: "parse", failure: parsed.error });
}

/** Advice is welcome, never required: a plan is shown without it. */
async function adviceOrNone(
  ports: ExplainPorts,
  explained: ExplainedStatement,
  signal: AbortSignal,
): Promise<Advice> {
  const advice = await adviseOn(ports, explained, signal);
  return advice.ok ? advice.value : noAdvice;
}

/** Plans with values that are asked for; runs nothing. */
export async function explainWithValues(
  needs: ActionNeeds,
  text: string,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { ports } = needs;
  const parsed = parseText(ports, text);
  if (!parsed.ok) return { kind: "failed", failure: parsed.error };
  const asked = await valuesFor(
    parsed.value,
    ports.database,
    needs.memory,
    signal,
  );
  if (asked.kind === "left") return asked;
  if (asked.kind === "failed") return databaseFailure(asked.error);
  needs.onRunning(vscode.l10n.t("Explaining"), undefined);
  const answer = await ports.database.explain(
    parsed.value,
    asked.values,
    signal,
  );
  if (!answer.ok) return databaseFailure(answer.error);
  const explained = await interpret(ports, parsed.value, answer.value, {
    advise: false,
    signal,
  });
  if (!explained.ok) return { kind: "failed", failure: explained.error };
  return {
    kind: "done",
    explained: explained.value,
    advice: await adviceOrNone(ports, explained.value, signal),
    ran: vscode.l10n.t("Planned just now with your values, nothing ran"),
  };
}

interface Ready {
  readonly kind: "ready";
  readonly statement: ParsedStatement;
  readonly values: readonly (string | null)[];
  readonly granted: Granted;
}

/** What the person agreed to. */
interface Granted {
  readonly kind: "granted";
  readonly mayWrite: boolean;
  readonly mayCallVolatile: boolean;
}

type NotDone = Exclude<ActionOutcome, { kind: "done" }>;

/** Asks what the safety contract asks for; undefined when the statement may run. */
async function consentTo(
  needs: ActionNeeds,
  statement: ParsedStatement,
  signal: AbortSignal,
): Promise<NotDone | Granted> {
  const { ports, profile, limits } = needs;
  const effects = await ports.database.effects(statement, signal);
  if (!effects.ok) return databaseFailure(effects.error);
  const consent = await askConsent({
    profile,
    statement,
    effects: effects.value,
    limits,
    estimatedRows: await estimateRows(ports, statement, signal),
  });
  if (consent === "cancel") return { kind: "left" };
  if (consent === "explainInstead") return { kind: "explainInstead" };
  return {
    kind: "granted",
    mayWrite: consent === "runAndRollBack",
    // Such functions were named in the question; others are still refused.
    mayCallVolatile: effects.value.volatileFunctions.length > 0,
  };
}

/** Statement, consent and values: everything that has to be known before anything runs. */
async function prepare(
  needs: ActionNeeds,
  text: string,
  signal: AbortSignal,
): Promise<NotDone | Ready> {
  const parsed = parseText(needs.ports, text);
  if (!parsed.ok) return { kind: "failed", failure: parsed.error };
  const consent = await consentTo(needs, parsed.value, signal);
  if (consent.kind !== "granted") return consent;
  const asked = await valuesFor(
    parsed.value,
    needs.ports.database,
    needs.memory,
    signal,
  );
  if (asked.kind === "left") return asked;
  if (asked.kind === "failed") return databaseFailure(asked.error);
  return {
    kind: "ready",
    statement: parsed.value,
    values: asked.values,
    granted: consent,
  };
}

/** How many rows a write would touch, for the question; unknown when it cannot be planned. */
async function estimateRows(
  ports: ExplainPorts,
  statement: ParsedStatement,
  signal: AbortSignal,
): Promise<number | undefined> {
  if (!needsWriting(statement)) return undefined;
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

/** Runs the statement under the safety contract and rolls back. */
export async function analyzeStatement(
  needs: ActionNeeds,
  text: string,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const ready = await prepare(needs, text, signal);
  if (ready.kind !== "ready") return ready;
  const { ports } = needs;
  const { limits } = needs;
  needs.onRunning(vscode.l10n.t("Analyzing"), limits.statementTimeoutMs);
  const { statement, values, granted } = ready;
  const { mayWrite, mayCallVolatile } = granted;
  const answer = await ports.database.analyze(
    { statement, values, limits, mayWrite, mayCallVolatile },
    signal,
  );
  if (!answer.ok) return databaseFailure(answer.error);
  const explained = await interpret(ports, statement, answer.value, {
    advise: false,
    signal,
  });
  if (!explained.ok) return { kind: "failed", failure: explained.error };
  return {
    kind: "done",
    explained: explained.value,
    advice: await adviceOrNone(ports, explained.value, signal),
    ran: mayWrite
      ? vscode.l10n.t("Analyzed just now, rolled back")
      : vscode.l10n.t("Analyzed just now, read-only, rolled back"),
  };
}

/** `PostgreSQL 16.4`, or nothing while it is not known. */
export async function serverWords(
  ports: ExplainPorts,
  signal: AbortSignal,
): Promise<string> {
  const info: Result<ServerInfo, DatabaseError> =
    await ports.database.info(signal);
  return info.ok ? nameServer(info.value) : "";
}

/** Ports, or the failure to reach the database in the words of a plan. */
export const asFailure = (
  ports: Result<ExplainPorts, DatabaseError>,
): Result<ExplainPorts, ExplainFailure> =>
  ports.ok
    ? succeeded(ports.value)
    : failed({ kind: "database", error: ports.error });
