// The steps of `npm start` once the packages are there: build, demo database, report, editor.
import { fork, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { takeHome } from "./start-session.mjs";

const windows = process.platform === "win32";

const editorSettings = {
  "planlens.demo.autoConnect": true,
  "workbench.startupEditor": "readme",
  "security.workspace.trust.enabled": false,
};

async function build({ root, options, session, say, Stop }) {
  say(
    options.editor === undefined
      ? "Building…"
      : "Building and packaging the extension…",
  );
  const script = options.editor === undefined ? "build.mjs" : "package.mjs";
  const code = await session.run(
    process.execPath,
    [path.join(root, "tools", script)],
    {
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  if (code !== 0 && !session.interrupted)
    throw new Stop(`The build failed; its message is above (tools/${script}).`);
}

/** A copy to play in: migrations written there do not end up in the checkout. */
function copyWorkspace(root, home) {
  const workspace = path.join(home, "workspace");
  rmSync(workspace, { recursive: true, force: true, maxRetries: 3 });
  cpSync(path.join(root, "demo"), workspace, { recursive: true });
  return workspace;
}

const reasons = {
  inUse: ({ pid }) =>
    `The demo database is open too often (the last is process ${pid}). End one of them, then run the command again.`,
  disk: ({ detail }) =>
    `The demo database needs 300 MB, which could not be written: ${detail}`,
  port: ({ port }) => `Port ${port} is taken by another program.`,
  database: ({ detail }) => `The demo database did not start: ${detail}`,
};

function showProgress(say) {
  let shown = "";
  return ({ step, done, of }) => {
    const line = `  ${String(Math.round((100 * done) / of)).padStart(3)} %  ${step}`;
    if (process.stdout.isTTY)
      process.stdout.write(
        `\r${line.padEnd(Math.max(shown.length, line.length))}`,
      );
    else say(line);
    shown = line;
  };
}

/** Starts the demo's process in the place where the editor's extension will look for its data. */
function startDemo({ root, session, say, Stop }, folder) {
  return new Promise((resolve, reject) => {
    const progress = showProgress(say);
    const args = [
      "--folder",
      folder,
      "--assets",
      path.join(root, "dist", "demo"),
    ];
    const server = fork(path.join(root, "dist", "demo-server.js"), args, {
      execArgv: [],
      detached: !windows,
    });
    const gone = new Promise((done) => server.once("close", done));
    const stop = async () => {
      if (server.connected) server.send("stop");
      const late = setTimeout(() => server.kill("SIGKILL"), 3000);
      await gone;
      clearTimeout(late);
    };
    session.onEnd(stop);
    server.on("message", (message) => {
      if (message.kind === "progress") progress(message);
      if (message.kind === "failed")
        reject(new Stop(`\n${reasons[message.reason.kind](message.reason)}`));
      if (message.kind === "ready") {
        if (process.stdout.isTTY) process.stdout.write("\r\u001b[K");
        resolve({ port: message.port, stop });
      }
    });
    gone.then(() =>
      reject(
        new Stop(
          "The demo database ended before it was ready. Run the command again.",
        ),
      ),
    );
  });
}

async function report({ root, session, Stop }, port, workspace) {
  const folder = path.join(workspace, "queries");
  const files = readdirSync(folder).map((name) => path.join("queries", name));
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres?sslmode=disable`;
  const args = [
    "explain",
    ...files,
    "--connection",
    url,
    "--summary",
    "--prove-by-building",
  ];
  const code = await session.run(
    process.execPath,
    [path.join(root, "dist", "cli.js"), ...args],
    { cwd: workspace },
  );
  if (code > 1 && !session.interrupted)
    throw new Stop("The report could not be made; the reason is above.");
}

const commandWorks = (command) =>
  spawnSync(command, ["--version"], {
    stdio: "ignore",
    shell: windows,
    timeout: 20_000,
  }).status === 0;

const hasScreen = () =>
  process.platform !== "linux" ||
  Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

function chooseEditor(asked, Stop) {
  if (asked === "code-server") return asked;
  const found = hasScreen() && commandWorks("code");
  if (asked === "any") return found ? "code" : "code-server";
  if (!found)
    throw new Stop(
      "There is no desktop VS Code here: `code` is not on the PATH, or there is no screen. Try --editor code-server.",
    );
  return asked;
}

async function openDesktop(
  { session, say, Stop },
  { profile, extensions, vsix, workspace },
) {
  const base = [
    "--user-data-dir",
    path.join(profile, "user-data"),
    "--extensions-dir",
    extensions,
  ];
  const settings = path.join(profile, "user-data", "User", "settings.json");
  if (!existsSync(settings))
    writeFileSync(settings, JSON.stringify(editorSettings, undefined, 2));
  const installed = spawnSync(
    "code",
    [...base, "--install-extension", vsix, "--force"],
    { encoding: "utf8", shell: windows },
  );
  if (installed.status !== 0)
    throw new Stop(
      `The extension could not be installed into VS Code: ${installed.stderr.trim()}`,
    );
  say(
    "VS Code opens the demo workspace, in a profile of its own. Close its window or press Ctrl+C to end.",
  );
  const args = [
    ...base,
    "--new-window",
    "--wait",
    "--disable-workspace-trust",
    workspace,
  ];
  await session.run("code", args, { stdio: "ignore", shell: windows });
}

function whyTaken(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error) => resolve(error.code));
    probe.listen(port, "127.0.0.1", () =>
      probe.close(() => resolve(undefined)),
    );
  });
}

/** Asked before anything else is done: a minute later is too late to hear of it. */
async function checkPort({ options, Stop }) {
  if (
    options.port === undefined ||
    (await whyTaken(options.port)) === undefined
  )
    return;
  throw new Stop(
    `Port ${options.port} cannot be used: another program has it, or it is reserved. Choose another with --port, or leave it out.`,
  );
}

async function openInBrowser(
  { options, session, say, Stop, password },
  { profile, vsix, workspace },
) {
  const { startWorkbench } = await import("./workbench/start.mjs");
  const workbench = await startWorkbench({
    vsix,
    folder: workspace,
    profile,
    password,
    say,
    port: options.port,
    settings: editorSettings,
  }).catch((error) => {
    throw new Stop(error.message);
  });
  session.onEnd(workbench.stop);
  say(
    `\nVS Code runs in the browser, on this machine only:\n\n  ${workbench.url}\n  password: ${password}\n\nPress Ctrl+C to end it.`,
  );
  await new Promise((resolve) => session.onEnd(resolve));
}

/** Resolves with the exit code. Throws `Stop` with a sentence for the person. */
export async function runStart(context) {
  const { root, options, session, say, Stop } = context;
  const editor =
    options.editor === undefined
      ? undefined
      : chooseEditor(options.editor, Stop);
  if (editor === "code-server") await checkPort(context);
  const home = takeHome(root, session);
  const profile = path.join(home, "profile");
  const extensions = path.join(profile, "extensions");
  const storage = path.join(
    profile,
    "user-data",
    "User",
    "globalStorage",
    "planlens.planlens",
  );
  mkdirSync(storage, { recursive: true });
  await build(context);
  const workspace = copyWorkspace(root, home);
  say(
    "Starting the demo database (a million rows; the first time takes about half a minute)…",
  );
  const demo = await startDemo(context, path.join(storage, "demo"));
  say("\nWhat PlanLens finds in the demo's queries:\n");
  await report(context, demo.port, workspace);
  // The editor's extension opens the same data; one process at a time.
  await demo.stop();
  if (session.interrupted) return 130;
  if (editor === undefined) return 0;
  const place = {
    profile,
    extensions,
    workspace,
    vsix: path.join(root, "planlens.vsix"),
  };
  await (editor === "code"
    ? openDesktop(context, place)
    : openInBrowser(context, place));
  return 0;
}
