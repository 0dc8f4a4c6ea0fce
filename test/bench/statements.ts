/**
 * Advice for single statements beside indexes made by hand: both built for real, their plan costs compared.
 *
 * Options: --world=NAME, --only=WORDS of the title, --prover=hypopg|build|twin in place of the world's own, --json.
 */
import { renderCreateIndex } from "../../src/core/advice/render-ddl.ts";
import { caseSets } from "../advice/cases.ts";
import type { CaseSet } from "../advice/cases/case.ts";
import { openGround, type Verdict } from "../advice/ground.ts";
import { startPostgres } from "../support/servers.ts";

interface Row {
  readonly world: string;
  readonly title: string;
  readonly before: number;
  readonly ideal: number;
  readonly ours: number;
  readonly ratio: number;
  readonly plannings: number;
  readonly elapsedMs: number;
  readonly indexes: readonly string[];
  readonly isUnwanted: boolean;
}

const option = (name: string): string | undefined =>
  process.argv
    .find((argument) => argument.startsWith(`--${name}=`))
    ?.slice(name.length + 3);

function rowOf(
  world: string,
  title: string,
  ideal: readonly string[],
  verdict: Verdict,
): Row {
  const { advice, ...figures } = verdict;
  return {
    world,
    title,
    ...figures,
    indexes: advice.suggestions.map(({ index, proof }) =>
      renderCreateIndex(index, "x", { concurrently: false }).replace(
        /CREATE INDEX x ON (?:public\.)?/,
        `${proof.kind}: `,
      ),
    ),
    isUnwanted: ideal.length === 0 && advice.suggestions.length > 0,
  };
}

const tell = (row: Row): string =>
  [
    row.ratio.toFixed(2).padStart(7),
    String(row.plannings).padStart(4),
    row.elapsedMs.toFixed(0).padStart(6),
    `${row.before.toFixed(0)} > ${row.ours.toFixed(0)} (${row.ideal.toFixed(0)})`.padStart(
      26,
    ),
    row.isUnwanted ? "UNWANTED" : row.ratio > 1.2 ? "MISSED" : "",
    `${row.title}: ${row.indexes.join(" + ")}`,
  ].join("  ");

async function judgeAll(
  set: CaseSet,
  server: Awaited<ReturnType<typeof startPostgres>>,
): Promise<readonly Row[]> {
  const prover = (option("prover") ?? set.prover) as CaseSet["prover"];
  const ground = await openGround(server, { ...set, prover });
  const only = option("only");
  const rows: Row[] = [];
  for (const { title, sql, ideal } of set.cases) {
    if (only !== undefined && !title.includes(only)) continue;
    try {
      const verdict = await ground.judge(sql, ideal);
      const row = rowOf(set.world.name, title, ideal, verdict);
      rows.push(row);
      if (!process.argv.includes("--json"))
        process.stdout.write(`${tell(row)}\n`);
    } catch (error) {
      process.stderr.write(`${title}: ${String(error)}\n`);
      process.exitCode = 1;
    }
  }
  await ground.close();
  return rows;
}

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

const server = await startPostgres("15-hypopg");
const rows: Row[] = [];
const world = option("world");
for (const set of caseSets)
  if (world === undefined || set.world.name === world)
    rows.push(...(await judgeAll(set, server)));
await server.stop();
const missed = rows.filter(({ ratio }) => ratio > 1.2).length;
const unwanted = rows.filter(({ isUnwanted }) => isUnwanted).length;
if (process.argv.includes("--json"))
  process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
else
  process.stdout.write(
    `${rows.length} cases, ${missed} missed, ${unwanted} unwanted; EXPLAINs median ${median(rows.map(({ plannings }) => plannings))}, most ${Math.max(...rows.map(({ plannings }) => plannings))}; median ${median(rows.map(({ elapsedMs }) => elapsedMs)).toFixed(0)} ms\n`,
  );
