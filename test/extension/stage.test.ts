import { expect, it, vi } from "vitest";
import type { PanelState } from "../../src/protocol/messages.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import type { EditorStatement } from "../../src/extension/editor/statements.ts";
import { createStage, type Stage } from "../../src/extension/panel/stage.ts";

// The editor's own module exists only inside the editor; the stage needs two of its functions.
vi.mock("vscode", () => ({
  commands: { executeCommand: () => Promise.resolve() },
  l10n: { t: (text: string) => text },
  Uri: {},
}));

const statement = {
  document: {
    uri: { path: "/a.sql", toString: () => "file:///a.sql" },
    positionAt: () => ({ line: 0 }),
  },
  start: 0,
  end: 8,
  text: "SELECT 1",
  suppressed: new Set(),
} as unknown as EditorStatement;

function setUp(): { stage: Stage; shown: PanelState[] } {
  const shown: PanelState[] = [];
  const stage = createStage({
    memory: {
      get: () => undefined,
      keys: () => [],
      update: () => Promise.resolve(),
    },
    show: (state) => shown.push(state),
  });
  return { stage, shown };
}

it("leaves what is shown to its buttons while a new run has nothing to show", () => {
  const { stage } = setUp();
  const first = stage.begin(statement, demoProfile("demo"));
  stage.trouble(first, { kind: "plan", detail: "odd" });
  stage.end(first);
  const second = stage.begin(statement, demoProfile("demo"));
  stage.end(second);
  expect(stage.session()).toBe(first.session);
});

it("does not say running for ever when the run that follows is given up", () => {
  const { stage, shown } = setUp();
  const first = stage.begin(statement, demoProfile("demo"));
  stage.running(first, "Analyzing", 30_000);
  const second = stage.begin(statement, demoProfile("demo"));
  stage.end(first);
  expect(shown.at(-1)?.kind).toBe("running");
  stage.end(second);
  expect(shown.at(-1)?.kind).toBe("trouble");
});
