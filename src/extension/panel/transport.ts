import { isJsonObject } from "../../core/json-object.ts";
import type {
  Envelope,
  HostMessages,
  PanelMessages,
} from "../../protocol/messages.ts";

/** Reads a message's body; undefined when it is not one. */
export type BodyParser<Body> = (
  body: Record<string, unknown>,
) => Body | undefined;

export const nothing: BodyParser<Record<string, never>> = () => ({});

export const numbered =
  <Key extends string>(key: Key): BodyParser<Readonly<Record<Key, number>>> =>
  (body) => {
    const value = body[key];
    return typeof value === "number" &&
      Number.isSafeInteger(value) &&
      value >= 0
      ? ({ [key]: value } as Readonly<Record<Key, number>>)
      : undefined;
  };

export const worded =
  <Key extends string>(key: Key): BodyParser<Readonly<Record<Key, string>>> =>
  (body) => {
    const value = body[key];
    return typeof value === "string"
      ? ({ [key]: value } as Readonly<Record<Key, string>>)
      : undefined;
  };

/** One parser per message: a message without one does not compile. */
const parsers: {
  readonly [Type in keyof PanelMessages]: BodyParser<PanelMessages[Type]>;
} = {
  ready: nothing,
  explain: nothing,
  analyze: nothing,
  cancel: nothing,
  selectNode: numbered("nodeId"),
  writeMigration: numbered("suggestionId"),
  previewMigration: numbered("suggestionId"),
  openSource: nothing,
  openRule: worded("rule"),
  copy: worded("text"),
  askToCopy: nothing,
  showLog: nothing,
  reconnect: nothing,
};

type Handlers<Messages> = {
  readonly [Type in keyof Messages]: (body: Messages[Type]) => void;
};

/** One handler per message that the webview can send. */
export type PanelHandlers = Handlers<PanelMessages>;

/** What reads the messages of one page and calls their handlers; false when a message was none of the protocol's. */
export function receiver<Messages>(table: {
  readonly [Type in keyof Messages]: BodyParser<Messages[Type]>;
}): (message: unknown, handlers: Handlers<Messages>) => boolean {
  return (message, handlers) => {
    if (!isJsonObject(message) || typeof message["type"] !== "string")
      return false;
    if (!Object.hasOwn(table, message["type"])) return false;
    const type = message["type"] as keyof Messages;
    const body = table[type](
      isJsonObject(message["body"]) ? message["body"] : {},
    );
    if (body === undefined) return false;
    // The table pairs each type with its own body; the compiler cannot follow that through a union.
    (handlers[type] as (body: unknown) => void)(body);
    return true;
  };
}

/** Reads what arrived from the plan panel and calls its handler. */
export const receive = receiver<PanelMessages>(parsers);

/** A message to the webview as it travels. */
export function envelope<Type extends keyof HostMessages>(
  type: Type,
  body: HostMessages[Type],
): Envelope<HostMessages> {
  return { type, body } as Envelope<HostMessages>;
}
