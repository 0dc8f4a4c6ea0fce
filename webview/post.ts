import type { PanelMessages } from "../src/protocol/messages.ts";

/** Sends one message to the host. */
export type Post = <Type extends keyof PanelMessages>(
  type: Type,
  body: PanelMessages[Type],
) => void;
