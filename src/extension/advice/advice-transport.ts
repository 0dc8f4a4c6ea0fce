import type { AdvicePageMessages } from "../../protocol/advice-messages.ts";
import {
  nothing,
  numbered,
  receiver,
  worded,
  type BodyParser,
} from "../panel/transport.ts";

const isId = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;

const indexes: BodyParser<{ readonly indexes: readonly number[] }> = (body) => {
  const ids: unknown = body["indexes"];
  return Array.isArray(ids) && ids.every(isId) ? { indexes: ids } : undefined;
};

/** One handler per message of the advice page. */
export type AdvicePageHandlers = {
  readonly [Type in keyof AdvicePageMessages]: (
    body: AdvicePageMessages[Type],
  ) => void;
};

/** Reads what arrived from the advice page and calls its handler. */
export const receiveAdvice = receiver<AdvicePageMessages>({
  ready: nothing,
  adviseAgain: nothing,
  writeMigrations: indexes,
  previewMigrations: indexes,
  openQuery: numbered("query"),
  copy: worded("text"),
});
