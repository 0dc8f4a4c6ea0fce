// Starts the real VS Code workbench with the packaged VSIX in a profile of its own.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { installWorkbench, workbenchEntry, workbenchNode } from "./install.mjs";

const quietSettings = {
  "workbench.startupEditor": "none",
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "chat.disableAIFeatures": true,
  "chat.commandCenter.enabled": false,
  "git.enabled": false,
  "git.openRepositoryInParentFolders": "never",
  "files.autoSave": "off",
  "editor.minimap.enabled": false,
};

function findFreePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function environment(profile, password) {
  const copy = { ...process.env };
  for (const name of [
    "NODE_OPTIONS",
    "VSCODE_IPC_HOOK_CLI",
    "PORT",
    "PASSWORD",
    "HASHED_PASSWORD",
    "ELECTRON_RUN_AS_NODE",
  ])
    delete copy[name];
  return {
    ...copy,
    XDG_CONFIG_HOME: path.join(profile, "xdg"),
    XDG_DATA_HOME: path.join(profile, "xdg"),
    XDG_CACHE_HOME: path.join(profile, "xdg"),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...(password === undefined ? {} : { PASSWORD: password }),
  };
}

async function waitUntilHealthy(port, child, log) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (child.exitCode !== null) break;
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(
      () => undefined,
    );
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(
    `The workbench did not start: ${readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" ")}`,
  );
}

function stopGroup(child) {
  if (child.exitCode !== null || child.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    const force = setTimeout(() => kill(child, "SIGKILL"), 5000);
    child.once("exit", () => {
      clearTimeout(force);
      resolve();
    });
    kill(child, "SIGTERM");
  });
}

function kill(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function installExtension(vsix, base, env) {
  const installed = spawnSync(
    workbenchNode,
    [...base, "--install-extension", vsix, "--force"],
    { env, encoding: "utf8" },
  );
  if (installed.status !== 0)
    throw new Error(
      `The VSIX could not be installed: ${installed.stdout}${installed.stderr}`,
    );
}

/**
 * Options: vsix (path; none is installed without it), folder (opened), settings (merged into the profile), port, password
 * (absent: no login; only for tests), profile (kept; a temporary one otherwise), trust (true: the folder is not trusted
 * until somebody says so; every folder is otherwise), say.
 * Resolves to { url, profile, port, stop }.
 */
export async function startWorkbench({
  vsix,
  folder,
  settings = {},
  port,
  password,
  profile,
  trust = false,
  say,
}) {
  const trouble = installWorkbench(say);
  if (trouble !== undefined) throw new Error(trouble);
  const home =
    profile ?? mkdtempSync(path.join(os.tmpdir(), "planlens-workbench-"));
  const userData = path.join(home, "user-data");
  const extensions = path.join(home, "extensions");
  // The workbench is remote to its extension host: machine-scoped settings (connections) have a file of their own.
  for (const scope of ["User", "Machine"]) {
    mkdirSync(path.join(userData, scope), { recursive: true });
    writeFileSync(
      path.join(userData, scope, "settings.json"),
      JSON.stringify(
        {
          ...quietSettings,
          "security.workspace.trust.enabled": trust,
          ...settings,
        },
        undefined,
        2,
      ),
    );
  }
  mkdirSync(extensions, { recursive: true });
  writeFileSync(path.join(home, "config.yaml"), "auth: none\n");
  const env = environment(home, password);
  const base = [
    workbenchEntry,
    "--config",
    path.join(home, "config.yaml"),
    "--user-data-dir",
    userData,
    "--extensions-dir",
    extensions,
  ];
  if (vsix !== undefined) installExtension(vsix, base, env);
  const chosen = port ?? (await findFreePort());
  const log = path.join(home, "server.log");
  const out = openSync(log, "w");
  const child = spawn(
    workbenchNode,
    [
      ...base,
      "--auth",
      password === undefined ? "none" : "password",
      "--bind-addr",
      `127.0.0.1:${chosen}`,
      "--disable-telemetry",
      "--disable-update-check",
      ...(trust ? [] : ["--disable-workspace-trust"]),
      "--disable-getting-started-override",
      "--ignore-last-opened",
      "--reconnection-grace-time",
      "5",
    ],
    { env, detached: true, stdio: ["ignore", out, out] },
  );
  closeSync(out);
  const stop = async () => {
    await stopGroup(child);
    if (profile === undefined)
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await waitUntilHealthy(chosen, child, log);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${chosen}/?folder=${encodeURIComponent(folder)}`,
    profile: home,
    port: chosen,
    stop,
  };
}
