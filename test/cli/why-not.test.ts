import { expect, test } from "vitest";
import { runWhyNot } from "../../src/cli/why-not.ts";

test("a place for a copy is refused beside an option that makes none, before anything is read", async () => {
  for (const option of ["--no-twin", "--prove-by-building"]) {
    const said: string[] = [];
    const code = await runWhyNot(
      ["nothing.sql", "--index=CREATE INDEX ON t (a)", "--server=15", option],
      (sentence) => said.push(sentence),
      AbortSignal.abort(),
    );
    expect(said).toEqual([
      `--server says where a copy of the statistics is made, and ${option} makes none: leave one of them out. See planlens why-not --help.`,
    ]);
    expect(code).toBe(2);
  }
});
