import * as vscode from "vscode";
import type {
  ConnectionProfile,
  ConnectionTarget,
  Environment,
} from "../../app/connection.ts";
import type { ServerInfo } from "../../app/database.ts";
import { whereIs } from "./offers.ts";
import { shownEnvironment } from "./shown-environment.ts";
import type { ProfileProblem } from "./stored-profile.ts";

/** The environment as a person reads it. */
export function environmentWord(environment: Environment): string {
  switch (environment) {
    case "dev":
      return vscode.l10n.t("dev");
    case "staging":
      return vscode.l10n.t("staging");
    case "production":
      return vscode.l10n.t("production");
  }
}

/** Codicon names: a shield for production, layers for staging, so that colour never speaks alone. */
export const environmentIcons: Readonly<Record<Environment, string>> = {
  dev: "database",
  staging: "layers",
  production: "shield",
};

const environmentColors: Readonly<Record<Environment, string | undefined>> = {
  dev: undefined,
  staging: "charts.yellow",
  production: "charts.red",
};

/** The environment of a connection as a person reads it; a bundle is of none. */
export function profileWord(profile: ConnectionProfile): string {
  const shown = shownEnvironment(profile);
  return shown === "bundle" ? vscode.l10n.t("bundle") : environmentWord(shown);
}

/** A codicon's name beside that word. */
export function profileIcon(profile: ConnectionProfile): string {
  const shown = shownEnvironment(profile);
  return shown === "bundle" ? "package" : environmentIcons[shown];
}

/** The icon of a connection, in its own colour or that of its environment. */
export function connectionIcon(profile: ConnectionProfile): vscode.ThemeIcon {
  const shown = shownEnvironment(profile);
  const usual = shown === "bundle" ? undefined : environmentColors[shown];
  const color = profile.color === undefined ? usual : `charts.${profile.color}`;
  return new vscode.ThemeIcon(
    profileIcon(profile),
    color === undefined ? undefined : new vscode.ThemeColor(color),
  );
}

const productWords = (
  engine: ServerInfo["engine"],
  versionText: string,
): string =>
  `${engine === "postgres" ? "PostgreSQL" : "MongoDB"} ${versionText.replace(/^PostgreSQL\s+/i, "")}`;

/** `15.18` of `15.18 (Debian 15.18-1.pgdg12+1)`. */
const withoutBuild = (versionText: string): string =>
  versionText.replace(/\s*\(.*$/u, "");

/** `PostgreSQL 15.18`, with HypoPG when the server has it; of a bundle's twin whose statistics and who plans. */
export function serverWords(info: ServerInfo): string {
  const { engine, twin } = info;
  const server = productWords(engine, info.versionText);
  if (twin !== undefined) {
    const source = productWords(engine, withoutBuild(twin.sourceVersion));
    const planner = productWords(engine, withoutBuild(info.versionText));
    return twin.isEmbedded
      ? vscode.l10n.t(
          "{0} statistics, planned on embedded {1}",
          source,
          planner,
        )
      : vscode.l10n.t("{0} statistics, planned on {1}", source, planner);
  }
  return info.hypopgVersion === undefined
    ? server
    : vscode.l10n.t("{0}, HypoPG {1}", server, info.hypopgVersion);
}

/** Where a target is, without secrets. */
export function targetWords(target: ConnectionTarget): string {
  switch (target.engine) {
    case "postgres":
      return whereIs(target);
    case "mongodb":
      return target.url;
    case "demo":
      return vscode.l10n.t("embedded, no server needed");
    case "bundle":
      return vscode.l10n.t("{0}, offline", target.path);
  }
}

/** What is wrong with an entry of the setting, and how to correct it. */
export function problemWords(problem: ProfileProblem): string {
  switch (problem.kind) {
    case "notAnObject":
      return vscode.l10n.t("it is not an object");
    case "missing":
      return vscode.l10n.t('"{0}" is missing', problem.field);
    case "wrong":
      return vscode.l10n.t(
        '"{0}" must be one of: {1}',
        problem.field,
        problem.allowed,
      );
    case "secret":
      return vscode.l10n.t(
        '"{0}" holds a password; remove it and enter it with "Enter Password…", which keeps it in the secret store',
        problem.field,
      );
    case "repeatedId":
      return vscode.l10n.t('the id "{0}" is taken', problem.id);
  }
}
