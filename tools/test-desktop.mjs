// `npm run test:desktop`: starts the extension in a desktop VS Code that is already on this machine.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { runTests } from "@vscode/test-electron";

const root = path.resolve(import.meta.dirname, "..");
const candidates = [
  process.env.PLANLENS_VSCODE,
  "/usr/share/code/code",
  "/Applications/Visual Studio Code.app/Contents/MacOS/Electron",
  `${process.env.LOCALAPPDATA ?? ""}\\Programs\\Microsoft VS Code\\Code.exe`,
];
const desktop = candidates.find(
  (candidate) => candidate !== undefined && existsSync(candidate),
);
if (desktop === undefined) {
  process.stdout.write(
    "skipped: no desktop VS Code (set PLANLENS_VSCODE to its executable)\n0 passed, 0 failed, 1 skipped\n",
  );
  process.exit(0);
}
const built = spawnSync(
  process.execPath,
  [path.join(root, "tools/build.mjs")],
  { stdio: "inherit" },
);
if (built.status !== 0) process.exit(1);
const code = await runTests({
  vscodeExecutablePath: desktop,
  extensionDevelopmentPath: root,
  extensionTestsPath: path.join(root, "test/desktop/index.cjs"),
  launchArgs: [path.join(root, "demo"), "--disable-workspace-trust"],
});
process.stdout.write(
  code === 0
    ? "1 passed, 0 failed, 0 skipped\n"
    : "0 passed, 1 failed, 0 skipped\n",
);
process.exit(code);
