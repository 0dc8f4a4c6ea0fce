import * as vscode from "vscode";
import type { AnalyzeDialog } from "../../app/analyze-statement.ts";
import type { ConnectionProfile } from "../../app/connection.ts";
import type {
  AnalyzeLimits,
  DatabaseError,
  ServerInfo,
} from "../../app/database.ts";
import type {
  ExplainedStatement,
  ExplainFailure,
  ExplainPorts,
} from "../../app/explain-statement.ts";
import type { Advice } from "../../core/advice/suggestion.ts";
import { failed, succeeded, type Result } from "../../core/result.ts";
import { serverWords as nameServer } from "../connections/words.ts";
import type { ParsedStatement } from "../../core/sql/statement.ts";
import { askConsent, tellRefusal } from "./consent.ts";
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

const databaseFailure = (error: DatabaseError): ActionOutcome => ({
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

/** Undefined when there was trouble. */
export async function adviceFor(
  ports: ExplainPorts,
  explained: ExplainedStatement,
  signal: AbortSignal,
): Promise<Advice | undefined> {
  const { adviseOn } = await import("../../app/advise-statement.ts");
  const advice = await adviseOn(ports, explained, signal);
  return advice.ok ? advice.value : undefined;
}

/** Advice is welcome, never required: a plan is shown without it. */
const adviceOrNone = async (
  ports: ExplainPorts,
  explained: ExplainedStatement,
  signal: AbortSignal,
): Promise<Advice> => (await adviceFor(ports, explained, signal)) ?? noAdvice;

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
  const { interpret } = await import("../../app/explain-statement.ts");
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

/** How the editor asks what the contract asks for. */
function dialogFor(needs: ActionNeeds, signal: AbortSignal): AnalyzeDialog {
  const { ports, profile, limits } = needs;
  return {
    consent: (question) => askConsent(question, profile, limits),
    refused: () => tellRefusal(profile),
    values: async (statement) => {
      const { database } = ports;
      const asked = await valuesFor(statement, database, needs.memory, signal);
      if (asked.kind === "failed") return failed(asked.error);
      return succeeded(asked.kind === "left" ? undefined : asked.values);
    },
    onRunning: () => {
      needs.onRunning(vscode.l10n.t("Analyzing"), limits.statementTimeoutMs);
    },
  };
}

/** Runs the statement under the safety contract and rolls back. */
export async function analyzeStatement(
  needs: ActionNeeds,
  text: string,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  const { ports, limits } = needs;
  const { environment } = needs.profile;
  const contract = await import("../../app/analyze-statement.ts");
  const outcome = await contract.analyzeStatement(
    ports,
    { text, environment, limits },
    dialogFor(needs, signal),
    signal,
  );
  if (outcome.kind !== "done") return outcome;
  const { explained, wrote } = outcome;
  return {
    kind: "done",
    explained,
    advice: await adviceOrNone(ports, explained, signal),
    ran: wrote
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
