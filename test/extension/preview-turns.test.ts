import { expect, it } from "vitest";
import { createPreviewTurns } from "../../src/extension/editor/preview-turns.ts";

it("confirms the preview that is shown", async () => {
  const turns = createPreviewTurns<string>();
  const turn = turns.begin("a");
  expect(turns.current()).toBe("a");
  turns.confirm();
  expect(await turn.outcome).toBe("confirmed");
  turn.end();
  expect(turns.current()).toBeUndefined();
});

it("lets a later preview take the place of an earlier one, which is never confirmed", async () => {
  const turns = createPreviewTurns<string>();
  const first = turns.begin("a");
  const second = turns.begin("b");
  expect(await first.outcome).toBe("replaced");
  expect([first.isCurrent(), second.isCurrent()]).toEqual([false, true]);
  first.end();
  expect(turns.current()).toBe("b");
  turns.confirm();
  expect(await second.outcome).toBe("confirmed");
});
