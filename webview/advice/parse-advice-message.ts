import type {
  AdviceHostMessages,
  AdviceView,
} from "../../src/protocol/advice-messages.ts";
import type { Envelope } from "../../src/protocol/messages.ts";

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const hasLists = (view: Fields, names: readonly string[]): boolean =>
  names.every((name) => Array.isArray(view[name]));

function isView(value: unknown): value is AdviceView {
  return (
    isObject(value) &&
    typeof value["key"] === "string" &&
    typeof value["baselineCost"] === "number" &&
    isObject(value["connection"]) &&
    hasLists(value, ["indexes", "stops", "queries", "leftOut"])
  );
}

/** What the host sent, or undefined: windows also receive messages that are not ours. */
export function parseAdviceMessage(
  data: unknown,
): Envelope<AdviceHostMessages> | undefined {
  if (!isObject(data) || !isObject(data["body"])) return undefined;
  const { type, body } = data;
  if (type === "adviceWritten")
    return Array.isArray(body["indexes"]) && typeof body["path"] === "string"
      ? { type, body: body as AdviceHostMessages["adviceWritten"] & Fields }
      : undefined;
  if (type !== "adviceState") return undefined;
  if (body["kind"] === "empty") return { type, body: { kind: "empty" } };
  const { view } = body;
  return body["kind"] === "advice" && isView(view)
    ? { type, body: { kind: "advice", view } }
    : undefined;
}
