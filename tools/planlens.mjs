// `npm run -s planlens -- …`: the command line from this checkout; builds it when it is missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const cli = path.join(root, "dist", "cli.js");
if (!existsSync(cli)) {
  const { installPackages } = await import("./bootstrap.mjs");
  if (!installPackages()) process.exit(1);
  const { buildAll } = await import("./build.mjs");
  await buildAll();
}
const done = spawnSync(process.execPath, [cli, ...process.argv.slice(2)], {
  stdio: "inherit",
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
process.exit(done.status ?? 1);
