import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createProgress } from "../../src/cli/progress.ts";

describe("progress", () => {
  let written: string[] = [];
  const write = (text: string): void => {
    written.push(text);
  };
  beforeEach(() => {
    written = [];
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is one line on a terminal, rewritten in place and taken away", () => {
    const progress = createProgress({ isTTY: true, write });
    progress.say("10 %");
    progress.say("20 %");
    progress.clear();
    expect(written.map((text) => text.split("\u001B[K"))).toEqual([
      ["\r", "10 %"],
      ["\r", "20 %"],
      ["\r", ""],
    ]);
  });

  test("is a plain line every ten seconds in a log, the latest alone", () => {
    const progress = createProgress({ write });
    progress.say("1 %");
    vi.advanceTimersByTime(9_000);
    progress.say("9 %");
    expect(written).toEqual([]);
    vi.advanceTimersByTime(1_000);
    expect(written).toEqual(["planlens: after 10 s: 9 %\n"]);
    vi.advanceTimersByTime(10_000);
    expect(written[1]).toBe("planlens: after 20 s: 9 %\n");
  });

  test("tells a log nothing once it is over", () => {
    const progress = createProgress({ write });
    progress.say("1 %");
    progress.clear();
    vi.advanceTimersByTime(60_000);
    expect(written).toEqual([]);
  });
});
