/** The workload advisor on benchmark bundles, at several budgets, in HypoPG's bytes and in estimated real ones. */
import path from "node:path";
import { adviseWorkload } from "../../src/app/advise-workload.ts";
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import { loadSqlParser } from "../../src/core/sql/parse.ts";
import { english } from "../../src/core/words.ts";
import { parseAdviseArguments } from "../../src/cli/advise/arguments.ts";
import { openSource } from "../../src/cli/advise/open-source.ts";
import { anchorsOf, type Anchor } from "./advisor-anchors.ts";

interface Asked {
  readonly bundles: readonly string[];
  readonly timeLimitMs: number;
  readonly maximumPlannings: number;
  readonly patience: number;
  readonly only: string | undefined;
}

interface Row {
  readonly workload: string;
  readonly bytes: Anchor["bytes"];
  readonly budgetMb: number;
  readonly relativeCost: number;
  readonly target: number | undefined;
  readonly bestPublished: number | undefined;
  readonly usedMb: number;
  readonly explains: number;
  readonly seconds: number;
  readonly indexes: readonly string[];
}

function readArguments(): Asked {
  const values = new Map<string, string>();
  const bundles: string[] = [];
  for (const argument of process.argv.slice(2)) {
    const [, name, value] = /^--([\w-]+)=(.*)$/.exec(argument) ?? [];
    if (name !== undefined && value !== undefined) values.set(name, value);
    else if (!argument.startsWith("--")) bundles.push(argument);
  }
  return {
    bundles,
    timeLimitMs: Number(values.get("seconds") ?? 60) * 1000,
    maximumPlannings: Number(values.get("explains") ?? 10_000),
    patience: Number(values.get("patience") ?? 3),
    only: values.get("only"),
  };
}

async function runOne(
  file: string,
  anchor: Anchor,
  asked: Asked,
): Promise<Row> {
  const workload = path.basename(file).replace(/\.json\.gz$/, "");
  const parsed = parseAdviseArguments([
    "--bundle",
    file,
    "--sizes=hypopg",
    "--server=15",
  ]);
  if (!parsed.ok || parsed.value === "help") throw new Error("arguments");
  const signal = new AbortController().signal;
  const source = await openSource(parsed.value, signal);
  if (!source.ok) throw new Error(source.error.sentence);
  try {
    const parser = await loadSqlParser();
    const startedAt = performance.now();
    const advice = await adviseWorkload(
      { database: source.value.database, parser },
      source.value.queries
        .filter(({ counted }) => counted)
        .map(({ name, sql }) => ({ name, text: sql, weight: 1 })),
      {
        budgetBytes: anchor.budgetMb * 1e6,
        sizes: anchor.bytes === "hypopg" ? "planner" : "model",
        timeLimitMs: asked.timeLimitMs,
        maximumPlannings: asked.maximumPlannings,
        patience: asked.patience,
        onProgress: () => undefined,
        translate: english,
      },
      signal,
    );
    if (!advice.ok) throw new Error(JSON.stringify(advice.error));
    const { baselineCost, cost, sizeBytes, plannings, indexes } = advice.value;
    return {
      workload,
      ...anchor,
      relativeCost: cost / baselineCost,
      usedMb: sizeBytes / 1e6,
      explains: plannings,
      seconds: (performance.now() - startedAt) / 1000,
      indexes: indexes.map(({ index, name }) =>
        renderCreateIndex(index, name, { concurrently: false }),
      ),
    };
  } finally {
    await source.value.close();
  }
}

function print(row: Row): void {
  const target = row.target?.toFixed(3) ?? "–";
  const verdict =
    row.target === undefined
      ? ""
      : row.relativeCost <= row.target
        ? "met"
        : `short by ${(row.relativeCost - row.target).toFixed(4)}`;
  process.stderr.write(
    `${[
      row.workload.padEnd(10),
      row.bytes.padEnd(6),
      `${row.budgetMb} MB`.padStart(8),
      row.relativeCost.toFixed(4),
      `target ${target}`,
      `best published ${row.bestPublished?.toFixed(4) ?? "–"}`,
      `${row.explains} EXPLAINs`.padStart(15),
      `${row.seconds.toFixed(1)} s`.padStart(7),
      `${row.usedMb.toFixed(0)} MB`.padStart(8),
      verdict,
    ].join("  ")}\n`,
  );
}

const asked = readArguments();
if (asked.bundles.length === 0) {
  process.stderr.write(
    "Give the bundles to advise on: npm run bench:advisor -- BUNDLE.json.gz…\n",
  );
  process.exitCode = 2;
}
const rows: Row[] = [];
for (const file of asked.bundles)
  for (const anchor of anchorsOf(path.basename(file)))
    if (
      asked.only === undefined ||
      asked.only === `${anchor.bytes}${anchor.budgetMb}`
    ) {
      const row = await runOne(file, anchor, asked);
      print(row);
      rows.push(row);
    }
if (process.argv.includes("--json"))
  process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
