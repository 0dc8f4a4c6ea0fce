import { expect, it, vi } from "vitest";
import { pickOne } from "../../../src/extension/connections/form/quick-input.ts";

interface FakePick {
  items: readonly unknown[];
  activeItems: readonly { readonly label: string }[];
}

const made: FakePick[] = [];

// The editor's own module exists only inside the editor.
vi.mock("vscode", () => ({
  QuickPickItemKind: { Separator: -1 },
  QuickInputButtons: { Back: {} },
  window: {
    createQuickPick: () => {
      const listen = (): object => ({ dispose: () => undefined });
      const pick = {
        items: [],
        activeItems: [],
        show: () => undefined,
        dispose: () => undefined,
        onDidHide: listen,
        onDidAccept: listen,
        onDidTriggerButton: listen,
      };
      made.push(pick);
      return pick;
    },
  },
}));

const frame = {
  title: "Add Connection",
  step: undefined,
  totalSteps: undefined,
  canGoBack: false,
};
const choices = [
  { label: "a heading" },
  { label: "Save", value: "save" },
  { label: "Test", value: "test" },
];

it("starts on the first choice, so that Enter does something", () => {
  void pickOne(frame, { placeholder: "", choices });
  expect(made.at(-1)?.activeItems.map(({ label }) => label)).toEqual(["Save"]);
});

it("starts on the current choice when there is one", () => {
  void pickOne(frame, { placeholder: "", choices, current: "test" });
  expect(made.at(-1)?.activeItems.map(({ label }) => label)).toEqual(["Test"]);
});
