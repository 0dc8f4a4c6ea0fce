import * as vscode from "vscode";
import {
  mergeMongoSecrets,
  readMongoSecret,
  withMongoPassword,
} from "../../../app/mongo-secret.ts";
import { sslModes } from "../stored-profile.ts";
import { askLine, mapReply, needed, type Ask } from "./ask.ts";
import { withHost, withTarget, type Draft, type DraftField } from "./draft.ts";
import { fieldWord, sslModeWords } from "./field-words.ts";
import { splitMongoUrl } from "./mongo-url.ts";
import { pickOne, type Frame, type Reply } from "./quick-input.ts";
import { readPostgresUrl } from "./read-postgres-url.ts";

const lineField =
  (field: "host" | "database" | "user", prompt: () => string): Ask =>
  (frame, draft) =>
    askLine(
      frame,
      { prompt: prompt(), value: draft[field], check: needed(field) },
      (text) => ({
        ...draft,
        [field]: text.trim(),
      }),
    );

const askPort: Ask = (frame, draft) =>
  askLine(
    frame,
    {
      prompt: vscode.l10n.t("Port of the server"),
      value: String(draft.port),
      check: (text) =>
        /^\d{1,5}$/.test(text.trim()) &&
        Number(text) >= 1 &&
        Number(text) <= 65_535
          ? undefined
          : vscode.l10n.t("A port is a number from 1 to 65535."),
    },
    (text) => ({ ...draft, port: Number(text) }),
  );

/** Without the secret options of a MongoDB URL, which are kept together with it. */
const passwordOf = ({ engine, password }: Draft): string | undefined =>
  engine === "mongodb" ? readMongoSecret(password).password : password;

const withPassword = (draft: Draft, password: string | undefined): Draft => ({
  ...draft,
  password:
    draft.engine === "mongodb"
      ? withMongoPassword(draft.password, password)
      : password,
});

const askPassword: Ask = (frame, draft) =>
  askLine(
    frame,
    {
      prompt: vscode.l10n.t(
        "Password; kept in the secret store of your system. Empty: none, or from ~/.pgpass",
      ),
      value: passwordOf(draft) ?? "",
      isSecret: true,
    },
    (text) => withPassword(draft, text === "" ? undefined : text),
  );

const askSslMode: Ask = async (frame, draft) =>
  mapReply(
    await pickOne(frame, {
      placeholder: vscode.l10n.t("How is the connection secured?"),
      choices: sslModes.map((mode) => ({
        label: mode,
        description: sslModeWords(mode),
        value: mode,
      })),
      current: draft.sslMode,
    }),
    (sslMode) => ({ ...draft, sslMode }),
  );

const fileField =
  (field: "sslRootCertPath" | "sslCertPath" | "sslKeyPath"): Ask =>
  async (frame, draft) => {
    const reply = await pickOne<"choose" | "none">(frame, {
      placeholder: draft[field] ?? vscode.l10n.t("No file chosen"),
      choices: [
        { label: vscode.l10n.t("Choose File…"), value: "choose" },
        { label: vscode.l10n.t("No File"), value: "none" },
      ],
    });
    if (reply.kind !== "value") return reply;
    if (reply.value === "none")
      return { kind: "value", value: { ...draft, [field]: undefined } };
    const chosen = await vscode.window.showOpenDialog({
      title: fieldWord(field),
      openLabel: vscode.l10n.t("Use File"),
      filters: {
        [vscode.l10n.t("Certificates and keys")]: ["pem", "crt", "cer", "key"],
        "*": ["*"],
      },
    });
    const path = chosen?.[0]?.fsPath;
    return path === undefined
      ? { kind: "back" }
      : { kind: "value", value: { ...draft, [field]: path } };
  };

function askMongoUrl(frame: Frame, draft: Draft): Promise<Reply<Draft>> {
  return askLine(
    frame,
    {
      prompt: vscode.l10n.t(
        "Password and other secrets go to the secret store, the rest to the settings.",
      ),
      placeholder: "mongodb+srv://user@cluster.example.net/app",
      value: draft.url,
      check: (text) =>
        splitMongoUrl(text).ok
          ? undefined
          : vscode.l10n.t(
              "A MongoDB URL starts with mongodb:// or mongodb+srv:// and names a host.",
            ),
    },
    (text) => {
      const parts = splitMongoUrl(text);
      if (!parts.ok) return draft;
      return {
        ...draft,
        url: parts.value.url,
        password: mergeMongoSecrets(parts.value.password, draft.password),
      };
    },
  );
}

function askPostgresUrl(frame: Frame, draft: Draft): Promise<Reply<Draft>> {
  return askLine(
    frame,
    {
      prompt: vscode.l10n.t(
        "URL or key=value. The password goes to the secret store.",
      ),
      placeholder: "postgresql://user@host:5432/database?sslmode=require",
      value: "",
      check: (text) => {
        const parsed = readPostgresUrl(text, vscode.l10n.t);
        return parsed.ok ? undefined : parsed.error;
      },
    },
    (text) => {
      const parsed = readPostgresUrl(text, vscode.l10n.t);
      return parsed.ok
        ? withTarget(draft, parsed.value.target, parsed.value.password)
        : draft;
    },
  );
}

const askUrl: Ask = (frame, draft) =>
  draft.engine === "mongodb"
    ? askMongoUrl(frame, draft)
    : askPostgresUrl(frame, draft);

const askHostLine = lineField("host", () =>
  vscode.l10n.t("Host name, address, or folder of the socket"),
);

const askHost: Ask = async (frame, draft) => {
  const reply = await askHostLine(frame, draft);
  return reply.kind === "value"
    ? { ...reply, value: withHost(draft, reply.value.host) }
    : reply;
};

/** The questions about the server: where it is, who connects, and how that is secured. */
export const targetQuestions = {
  url: askUrl,
  host: askHost,
  port: askPort,
  database: lineField("database", () => vscode.l10n.t("Name of the database")),
  user: lineField("user", () =>
    vscode.l10n.t("Role to connect as; it needs no right to write"),
  ),
  password: askPassword,
  sslMode: askSslMode,
  sslRootCertPath: fileField("sslRootCertPath"),
  sslCertPath: fileField("sslCertPath"),
  sslKeyPath: fileField("sslKeyPath"),
} satisfies Partial<Record<DraftField, Ask>>;
