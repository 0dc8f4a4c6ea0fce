import * as vscode from "vscode";
import type { SslMode } from "../../../app/connection.ts";
import { environmentWord } from "../words.ts";
import type { Draft, DraftField } from "./draft.ts";

/** The field as a person reads it. */
export function fieldWord(field: DraftField): string {
  const words: Readonly<Record<DraftField, () => string>> = {
    url: () => vscode.l10n.t("URL"),
    host: () => vscode.l10n.t("Host"),
    port: () => vscode.l10n.t("Port"),
    database: () => vscode.l10n.t("Database"),
    user: () => vscode.l10n.t("User"),
    password: () => vscode.l10n.t("Password"),
    sslMode: () => vscode.l10n.t("SSL mode"),
    sslRootCertPath: () => vscode.l10n.t("CA certificate"),
    sslCertPath: () => vscode.l10n.t("Client certificate"),
    sslKeyPath: () => vscode.l10n.t("Client key"),
    name: () => vscode.l10n.t("Name"),
    environment: () => vscode.l10n.t("Environment"),
    color: () => vscode.l10n.t("Colour"),
    switches: () => vscode.l10n.t("Explain by itself"),
  };
  return words[field]();
}

const shown: Readonly<Partial<Record<DraftField, (draft: Draft) => string>>> = {
  password: (draft) =>
    draft.password === undefined ? vscode.l10n.t("none stored") : "••••••",
  environment: (draft) => environmentWord(draft.environment),
  color: (draft) => draft.color ?? vscode.l10n.t("as the environment"),
  switches: switchesWord,
};

/** What the field holds now; a password only as dots. */
export function fieldValue(field: DraftField, draft: Draft): string {
  const show = shown[field];
  if (show !== undefined) return show(draft);
  if (field === "switches") return switchesWord(draft);
  return String(draft[field] ?? vscode.l10n.t("none"));
}

function switchesWord(draft: Draft): string {
  if (draft.explainOnHover && draft.explainWhileTyping)
    return vscode.l10n.t("on hover and while typing");
  if (draft.explainOnHover) return vscode.l10n.t("on hover");
  return draft.explainWhileTyping
    ? vscode.l10n.t("while typing")
    : vscode.l10n.t("never");
}

/** What an sslmode promises, in the order of libpq's documentation. */
export function sslModeWords(mode: SslMode): string {
  switch (mode) {
    case "disable":
      return vscode.l10n.t("never encrypted");
    case "allow":
      return vscode.l10n.t("encrypted only when the server insists");
    case "prefer":
      return vscode.l10n.t("encrypted when the server can");
    case "require":
      return vscode.l10n.t("always encrypted, the server is not verified");
    case "verify-ca":
      return vscode.l10n.t("encrypted, certificate signed by the CA");
    case "verify-full":
      return vscode.l10n.t(
        "encrypted, certificate signed by the CA and for this host",
      );
  }
}
