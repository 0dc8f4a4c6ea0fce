import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receiveAdvice } from "../../src/extension/advice/advice-transport.ts";
import {
  keepAdvice,
  recallAdvice,
  type AdviceRecord,
} from "../../src/extension/advice/advice-record.ts";
import { emptyAdvice } from "../support/workload-advice.ts";

const heardBy = (message: unknown): readonly [boolean, unknown[]] => {
  const heard: unknown[] = [];
  const hear = (body: unknown): void => {
    heard.push(body);
  };
  const understood = receiveAdvice(message, {
    ready: hear,
    adviseAgain: hear,
    writeMigrations: hear,
    previewMigrations: hear,
    openQuery: hear,
    copy: hear,
  });
  return [understood, heard];
};

describe("the messages of the advice page", () => {
  it("hands over the ids that are to be written", () => {
    const body = { indexes: [0, 4], more: true };
    expect(heardBy({ type: "writeMigrations", body })).toEqual([
      true,
      [{ indexes: [0, 4] }],
    ]);
  });

  it.each([
    { type: "writeMigrations", body: { indexes: ["0"] } },
    { type: "writeMigrations", body: { indexes: [-1] } },
    { type: "previewMigrations", body: { indexes: 3 } },
    { type: "openQuery", body: { query: 1.5 } },
    { type: "explain", body: {} },
    { type: "toString", body: {} },
  ])("refuses %j", (message) => {
    expect(heardBy(message)).toEqual([false, []]);
  });

  it("never throws, whatever arrives", () => {
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(typeof heardBy(message)[0]).toBe("boolean");
      }),
    );
  });
});

describe("the kept advice", () => {
  const memory = (
    kept: Map<string, unknown>,
  ): Parameters<typeof keepAdvice>[0] => ({
    get: (key) => kept.get(key),
    update: (key, value) => {
      // As the editor does it: what is kept goes through JSON.
      kept.set(key, JSON.parse(JSON.stringify(value)));
      return Promise.resolve();
    },
  });

  it("is there after a reload", async () => {
    const kept = new Map<string, unknown>();
    const record: AdviceRecord = {
      version: 2,
      key: "a",
      connectionId: "main",
      connection: { name: "main", environment: "dev", server: "18.1" },
      source: "files",
      fileCount: 1,
      elapsedMs: 5,
      statements: [
        {
          name: "q",
          text: "SELECT 1",
          place: { kind: "server", queryId: "1" },
        },
      ],
      advice: emptyAdvice,
    };
    await keepAdvice(memory(kept), record);
    expect(recallAdvice(memory(kept))).toEqual(record);
  });

  it.each([
    undefined,
    null,
    "x",
    {},
    { version: 1, advice: {} },
    { version: 2 },
  ])("is forgotten when it is of another version: %j", (value) => {
    const kept = new Map([["planlens.advice", value]]);
    expect(recallAdvice(memory(kept))).toBeUndefined();
  });
});
