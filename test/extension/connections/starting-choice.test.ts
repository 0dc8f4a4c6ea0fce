import { expect, it } from "vitest";
import { startingChoice } from "../../../src/extension/connections/form/starting-choice.ts";

const choices = [
  { label: "a heading" },
  { label: "Save", value: "save" },
  { label: "Test", value: "test" },
];

it("starts on the first choice, so that Enter does something", () => {
  expect(startingChoice(choices, undefined)?.label).toBe("Save");
  expect(startingChoice(choices, "gone")?.label).toBe("Save");
});

it("starts on the current choice when there is one", () => {
  expect(startingChoice(choices, "test")?.label).toBe("Test");
});

it("starts nowhere among headings alone", () => {
  expect(startingChoice(choices.slice(0, 1), undefined)).toBeUndefined();
});
