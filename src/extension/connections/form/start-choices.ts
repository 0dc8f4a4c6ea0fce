import * as vscode from "vscode";
import type { Offers } from "../offers.ts";
import type { Source } from "./draft.ts";
import type { Choice } from "./starting-choice.ts";

/** Where a new connection starts: a kind, or one of the offers by its position. */
export type Start =
  | Exclude<Source, "service" | "found">
  | { readonly service: number }
  | { readonly found: number };

const heading = (label: string): Choice<Start> => ({ label });

function offeredChoices(offers: Offers): readonly Choice<Start>[] {
  const { environment } = offers;
  const choices: readonly Choice<Start>[] = [
    ...offers.found.map(({ variable, fileName, where }, found) => ({
      label: vscode.l10n.t("$(key) {0} in {1}", variable, fileName),
      description: where,
      value: { found },
    })),
    ...(environment === undefined
      ? []
      : [
          {
            label: vscode.l10n.t("$(terminal) PG* Variables"),
            description: environment.where,
            value: "environment" as const,
          },
        ]),
    ...offers.services.map(({ name, where }, service) => ({
      label: vscode.l10n.t("$(list-unordered) Service {0}", name),
      description: where,
      value: { service },
    })),
  ];
  const title = vscode.l10n.t("Found here, not dialled until you choose it");
  return choices.length === 0 ? [] : [heading(title), ...choices];
}

/** The answers to "Where is the database?". */
export function startChoices(offers: Offers): readonly Choice<Start>[] {
  return [
    heading("PostgreSQL"),
    {
      label: vscode.l10n.t("$(link) URL…"),
      description: "postgresql://user@host/database",
      value: "url",
    },
    {
      label: vscode.l10n.t("$(list-flat) Host, Database, User…"),
      description: vscode.l10n.t("asked one by one"),
      value: "parts",
    },
    ...offeredChoices(offers),
    heading("MongoDB"),
    {
      label: vscode.l10n.t("$(link) MongoDB URL…"),
      description: "mongodb+srv://user@cluster/app",
      value: "mongodb",
    },
    heading(vscode.l10n.t("No server at hand")),
    {
      label: vscode.l10n.t("$(beaker) Demo Database"),
      description: vscode.l10n.t("embedded, nothing to install"),
      value: "demo",
    },
  ];
}
