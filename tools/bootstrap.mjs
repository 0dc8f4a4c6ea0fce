// What a fresh clone lacks: the project's own packages, and with --system the parts only the system can bring.
import { spawnSync } from "node:child_process";
import { existsSync, statfsSync } from "node:fs";
import path from "node:path";
import { networkOptions } from "./registry.mjs";

const root = path.resolve(import.meta.dirname, "..");
const windows = process.platform === "win32";

const run = (command, args, options = {}) =>
  spawnSync(command, args, {
    cwd: root,
    stdio: "inherit",
    shell: windows,
    ...options,
  }).status === 0;

const packagesBytes = 500e6;

/** A sentence when the packages cannot fit; npm would notice only minutes later, and not say it plainly. */
function whyNoRoom() {
  const { bavail, bsize, blocks } = statfsSync(root);
  const free = bavail * bsize;
  // Some network drives do not tell their size.
  return blocks === 0 || free >= packagesBytes
    ? undefined
    : `The project's folder has ${Math.floor(free / 1e6)} MB of free space, and its packages need ${packagesBytes / 1e6} MB. Make room, then run the command again.\n`;
}

/** Installs node_modules when missing; false with a printed sentence when that fails. */
export function installPackages() {
  if (existsSync(path.join(root, "node_modules", ".package-lock.json")))
    return true;
  const noRoom = whyNoRoom();
  if (noRoom !== undefined) {
    process.stderr.write(noRoom);
    return false;
  }
  process.stderr.write("Installing the project's packages (once)…\n");
  const network = networkOptions(root);
  // Not `npm ci`: it refuses a lock file that lacks another system's optional package.
  const args = ["install", "--no-save", "--no-audit", "--no-fund", ...network];
  if (run("npm", args)) return true;
  process.stderr.write(
    network.length > 0
      ? "The packages could not be installed: npm's registry cannot be reached, and npm's cache does not hold them all. Check the network, or npm's proxy and registry settings, then run the command again.\n"
      : "The packages could not be installed. Check the network and the disk (npm's message is above), then run the command again.\n",
  );
  return false;
}

const has = (file) => existsSync(file);
const parts = [
  {
    name: "PostgreSQL 15 with HypoPG",
    present: () =>
      has("/usr/lib/postgresql/15/bin/postgres") &&
      has("/usr/share/postgresql/15/extension/hypopg.control"),
    packages: ["postgresql-15", "postgresql-15-hypopg"],
  },
  {
    name: "Chromium",
    present: () => has("/usr/bin/chromium"),
    packages: ["chromium", "fonts-dejavu-core"],
  },
];

const mayInstall = () =>
  process.getuid?.() === 0 &&
  has("/usr/bin/apt-get") &&
  (process.env.CI !== undefined ||
    has("/.dockerenv") ||
    process.env.container !== undefined);

/**
 * Brings HypoPG and a browser where this process may (root in a container or CI);
 * otherwise returns a sentence for each missing part with the command that brings it.
 */
export function installSystemParts() {
  let missing = parts.filter((part) => !part.present());
  if (missing.length > 0 && mayInstall()) {
    const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    const apt = (args) =>
      run("apt-get", ["-o", "DPkg::Lock::Timeout=300", "-qq", ...args], {
        env: environment,
        stdio: ["ignore", "ignore", "inherit"],
      });
    process.stdout.write(
      `Installing ${missing.map((part) => part.name).join(" and ")}…\n`,
    );
    apt(["update"]);
    apt([
      "install",
      "-y",
      "--no-install-recommends",
      ...missing.flatMap((part) => part.packages),
    ]);
    missing = parts.filter((part) => !part.present());
  }
  return missing.map(
    (part) =>
      `${part.name} is missing: apt-get install ${part.packages.join(" ")}`,
  );
}
