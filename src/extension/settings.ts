import * as vscode from "vscode";
import { settingDefaults, type SettingName } from "./setting-defaults.ts";

/** What is shown where, and the limits of a run. Times in milliseconds. */
export interface Settings {
  readonly codeLens: boolean;
  readonly hover: boolean;
  readonly diagnostics: boolean;
  readonly demoAutoConnect: boolean;
  /** Whether statistics may be copied to try indexes where the server cannot. */
  readonly twins: boolean;
  readonly statementTimeoutMs: number;
  readonly lockTimeoutMs: number;
  /** How many slow queries are read at once. */
  readonly slowQueriesLimit: number;
  /** How long a search for a workspace's indexes may take. */
  readonly adviseTimeLimitMs: number;
  /** Disk that its indexes may take together; 0: as much as pays. */
  readonly adviseBudgetMegabytes: number;
}

const section = "planlens";

const flag = (value: unknown, fallback: boolean): boolean =>
  typeof value === "boolean" ? value : fallback;

const count = (value: unknown, fallback: number): number =>
  typeof value === "number" && Number.isFinite(value) && value > 0
    ? Math.round(value)
    : fallback;

/** Reads the settings as they are now for this place; wrong types fall back to the default. */
export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const stored = vscode.workspace.getConfiguration(section, scope);
  const read = (name: SettingName): unknown => stored.get(name);
  const flagOf = (name: SettingName): boolean =>
    flag(read(name), settingDefaults[name] === true);
  const countOf = (
    name:
      | "analyze.statementTimeoutMs"
      | "analyze.lockTimeoutMs"
      | "slowQueries.limit"
      | "advise.timeLimitMs"
      | "advise.budgetMegabytes",
  ): number => count(read(name), settingDefaults[name]);
  return {
    codeLens: flagOf("codeLens.enabled"),
    hover: flagOf("hover.enabled"),
    diagnostics: flagOf("diagnostics.enabled"),
    demoAutoConnect: flagOf("demo.autoConnect"),
    twins: flagOf("twins.enabled"),
    statementTimeoutMs: countOf("analyze.statementTimeoutMs"),
    lockTimeoutMs: countOf("analyze.lockTimeoutMs"),
    slowQueriesLimit: countOf("slowQueries.limit"),
    adviseTimeLimitMs: countOf("advise.timeLimitMs"),
    adviseBudgetMegabytes: countOf("advise.budgetMegabytes"),
  };
}
