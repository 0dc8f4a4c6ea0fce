// `npm start`: from a fresh clone to a real editor on the demo database, with a first result in the terminal on the way.
import { randomBytes } from "node:crypto";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.resolve(
  new URL("..", import.meta.url).pathname.replace(/^\/(?=[A-Za-z]:)/, ""),
);
const usage = `npm start -- [options]

  --no-editor                 stop after the report
  --editor code|code-server   desktop VS Code, or VS Code in the browser (default: code where there is one)
  --port N                    the browser's VS Code listens there (default: a free port)
`;

function readOptions() {
  const { values } = parseArgs({
    options: {
      "no-editor": { type: "boolean", default: false },
      editor: { type: "string" },
      port: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const port = values.port === undefined ? undefined : Number(values.port);
  if (
    port !== undefined &&
    !(Number.isInteger(port) && port > 0 && port < 65536)
  )
    throw new Error("--port is a number from 1 to 65535.");
  if (
    values.editor !== undefined &&
    !["code", "code-server"].includes(values.editor)
  )
    throw new Error("--editor is code or code-server.");
  return {
    editor: values["no-editor"] ? undefined : (values.editor ?? "any"),
    port,
    help: values.help,
  };
}

/** A sentence about what stopped us; anything else that is thrown is a bug and keeps its stack. */
class Stop extends Error {}

const say = (text) => process.stdout.write(`${text}\n`);

const sentences = [
  [
    /ENOSPC|no space left/i,
    "The disk is full. About 1.5 GB are needed; make room and run the command again.",
  ],
  [
    /EACCES|EROFS|EPERM/,
    "The project's folder cannot be written. Check its owner and rights, then run the command again.",
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|network/i,
    "The network could not be reached. It is needed once, to install packages; then run the command again.",
  ],
];

function explainFailure(error) {
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof Stop) return text;
  const known = sentences.find(([pattern]) =>
    pattern.test(`${error?.code ?? ""} ${text}`),
  );
  return known === undefined
    ? undefined
    : `${known[1]} (${text.split("\n")[0]})`;
}

async function main() {
  if (Number(process.versions.node.split(".")[0]) < 20)
    throw new Stop(
      `Node 20 or later is needed; this is ${process.version}. Install it from https://nodejs.org.`,
    );
  let options;
  try {
    options = readOptions();
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${usage}`);
    return 2;
  }
  if (options.help) {
    say(usage);
    return 0;
  }
  const { installPackages } = await import("./bootstrap.mjs");
  if (!installPackages()) return 1;

  const { createSession } = await import("./start-session.mjs");
  const session = createSession();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.on(signal, () => void session.interrupt());
  try {
    const { runStart } = await import("./start-steps.mjs");
    return await runStart({
      root,
      options,
      session,
      say,
      Stop,
      password: randomBytes(9).toString("base64url"),
    });
  } catch (error) {
    if (session.interrupted) return 130;
    throw error;
  } finally {
    await session.end();
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  const sentence = explainFailure(error);
  if (sentence === undefined) throw error;
  process.stderr.write(`\n${sentence}\n`);
  process.exitCode = 1;
}
