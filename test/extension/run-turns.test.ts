import { expect, it } from "vitest";
import {
  createRunTurns,
  type RunTurns,
} from "../../src/extension/panel/run-turns.ts";

interface State {
  readonly kind: "running" | "trouble" | "plan";
}

function setUp(): {
  readonly turns: RunTurns<string, State>;
  readonly shown: string[];
  readonly running: boolean[];
} {
  const shown: string[] = [];
  const running: boolean[] = [];
  const turns = createRunTurns<string, State>({
    show: (session, { kind }) => shown.push(`${session}: ${kind}`),
    setRunning: (isRunning) => running.push(isRunning),
    givenUp: () => ({ kind: "trouble" }),
  });
  return { turns, shown, running };
}

it("leaves what is shown to its buttons while a new run has nothing to show", () => {
  const { turns, shown } = setUp();
  const first = turns.begin("first");
  turns.tell(first, { kind: "trouble" });
  turns.end(first);
  const second = turns.begin("second");
  turns.end(second);
  expect(turns.shown()).toBe("first");
  expect(shown).toEqual(["first: trouble"]);
});

it("does not say running for ever when the run that follows is given up", () => {
  const { turns, shown, running } = setUp();
  const first = turns.begin("first");
  turns.tell(first, { kind: "running" });
  const second = turns.begin("second");
  turns.end(first);
  expect(shown).toEqual(["first: running"]);
  turns.end(second);
  expect(shown).toEqual(["first: running", "second: trouble"]);
  expect(running).toEqual([true, true, false]);
});

it("ends the run before, and hears no more of it", () => {
  const { turns, shown } = setUp();
  const first = turns.begin("first");
  const second = turns.begin("second");
  expect([first.signal.aborted, second.signal.aborted]).toEqual([true, false]);
  turns.tell(first, { kind: "plan" });
  turns.tell(second, { kind: "plan" });
  expect(shown).toEqual(["second: plan"]);
  turns.cancel();
  expect(second.signal.aborted).toBe(true);
});

it("keeps the session that a run has come to", () => {
  const { turns, shown } = setUp();
  const run = turns.begin("bare");
  turns.tell(run, { kind: "plan" }, "with its plan");
  turns.end(run);
  expect(turns.shown()).toBe("with its plan");
  expect(shown).toEqual(["with its plan: plan"]);
});
