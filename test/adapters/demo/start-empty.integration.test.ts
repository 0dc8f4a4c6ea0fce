import { cp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { brotliCompressSync, brotliDecompressSync, constants } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { spawnServer } from "../../../src/adapters/demo/spawn-server.ts";
import {
  startEmpty,
  type EmptyServer,
} from "../../../src/adapters/demo/start-empty.ts";
import {
  askDemo,
  buildDemoForTest,
  findServer,
  type BuiltDemo,
} from "../../support/demo.ts";

/** The packed cluster with another major version in its PG_VERSION. */
function ofAnotherVersion(packed: Buffer): Buffer {
  const content = brotliDecompressSync(packed);
  const lineEnd = content.indexOf("\n");
  const entries = JSON.parse(
    content.toString("utf8", 0, lineEnd),
  ) as readonly (readonly [string, number?])[];
  let at = lineEnd + 1;
  for (const [name, length = 0] of entries) {
    if (name === "PG_VERSION") content.write("17", at);
    at += length;
  }
  return brotliCompressSync(content, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 4 },
  });
}

describe("an empty embedded database", () => {
  let built: BuiltDemo;
  let started = 0;
  beforeAll(async () => {
    built = await buildDemoForTest();
  });
  afterAll(() => built.remove());

  const start = async (
    assetsFolder = built.assetsFolder,
  ): Promise<EmptyServer & { readonly folder: string }> => {
    started += 1;
    const folder = path.join(built.scratch, `empty${started}`);
    const answer = await startEmpty(
      { folder, serverScript: built.serverScript, assetsFolder },
      new AbortController().signal,
    );
    if (!answer.ok) throw new Error(JSON.stringify(answer.error));
    return { ...answer.value, folder };
  };
  /** Of the cluster, drawn by initdb. */
  const identify = async (assetsFolder?: string): Promise<unknown> => {
    const server = await start(assetsFolder);
    try {
      const [row] = await askDemo(
        server.target,
        "SELECT system_identifier::text AS id, current_setting('server_version_num')::int / 10000 AS major FROM pg_control_system()",
      );
      return row;
    } finally {
      await server.stop();
    }
  };
  /** The assets, with the packed cluster changed or, when nothing is answered, taken away. */
  const assetsWith = async (
    name: string,
    change: (packed: Buffer) => Buffer | undefined,
  ): Promise<string> => {
    const assets = path.join(built.scratch, name);
    await cp(built.assetsFolder, assets, { recursive: true });
    const file = path.join(assets, "pglite", "cluster.br");
    const changed = change(await readFile(file));
    await (changed === undefined ? rm(file) : writeFile(file, changed));
    return assets;
  };

  it("starts from the cluster that the build made, every time", async () => {
    const first = await identify();
    expect(first).toEqual({ id: expect.any(String) as string, major: 18 });
    expect(await identify()).toEqual(first);
  });

  const without = {
    missing: () => undefined,
    "cut short": (packed: Buffer) => packed.subarray(0, packed.length / 2),
    "of another version": ofAnotherVersion,
  };
  for (const [how, change] of Object.entries(without))
    it(`makes a cluster of its own where that one is ${how}`, async () => {
      const made = await identify(await assetsWith(how, change));
      expect(made).toEqual({ id: expect.any(String) as string, major: 18 });
      expect(made).not.toEqual(await identify());
    });

  const damages = {
    "cut short":
      /^the prepared database cannot be used \(.*unexpected end of file\), so one is made$/u,
    "of another version":
      /^the prepared database cannot be used \(\S.*\), so one is made$/u,
  };
  for (const [how, sentence] of Object.entries(damages))
    it(`tells among its progress why the cluster that is ${how} is not used`, async () => {
      const change = without[how as keyof typeof damages];
      const steps: string[] = [];
      const server = await spawnServer(
        {
          folder: path.join(built.scratch, `told ${how}`),
          serverScript: built.serverScript,
          assetsFolder: await assetsWith(`told ${how} assets`, change),
          content: "empty",
        },
        {
          port: 0,
          onProgress: ({ step }) => steps.push(step),
          signal: undefined,
        },
      );
      if (!server.ok) throw new Error(JSON.stringify(server.error));
      await server.value.stop();
      expect(steps).toEqual(["database", expect.stringMatching(sentence)]);
    });

  it("comes back on its port when its process was killed, with what was committed", async () => {
    const server = await start();
    try {
      await askDemo(
        server.target,
        "CREATE TABLE kept AS SELECT generate_series(1, 3) AS n",
      );
      const before = findServer(server.folder);
      process.kill(before, "SIGKILL");
      const count = (): Promise<unknown> =>
        askDemo(server.target, "SELECT count(*)::int AS n FROM kept").catch(
          () => undefined,
        );
      await expect.poll(count, { timeout: 20_000 }).toEqual([{ n: 3 }]);
      expect(findServer(server.folder)).not.toBe(before);
    } finally {
      await server.stop();
    }
    expect(() => findServer(server.folder)).toThrow();
  });
});
