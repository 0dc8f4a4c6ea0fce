import * as vscode from "vscode";
import type { ConnectionProfile } from "../../app/connection.ts";
import { sayText } from "../../core/words.ts";
import type { Parts } from "./parts.ts";
import { chooseId } from "./stored-profile.ts";

const nameOf = (file: string): string =>
  (file.split(/[/\\]/u).at(-1) ?? file).replace(/\.json(?:\.gz)?$/iu, "");

async function askFile(argument: unknown): Promise<string | undefined> {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  const chosen = await vscode.window.showOpenDialog({
    title: vscode.l10n.t("Statistics bundle of a database"),
    openLabel: vscode.l10n.t("Open"),
    filters: { [vscode.l10n.t("Statistics bundles")]: ["gz", "json"] },
  });
  return chosen?.[0]?.fsPath;
}

/** A connection to the bundle's twin, saved in the settings; undefined when the person turned away or it is no bundle. */
export async function addBundle(
  argument: unknown,
  parts: Parts,
): Promise<ConnectionProfile | undefined> {
  const file = await askFile(argument);
  if (file === undefined) return undefined;
  const known = parts
    .list()
    .find(({ target }) => target.engine === "bundle" && target.path === file);
  if (known !== undefined) return known;
  const { readBundleFile } = await import("../twin/open-bundle.ts");
  const bundle = await readBundleFile(file);
  if (!bundle.ok) {
    void vscode.window.showErrorMessage(sayText(bundle.error, vscode.l10n.t));
    return undefined;
  }
  const name = nameOf(file);
  const profile: ConnectionProfile = {
    id: chooseId(name, new Set(parts.list().map(({ id }) => id))),
    name,
    color: undefined,
    environment: "dev",
    target: { engine: "bundle", path: file },
    explainWhileTyping: true,
    explainOnHover: true,
  };
  await parts.store.save(profile);
  return profile;
}
