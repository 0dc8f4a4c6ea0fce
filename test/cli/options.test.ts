import { describe, expect, test } from "vitest";
import { readOptions } from "../../src/cli/options.ts";

const options = {
  connection: { type: "string" },
  "from-statements": { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

describe("the options of a command", () => {
  test("are read beside what is none", () => {
    const read = readOptions(["a.sql", "--connection", "x", "-h"], options);
    expect(read).toMatchObject({
      ok: true,
      value: {
        values: { connection: "x", help: true },
        positionals: ["a.sql"],
      },
    });
  });

  test.each([
    [
      ["--conection", "x"],
      "There is no option --conection; did you mean --connection?",
    ],
    [
      ["--from-statement"],
      "There is no option --from-statement; did you mean --from-statements?",
    ],
    [["--sprocket=3"], "There is no option --sprocket."],
    [["-x"], "There is no option -x."],
    [
      ["--connection"],
      "--connection needs a value; one that begins with a dash is written --connection=VALUE.",
    ],
    [
      ["--connection", "--help"],
      "--connection needs a value; one that begins with a dash is written --connection=VALUE.",
    ],
    [["--help=yes"], "--help takes no value."],
  ] as const)("%j is refused in one sentence", (args, sentence) => {
    expect(readOptions(args, options)).toEqual({ ok: false, error: sentence });
  });
});
