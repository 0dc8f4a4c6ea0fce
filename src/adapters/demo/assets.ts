import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";

/** A piece of the data's script, run and reported on its own. */
export interface Step {
  readonly name: string;
  readonly sql: string;
}

export interface DemoAssets {
  /** The schema, as the migrations' runner would apply it. */
  readonly migrations: readonly Step[];
  readonly generator: readonly Step[];
  readonly workload: unknown;
  /** Statements of the query files by name. */
  readonly queries: ReadonlyMap<string, string>;
  /** Changes whenever prepared data would come out otherwise. */
  readonly fingerprint: string;
}

/** Raised when the layout on disk changes though no asset did. */
const layoutVersion = 1;

const stepMark = /^-- step: (.+)$/m;

/** Cuts a script at its "-- step: name" lines; what comes before the first belongs to nobody. */
export function cutSteps(script: string): readonly Step[] {
  const pieces = script.split(stepMark).slice(1);
  return pieces.flatMap((name, at) =>
    at % 2 === 0 ? [{ name, sql: pieces[at + 1] ?? "" }] : [],
  );
}

const nameMark = /^-- name: ([a-z0-9-]+)$/m;

/** Statements of a query file by the name in the comment above each. */
export function cutQueries(text: string): readonly Step[] {
  const pieces = text.split(nameMark).slice(1);
  return pieces.flatMap((name, at) =>
    at % 2 === 0
      ? [
          {
            name,
            sql: (pieces[at + 1] ?? "")
              .replace(/^--.*$/gm, "")
              .trim()
              .replace(/;$/, ""),
          },
        ]
      : [],
  );
}

async function readAll(
  folder: string,
  suffix: string,
): Promise<readonly Step[]> {
  const names = (await readdir(folder))
    .filter((name) => name.endsWith(suffix))
    .sort();
  return Promise.all(
    names.map(async (name) => ({
      name: name.slice(0, -suffix.length),
      sql: (await readFile(path.join(folder, name), "utf8")).replaceAll(
        "\r\n",
        "\n",
      ),
    })),
  );
}

/** Reads schema, generator, queries and workload from the folder that the build fills. */
export async function readAssets(folder: string): Promise<DemoAssets> {
  const migrations = await readAll(path.join(folder, "migrations"), ".up.sql");
  const generator = await readFile(path.join(folder, "generate.sql"), "utf8");
  const workload = await readFile(path.join(folder, "workload.json"), "utf8");
  const files = await readAll(path.join(folder, "queries"), ".sql");
  const hash = createHash("sha256").update(String(layoutVersion));
  for (const part of [...migrations, ...files])
    hash.update(`\0${part.name}\0${part.sql}`);
  hash.update(`\0${generator}\0${workload}`);
  return {
    migrations,
    generator: cutSteps(generator.replaceAll("\r\n", "\n")),
    workload: JSON.parse(workload) as unknown,
    queries: new Map(
      files.flatMap((file) =>
        cutQueries(file.sql).map(({ name, sql }) => [name, sql]),
      ),
    ),
    fingerprint: hash.digest("hex"),
  };
}
