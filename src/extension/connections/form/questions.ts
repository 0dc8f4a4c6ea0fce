import * as vscode from "vscode";
import { colors, environments } from "../stored-profile.ts";
import { environmentIcons, environmentWord } from "../words.ts";
import { askLine, mapReply, needed, type Ask } from "./ask.ts";
import { guessEnvironment, suggestName, type DraftField } from "./draft.ts";
import { pickOne } from "./quick-input.ts";
import { targetQuestions } from "./target-questions.ts";

const askName: Ask = (frame, draft) =>
  askLine(
    frame,
    {
      prompt: vscode.l10n.t("Name, shown in the status bar"),
      value: draft.name === "" ? suggestName(draft) : draft.name,
      check: needed("name"),
    },
    (text) => ({ ...draft, name: text.trim() }),
  );

const environmentDetail = {
  dev: () => vscode.l10n.t("A database you may do anything to"),
  staging: () =>
    vscode.l10n.t("Shared; Analyze of a statement that writes asks every time"),
  production: () =>
    vscode.l10n.t("Analyze of a statement that writes is refused"),
} as const;

const askEnvironment: Ask = async (frame, draft) =>
  mapReply(
    await pickOne(frame, {
      placeholder: vscode.l10n.t("What is this database for?"),
      choices: environments.map((environment) => ({
        label: `$(${environmentIcons[environment]}) ${environmentWord(environment)}`,
        detail: environmentDetail[environment](),
        value: environment,
      })),
      current:
        draft.id === undefined ? guessEnvironment(draft) : draft.environment,
    }),
    (environment) => ({ ...draft, environment }),
  );

const colorWords: Readonly<Record<(typeof colors)[number], () => string>> = {
  red: () => vscode.l10n.t("red"),
  orange: () => vscode.l10n.t("orange"),
  yellow: () => vscode.l10n.t("yellow"),
  green: () => vscode.l10n.t("green"),
  blue: () => vscode.l10n.t("blue"),
  purple: () => vscode.l10n.t("purple"),
};

const askColor: Ask = async (frame, draft) =>
  mapReply(
    await pickOne<string>(frame, {
      placeholder: vscode.l10n.t("Colour of the icon"),
      choices: [
        { label: vscode.l10n.t("as the environment"), value: "none" },
        ...colors.map((color) => ({
          label: colorWords[color](),
          value: color,
        })),
      ],
      current: draft.color ?? "none",
    }),
    (color) => ({ ...draft, color: color === "none" ? undefined : color }),
  );

const askSwitches: Ask = async (frame, draft) => {
  const state = (on: boolean): string =>
    on ? vscode.l10n.t("on") : vscode.l10n.t("off");
  const reply = await pickOne<"hover" | "typing">(frame, {
    placeholder: vscode.l10n.t(
      "Only plain EXPLAIN is ever sent by itself; choose one to switch it",
    ),
    choices: [
      {
        label: vscode.l10n.t("Explain on hover"),
        description: state(draft.explainOnHover),
        value: "hover",
      },
      {
        label: vscode.l10n.t("Explain while typing"),
        description: state(draft.explainWhileTyping),
        value: "typing",
      },
    ],
  });
  return mapReply(reply, (which) =>
    which === "hover"
      ? { ...draft, explainOnHover: !draft.explainOnHover }
      : { ...draft, explainWhileTyping: !draft.explainWhileTyping },
  );
};

/** The question of each field. A new field without a question does not compile. */
export const questions: Readonly<Record<DraftField, Ask>> = {
  ...targetQuestions,
  name: askName,
  environment: askEnvironment,
  color: askColor,
  switches: askSwitches,
};
