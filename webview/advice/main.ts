import type {
  AdvicePageMessages,
  AdviceState,
} from "../../src/protocol/advice-messages.ts";
import { registerControls } from "../controls.ts";
import { parseTranslations } from "../parse-message.ts";
import { useTranslations } from "../strings.ts";
import { advicePage, emptyAdvice, type AdvicePage } from "./advice-page.ts";
import { renderChoice, restoreChoice } from "./choice.ts";
import { parseAdviceMessage } from "./parse-advice-message.ts";
import { openAdvice, type AdvicePost } from "./session.ts";

declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const api = acquireVsCodeApi();
const post: AdvicePost = <Type extends keyof AdvicePageMessages>(
  type: Type,
  body: AdvicePageMessages[Type],
) => {
  api.postMessage({ type, body });
};

let page: AdvicePage | undefined;

function show(state: AdviceState): void {
  page = undefined;
  if (state.kind === "empty") {
    document.body.replaceChildren(emptyAdvice());
    return;
  }
  const { view } = state;
  const session = openAdvice(view, restoreChoice(view, api.getState()));
  const save = (): void => {
    api.setState(renderChoice(view, session.now()));
  };
  page = advicePage(session, post);
  document.body.replaceChildren(page.element);
  page.layOut();
  session.onChange(save);
  save();
}

registerControls();
useTranslations(parseTranslations(document.body.dataset["translations"]));
addEventListener("message", (event: MessageEvent<unknown>) => {
  const message = parseAdviceMessage(event.data);
  if (message?.type === "adviceState") show(message.body);
  else if (message?.type === "adviceWritten") page?.written(message.body.path);
});
// The host keeps the advice; the page keeps only what was chosen on it.
post("ready", {});
