import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { DatabaseError } from "../../app/database.ts";
import type { ExplainPorts } from "../../app/explain-statement.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import type { AdvisedWorkload } from "../../app/advise-workload.ts";
import type { WorkloadProgress } from "../../core/advice/workload/workload-advice.ts";
import { succeeded, type Result } from "../../core/result.ts";
import { abortOn } from "../editor/cancellation.ts";
import type { Explainer } from "../editor/explainer.ts";
import { shownEnvironment } from "../connections/shown-environment.ts";
import { serverWords } from "../editor/plan-actions.ts";
import { readSettings } from "../settings.ts";
import type { CopyQuestion } from "../twin/twin-host.ts";
import type { AdviceRecord, WorkloadSource } from "./advice-record.ts";
import { askSource } from "./ask-source.ts";
import { collectFiles } from "./collect-files.ts";
import { findWorkload, type FoundWorkload } from "./find-workload.ts";
import { tellProgress } from "./search-progress.ts";

export interface AdviserNeeds {
  readonly explainer: Pick<Explainer, "ports">;
  readonly memory: vscode.Memento;
  /** What the connection has and the copy of its statistics has not. */
  readonly remarks: (profile: ConnectionProfile) => readonly string[];
  readonly copyQuestion: Pick<CopyQuestion, "settle">;
  readonly log: Pick<vscode.LogOutputChannel, "show">;
  readonly now: () => number;
}

/** One run of the search. */
interface Search {
  readonly profile: ConnectionProfile;
  readonly ports: ExplainPorts;
  readonly source: WorkloadSource;
  readonly onProgress: (progress: WorkloadProgress) => void;
  readonly signal: AbortSignal;
}

const megabyte = 1024 ** 2;

/** Says what went wrong, for which the person cannot do anything here but read on. */
export async function tellDatabaseTrouble(
  error: DatabaseError,
  profile: Pick<ConnectionProfile, "name">,
  log: AdviserNeeds["log"],
): Promise<void> {
  if (error.kind === "cancelled") return;
  const { what, next } = describeDatabaseError(
    error,
    profile.name,
    vscode.l10n.t,
  );
  const show = vscode.l10n.t("Show Log");
  const answer = await vscode.window.showErrorMessage(`${what} ${next}`, show);
  if (answer === show) log.show();
}

const emptyWords = (source: WorkloadSource): string =>
  ({
    files: vscode.l10n.t(
      "The SQL files of this workspace hold no queries, so there is nothing to find indexes for.",
    ),
    server: vscode.l10n.t(
      "pg_stat_statements has counted no queries yet, so there is nothing to find indexes for.",
    ),
    both: vscode.l10n.t(
      "Neither the SQL files of this workspace nor pg_stat_statements hold queries, so there is nothing to find indexes for.",
    ),
  })[source];

async function advise(
  { ports, source, onProgress, signal }: Search,
  { statements }: FoundWorkload,
): Promise<Result<AdvisedWorkload, DatabaseError>> {
  const { adviseTimeLimitMs, adviseBudgetMegabytes } = readSettings();
  const { adviseWorkload } = await import("../../app/advise-workload.ts");
  return adviseWorkload(
    ports,
    statements,
    {
      budgetBytes:
        adviseBudgetMegabytes === 0
          ? undefined
          : adviseBudgetMegabytes * megabyte,
      timeLimitMs: adviseTimeLimitMs,
      // What the server counted of writes is of the same scale as its calls.
      countsCalls: source !== "files",
      onProgress,
      translate: vscode.l10n.t,
    },
    signal,
  );
}

const fileCountOf = ({ statements }: FoundWorkload): number =>
  new Set(
    statements.flatMap(({ place }) =>
      place.kind === "file" ? [place.uri] : [],
    ),
  ).size;

/** Undefined when there was nothing to search for; the person was told. */
async function search(
  needs: AdviserNeeds,
  run: Search,
): Promise<Result<AdviceRecord | undefined, DatabaseError>> {
  const { profile, ports, source, signal } = run;
  const startedAt = needs.now();
  const found = await findWorkload(ports, source, collectFiles, signal);
  if (!found.ok) return found;
  if (found.value.serverTrouble !== undefined)
    void tellDatabaseTrouble(found.value.serverTrouble, profile, needs.log);
  if (found.value.statements.length === 0) {
    void vscode.window.showInformationMessage(emptyWords(source));
    return succeeded(undefined);
  }
  const advice = await advise(run, found.value);
  if (!advice.ok) return advice;
  return succeeded({
    version: 2,
    key: randomUUID(),
    connectionId: profile.id,
    connection: {
      name: profile.name,
      environment: shownEnvironment(profile),
      server: await serverWords(ports, new AbortController().signal),
    },
    source,
    fileCount: fileCountOf(found.value),
    elapsedMs: needs.now() - startedAt,
    statements: found.value.statements,
    advice: advice.value,
    remarks: needs.remarks(profile),
  });
}

/** Runs the search under a notification; Cancel there keeps the best until then. */
async function searchWithProgress(
  needs: AdviserNeeds,
  run: Pick<Search, "profile" | "ports" | "source">,
): ReturnType<typeof search> {
  return vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t(
        "Looking for the best indexes on {0}; Cancel keeps what is found until then",
        run.profile.name,
      ),
      cancellable: true,
    },
    async (progress, token) => {
      const abort = abortOn(token);
      const report = progress.report.bind(progress);
      try {
        return await search(needs, {
          ...run,
          onProgress: tellProgress(report, needs.now),
          signal: abort.signal,
        });
      } finally {
        abort.dispose();
      }
    },
  );
}

/** Asks for the source, searches, and resolves to what was found; undefined when there is nothing to show. */
export async function adviseOnWorkspace(
  needs: AdviserNeeds,
  profile: ConnectionProfile,
): Promise<AdviceRecord | undefined> {
  if (profile.target.engine === "mongodb") {
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Index advice for a workspace is for PostgreSQL; {0} is MongoDB.",
        profile.name,
      ),
    );
    return undefined;
  }
  const source = await askSource(needs.memory);
  if (source === undefined) return undefined;
  const ports = await needs.explainer.ports(profile);
  if (ports.ok)
    await needs.copyQuestion.settle(
      profile,
      ports.value.database,
      new AbortController().signal,
    );
  const found = ports.ok
    ? await searchWithProgress(needs, { profile, ports: ports.value, source })
    : ports;
  if (found.ok) return found.value;
  await tellDatabaseTrouble(found.error, profile, needs.log);
  return undefined;
}
