// `node test/bench/panel.mjs [--json]`: how fast the plan panel draws, against the budgets of its design.
import { figuresOf } from "./launch.mjs";

const figures = await figuresOf("panel");
if (process.argv.includes("--json")) console.log(JSON.stringify(figures));
else if (figures.length === 0) console.log("skipped: no Chromium");
else {
  console.table(
    figures.map(({ name, value, unit, target }) => ({
      name,
      value: `${value.toFixed(1)} ${unit}`.trim(),
      target: `${target} ${unit}`.trim(),
      kept: value <= target,
    })),
  );
}
