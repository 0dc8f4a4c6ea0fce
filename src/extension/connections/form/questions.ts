import * as vscode from "vscode";
import {
  mergeMongoSecrets,
  readMongoSecret,
  withMongoPassword,
} from "../../../app/mongo-secret.ts";
import { colors, environments, sslModes } from "../stored-profile.ts";
import { environmentIcons, environmentWord } from "../words.ts";
import {
  guessEnvironment,
  suggestName,
  withTarget,
  type Draft,
  type DraftField,
} from "./draft.ts";
import { splitMongoUrl } from "./mongo-url.ts";
import {
  askText,
  pickOne,
  type Frame,
  type Reply,
  type TextQuestion,
} from "./quick-input.ts";
import { fieldWord, sslModeWords } from "./field-words.ts";
import { readPostgresUrl } from "./read-postgres-url.ts";

type Ask = (frame: Frame, draft: Draft) => Promise<Reply<Draft>>;

const mapReply = <From, To>(
  reply: Reply<From>,
  change: (value: From) => To,
): Reply<To> =>
  reply.kind === "value"
    ? { kind: "value", value: change(reply.value) }
    : reply;

async function askLine(
  frame: Frame,
  question: TextQuestion,
  change: (text: string) => Draft,
): Promise<Reply<Draft>> {
  return mapReply(await askText(frame, question), change);
}

const needed =
  (field: DraftField) =>
  (text: string): string | undefined =>
    text.trim() === ""
      ? vscode.l10n.t("{0} is needed.", fieldWord(field))
      : undefined;

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
  url: askUrl,
  host: lineField("host", () =>
    vscode.l10n.t("Host name, address, or folder of the socket"),
  ),
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
  name: askName,
  environment: askEnvironment,
  color: askColor,
  switches: askSwitches,
};
