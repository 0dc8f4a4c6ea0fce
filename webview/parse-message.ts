import type {
  Envelope,
  HostMessages,
  PanelState,
} from "../src/protocol/messages.ts";

export type HostMessage = Envelope<HostMessages>;

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What the host sent, or undefined: windows also receive messages that are not ours. */
export function parseHostMessage(data: unknown): HostMessage | undefined {
  if (!isObject(data) || !isObject(data["body"])) return undefined;
  const body = data["body"];
  if (data["type"] === "state") {
    return isPanelState(body) ? { type: "state", body } : undefined;
  }
  if (data["type"] === "migrationWritten" && isWritten(body)) {
    return { type: "migrationWritten", body };
  }
  return undefined;
}

function isWritten(
  body: Fields,
): body is Fields & HostMessages["migrationWritten"] {
  return (
    typeof body["suggestionId"] === "number" && typeof body["path"] === "string"
  );
}

/** Checks the parts that the panel reads without asking; host and panel are of one version. */
export function isPanelState(value: unknown): value is PanelState {
  if (!isObject(value)) return false;
  switch (value["kind"]) {
    case "empty":
      return true;
    case "running":
      return (
        typeof value["what"] === "string" &&
        typeof value["connection"] === "string"
      );
    case "trouble":
      return (
        typeof value["title"] === "string" &&
        typeof value["detail"] === "string" &&
        Array.isArray(value["actions"])
      );
    case "plan":
      return isObject(value["view"]) && isPlanView(value["view"]);
    default:
      return false;
  }
}

function isPlanView(view: Fields): boolean {
  const { plan, query, connection } = view;
  return (
    isObject(plan) &&
    isObject(plan["root"]) &&
    Array.isArray(plan["root"]["children"]) &&
    isObject(query) &&
    typeof query["text"] === "string" &&
    isObject(connection) &&
    [view["findings"], view["suggestions"], view["marks"]].every(Array.isArray)
  );
}

/** What the page was given at its start; a damaged table leaves the panel in English. */
export function parseTranslations(
  attribute: string | undefined,
): Readonly<Record<string, string>> {
  try {
    const table: unknown = JSON.parse(attribute ?? "{}");
    return isObject(table)
      ? Object.fromEntries(
          Object.entries(table).filter(
            (entry): entry is [string, string] => typeof entry[1] === "string",
          ),
        )
      : {};
  } catch {
    return {};
  }
}
