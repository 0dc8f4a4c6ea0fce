import type {
  AdvicePageMessages,
  AdviceStop,
  AdviceView,
} from "../../src/protocol/advice-messages.ts";
import { stopAt, type AdviceChoice } from "./choice.ts";

/** Sends one message to the host. */
export type AdvicePost = <Type extends keyof AdvicePageMessages>(
  type: Type,
  body: AdvicePageMessages[Type],
) => void;

/** The advice on show, what the person set, and who hears of a change. */
export interface AdviceSession {
  readonly view: AdviceView;
  readonly now: () => AdviceChoice;
  readonly stop: () => AdviceStop;
  readonly update: (change: Partial<AdviceChoice>) => void;
  /** Another budget: the indexes of its set are ticked. */
  readonly setBudget: (bytes: number) => void;
  readonly onChange: (
    listener: (now: AdviceChoice, before: AdviceChoice) => void,
  ) => void;
}

export function openAdvice(
  view: AdviceView,
  first: AdviceChoice,
): AdviceSession {
  let now = first;
  const listeners: ((now: AdviceChoice, before: AdviceChoice) => void)[] = [];
  const update = (change: Partial<AdviceChoice>): void => {
    const before = now;
    now = { ...now, ...change };
    for (const listener of listeners) listener(now, before);
  };
  const stop = (): AdviceStop => stopAt(view, now.budgetBytes);
  return {
    view,
    now: () => now,
    stop,
    update,
    setBudget: (budgetBytes) => {
      const next = stopAt(view, budgetBytes);
      update(
        next === stop()
          ? { budgetBytes }
          : { budgetBytes, taken: new Set(next.members) },
      );
    },
    onChange: (listener) => {
      listeners.push(listener);
    },
  };
}
