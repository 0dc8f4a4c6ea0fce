/** Figures that need no editor and no server: splitting a large file. */
import { splitStatements, updateSplit } from "../../src/core/sql/split.ts";
import { median, timed, type Figure } from "./figure.ts";

async function splitFigures(): Promise<Figure[]> {
  const text = Array.from(
    { length: 10_000 },
    (_, n) =>
      `SELECT a, b -- ${n}\nFROM t${n}\nWHERE c = 'x;y' AND d = ${n};\n`,
  ).join("\n");
  const cold: number[] = [];
  const edits: number[] = [];
  for (let round = 0; round < 9; round += 1) {
    let spans = splitStatements("");
    cold.push(await timed(() => (spans = splitStatements(text))));
    const at = text.indexOf("WHERE", text.length / 2);
    const next = `${text.slice(0, at)}x${text.slice(at)}`;
    edits.push(
      await timed(() =>
        updateSplit(spans, next, { start: at, oldEnd: at, newEnd: at + 1 }),
      ),
    );
  }
  return [
    {
      name: "10,000 statements found, cold",
      value: median(cold),
      unit: "ms",
      target: 300,
    },
    {
      name: "10,000 statements found, after an edit",
      value: median(edits),
      unit: "ms",
      target: 20,
    },
  ];
}

process.stdout.write(`${JSON.stringify(await splitFigures())}\n`);
