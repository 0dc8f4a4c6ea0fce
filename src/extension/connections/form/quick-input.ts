import * as vscode from "vscode";
import { startingChoice, type Choice } from "./starting-choice.ts";

/** What a person did with a question. */
export type Reply<Value> =
  | { readonly kind: "value"; readonly value: Value }
  | { readonly kind: "back" }
  | { readonly kind: "cancelled" };

/** Title and place of a question in its sequence. */
export interface Frame {
  readonly title: string;
  /** From 1; undefined: no sequence. */
  readonly step: number | undefined;
  readonly totalSteps: number | undefined;
  readonly canGoBack: boolean;
}

export interface PickQuestion<Value> {
  readonly placeholder: string;
  readonly choices: readonly Choice<Value>[];
  /** The choice to start on; the first when there is none. */
  readonly current?: Value;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value: string;
  readonly placeholder?: string;
  readonly isSecret?: boolean;
  /** A sentence that says what is wrong; undefined when all is well. */
  readonly check?: (text: string) => string | undefined;
}

function settle<Value>(
  input: vscode.QuickInput,
  wire: (done: (reply: Reply<Value>) => void) => readonly vscode.Disposable[],
): Promise<Reply<Value>> {
  return new Promise((resolve) => {
    const listeners: vscode.Disposable[] = [];
    const done = (reply: Reply<Value>): void => {
      resolve(reply);
      for (const listener of listeners) listener.dispose();
      input.dispose();
    };
    listeners.push(...wire(done));
    listeners.push(
      input.onDidHide(() => {
        done({ kind: "cancelled" });
      }),
    );
    input.show();
  });
}

function dress(input: vscode.QuickInput, frame: Frame): void {
  input.title = frame.title;
  input.step = frame.step;
  input.totalSteps = frame.totalSteps;
  // A password is often fetched from another window.
  input.ignoreFocusOut = true;
}

type Item<Value> = vscode.QuickPickItem & { readonly choice: Choice<Value> };

const itemOf = <Value>(choice: Choice<Value>): Item<Value> => ({
  label: choice.label,
  choice,
  alwaysShow: true,
  ...(choice.description === undefined
    ? {}
    : { description: choice.description }),
  ...(choice.detail === undefined ? {} : { detail: choice.detail }),
  ...(choice.value === undefined
    ? { kind: vscode.QuickPickItemKind.Separator }
    : {}),
});

/** Asks for one of several. */
export function pickOne<Value>(
  frame: Frame,
  question: PickQuestion<Value>,
): Promise<Reply<Value>> {
  const input = vscode.window.createQuickPick<Item<Value>>();
  dress(input, frame);
  input.placeholder = question.placeholder;
  input.items = question.choices.map(itemOf);
  const active = startingChoice(question.choices, question.current);
  input.activeItems = input.items.filter(({ choice }) => choice === active);
  input.buttons = frame.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  return settle<Value>(input, (done) => [
    input.onDidTriggerButton(() => {
      done({ kind: "back" });
    }),
    input.onDidAccept(() => {
      const value = input.selectedItems[0]?.choice.value;
      if (value !== undefined) done({ kind: "value", value });
    }),
  ]);
}

/** Asks for a line of text; what does not pass the check cannot be accepted. */
export function askText(
  frame: Frame,
  question: TextQuestion,
): Promise<Reply<string>> {
  const input = vscode.window.createInputBox();
  dress(input, frame);
  input.prompt = question.prompt;
  input.value = question.value;
  input.placeholder = question.placeholder;
  input.password = question.isSecret === true;
  input.buttons = frame.canGoBack ? [vscode.QuickInputButtons.Back] : [];
  const check = (text: string): string | undefined => question.check?.(text);
  return settle<string>(input, (done) => [
    input.onDidTriggerButton(() => {
      done({ kind: "back" });
    }),
    input.onDidChangeValue((text) => {
      // A complaint goes away while it is corrected; new ones wait for Enter.
      if (
        input.validationMessage !== undefined &&
        input.validationMessage !== ""
      )
        input.validationMessage = check(text);
    }),
    input.onDidAccept(() => {
      input.validationMessage = check(input.value);
      if (input.validationMessage === undefined)
        done({ kind: "value", value: input.value });
    }),
  ]);
}

/** Shows a busy list while something is awaited; hiding it aborts the work. */
export async function whileBusy<Value>(
  frame: Frame,
  placeholder: string,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const input = vscode.window.createQuickPick();
  const controller = new AbortController();
  dress(input, frame);
  input.placeholder = placeholder;
  input.busy = true;
  input.enabled = false;
  const hidden = input.onDidHide(() => {
    controller.abort();
  });
  input.show();
  try {
    return await work(controller.signal);
  } finally {
    hidden.dispose();
    input.dispose();
  }
}
