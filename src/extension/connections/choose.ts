import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import type { Parts } from "./parts.ts";
import { profileIcon, profileWord, targetWords } from "./words.ts";

type Chosen = ConnectionProfile | "add" | "none";
type Item = vscode.QuickPickItem & { readonly chosen?: Chosen };

export interface ChooseOptions {
  readonly placeholder: string;
  readonly currentId: string | undefined;
  /** The words for choosing none; undefined: not offered. */
  readonly none: string | undefined;
}

/** Lets a person choose among the connections; "add" leads to the form. Undefined: given up. */
export async function chooseConnection(
  parts: Parts,
  options: ChooseOptions,
): Promise<Chosen | undefined> {
  const items: Item[] = parts.list().map((profile) => ({
    label: `$(${profileIcon(profile)}) ${profile.name}`,
    description: [
      profileWord(profile),
      ...(profile.id === options.currentId ? [vscode.l10n.t("in use")] : []),
    ].join(" · "),
    detail: targetWords(profile.target),
    chosen: profile,
  }));
  const separator: Item = {
    label: "",
    kind: vscode.QuickPickItemKind.Separator,
  };
  const add: Item = {
    label: vscode.l10n.t("$(add) Add Connection…"),
    chosen: "add",
  };
  const none: readonly Item[] =
    options.none === undefined ? [] : [{ label: options.none, chosen: "none" }];
  const picked = await vscode.window.showQuickPick(
    [...items, separator, add, ...none],
    {
      placeHolder: options.placeholder,
      matchOnDetail: true,
    },
  );
  return picked?.chosen;
}

/** The connection that a command was called on: a row of the view, an id, or a choice made now. */
export async function connectionOf(
  argument: unknown,
  parts: Parts,
  placeholder: string,
): Promise<ConnectionProfile | undefined> {
  const id = idOf(argument);
  if (id !== undefined)
    return parts.list().find((profile) => profile.id === id);
  const currentId = parts.active(undefined)?.id;
  const chosen = await chooseConnection(parts, {
    placeholder,
    currentId,
    none: undefined,
  });
  if (chosen !== "add") return chosen === "none" ? undefined : chosen;
  await vscode.commands.executeCommand("planlens.connections.add");
  return undefined;
}

function idOf(argument: unknown): string | undefined {
  if (typeof argument === "string") return argument;
  if (
    typeof argument !== "object" ||
    argument === null ||
    !("profile" in argument)
  )
    return undefined;
  const { profile } = argument;
  if (typeof profile !== "object" || profile === null || !("id" in profile))
    return undefined;
  return typeof profile.id === "string" ? profile.id : undefined;
}
