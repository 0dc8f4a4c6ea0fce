import { describe, expect, it } from "vitest";
import {
  analyzeStatement,
  type AnalyzeDialog,
  type AnalyzeOutcome,
  type Consent,
} from "../../src/app/analyze-statement.ts";
import type { Environment } from "../../src/app/connection.ts";
import type {
  AnalyzeRequest,
  Database,
  Effects,
  ExplainAnswer,
} from "../../src/app/database.ts";
import { succeeded } from "../../src/core/result.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";

const parser = await loadSqlParser();
const calm: Effects = {
  volatileFunctions: [],
  triggers: [],
  foreignTables: [],
  sequences: [],
};
const afar: Effects = { ...calm, foreignTables: ["remote"] };
const noisy: Effects = { ...calm, volatileFunctions: ["dblink(text,text)"] };
const answer: ExplainAnswer = {
  plan: [{ Plan: { "Node Type": "Result", "Plan Rows": 7, "Total Cost": 1 } }],
  parameters: { kind: "none" },
  elapsedMs: 1,
};

interface Heard {
  readonly asked: string[];
  readonly ran: AnalyzeRequest[];
}

function openRecorded(effects: Effects, heard: Heard): Database {
  const unneeded = (): never => {
    throw new Error("nobody asks for this");
  };
  return {
    info: unneeded,
    explain: () => Promise.resolve(succeeded(answer)),
    analyze: (request) => {
      heard.ran.push(request);
      return Promise.resolve(succeeded(answer));
    },
    describeParameters: unneeded,
    effects: () => Promise.resolve(succeeded(effects)),
    catalog: unneeded,
    openWhatIf: () => ({ plan: unneeded, close: () => Promise.resolve() }),
    explainWith: unneeded,
    plannerFacts: unneeded,
    slowQueries: unneeded,
    indexUse: unneeded,
    close: () => Promise.resolve(),
  };
}

async function analyze(
  text: string,
  given: {
    readonly environment: Environment;
    readonly effects: Effects;
    readonly consent: Consent;
  },
): Promise<Heard & { readonly outcome: AnalyzeOutcome }> {
  const heard: Heard = { asked: [], ran: [] };
  const dialog: AnalyzeDialog = {
    consent: ({ writes }) => {
      heard.asked.push(writes ? "consent to write" : "consent to call");
      return Promise.resolve(given.consent);
    },
    refused: ({ kind }) => {
      heard.asked.push(kind);
      return Promise.resolve("explainInstead");
    },
    values: () => Promise.resolve(succeeded([])),
    onRunning: () => heard.asked.push("running"),
  };
  const outcome = await analyzeStatement(
    {
      database: openRecorded(given.effects, heard),
      catalog: {
        read: () => Promise.resolve(succeeded({ tables: [] })),
        forget: () => undefined,
      },
      parser,
    },
    {
      text,
      environment: given.environment,
      limits: { statementTimeoutMs: 1000, lockTimeoutMs: 100 },
    },
    dialog,
    new AbortController().signal,
  );
  return { ...heard, outcome };
}

const agreeing = { effects: calm, consent: "run" } as const;

describe("running a statement", () => {
  it("asks nobody for a plain read, on production too", async () => {
    const read = { ...agreeing, environment: "production" } as const;
    const { asked, ran, outcome } = await analyze("SELECT 1", read);
    expect(asked).toEqual(["running"]);
    expect(ran[0]?.consent).toEqual({
      mayWrite: false,
      mayCallVolatile: false,
    });
    expect(outcome).toMatchObject({ kind: "done", wrote: false });
  });

  it.each([
    ["a write", "DELETE FROM t", calm],
    ["a row lock", "SELECT 1 FROM t FOR UPDATE", calm],
    ["a read that calls a volatile function", "SELECT dblink('a', 'b')", noisy],
    ["a read of a foreign table", "SELECT * FROM remote", afar],
  ])(
    "never runs %s on production, and does not even ask",
    async (_, text, effects) => {
      const all = {
        environment: "production",
        effects,
        consent: "run",
      } as const;
      const { asked, ran, outcome } = await analyze(text, all);
      expect(asked).toEqual(["refusedOnProduction"]);
      expect(ran).toEqual([]);
      expect(outcome).toEqual({ kind: "explainInstead" });
    },
  );

  it.each([
    ["DELETE FROM t", calm, "consent to write", true],
    ["SELECT dblink('a', 'b')", noisy, "consent to call", false],
    ["SELECT * FROM remote", afar, "consent to call", false],
  ])(
    "asks before %s elsewhere, and passes on no more than was agreed",
    async (text, effects, question, mayWrite) => {
      const all = { environment: "staging", effects, consent: "run" } as const;
      const { asked, ran } = await analyze(text, all);
      expect(asked).toEqual([question, "running"]);
      expect(ran[0]).toMatchObject({
        environment: "staging",
        consent: { mayWrite },
      });
    },
  );

  it.each([
    ["cancel", "left"],
    ["explainInstead", "explainInstead"],
  ] as const)("runs nothing when the person says %s", async (consent, kind) => {
    const { ran, outcome } = await analyze("DELETE FROM t", {
      environment: "dev",
      effects: calm,
      consent,
    });
    expect(ran).toEqual([]);
    expect(outcome).toEqual({ kind });
  });
});
