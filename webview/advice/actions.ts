import { button } from "../controls.ts";
import { h } from "../dom.ts";
import type { AdvicePost, AdviceSession } from "./session.ts";
import { tell } from "./words.ts";

/** Buttons over the ticked indexes; `status` is told what was written. */
export interface AdviceActions {
  readonly element: HTMLElement;
  readonly status: HTMLElement;
}

type WithTaken = (work: (indexes: readonly number[]) => void) => () => void;

/** Its label counts, so it is drawn anew with every tick. */
function writeButton(
  session: AdviceSession,
  post: AdvicePost,
  withTaken: WithTaken,
): HTMLElement {
  const write = (): HTMLElement =>
    button({
      label: tell("write", String(session.now().taken.size)),
      icon: "file",
      look: "primary",
      onPress: withTaken((indexes) => {
        post("writeMigrations", { indexes });
      }),
    });
  const holder = h("span", { class: "acts" }, write());
  session.onChange((now, before) => {
    if (now.taken !== before.taken) holder.replaceChildren(write());
  });
  return holder;
}

export function adviceActions(
  session: AdviceSession,
  post: AdvicePost,
): AdviceActions {
  const { written } = session.view;
  const status = h(
    "span",
    { class: "written", attributes: { role: "status" } },
    written === undefined ? undefined : tell("written", written),
  );
  const withTaken: WithTaken = (work) => () => {
    const indexes = [...session.now().taken];
    if (indexes.length === 0) status.textContent = tell("nothingTaken");
    else work(indexes);
  };
  const write = writeButton(session, post, withTaken);
  const preview = button({
    label: tell("previewAll"),
    icon: "compare",
    onPress: withTaken((indexes) => {
      post("previewMigrations", { indexes });
    }),
  });
  const copy = button({
    label: tell("copyAll"),
    icon: "copy",
    onPress: withTaken((indexes) => {
      post("copy", { text: ddlOf(session, indexes) });
    }),
  });
  return {
    element: h("div", { class: "acts" }, write, preview, copy, status),
    status,
  };
}

function ddlOf({ view }: AdviceSession, indexes: readonly number[]): string {
  return view.indexes
    .filter(({ id }) => indexes.includes(id))
    .map(({ ddl }) => `${ddl};\n`)
    .join("");
}
