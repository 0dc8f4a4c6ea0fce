// `npm run -s planlens -- …`: the command line from this checkout; builds it when it is missing.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "..");
const cli = path.join(root, "dist", "cli.js");
if (!existsSync(cli)) {
  const { installPackages } = await import("./bootstrap.mjs");
  if (!installPackages()) process.exit(1);
  const { buildAll } = await import("./build.mjs");
  await buildAll();
}
const child = spawn(process.execPath, [cli, ...process.argv.slice(2)], {
  stdio: "inherit",
  cwd: process.env.INIT_CWD ?? process.cwd(),
});
// The command line ends its servers itself; a second Ctrl+C from the terminal reaches it without us.
process.on("SIGINT", () => undefined);
for (const signal of ["SIGTERM", "SIGHUP"])
  process.on(signal, () => child.kill(signal));
child.on("error", ({ message }) => {
  process.stderr.write(`${process.execPath} did not start: ${message}\n`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
});
