import { tmpdir } from "node:os";
import { runAdvise } from "./advise/run-advise.ts";
import { parseCommandLine, usage } from "./arguments.ts";
import { runCalibration } from "./calibration.ts";
import { explain } from "./explain.ts";
import { printable } from "./printable.ts";
import { runTwin } from "./twin/run-twin.ts";
import { version } from "./version.ts";
import { describeTemporaryFolder } from "./wording.ts";
import { runWhyNot } from "./why-not.ts";

const exitCodes = {
  done: 0,
  usage: 2,
  // EX_SOFTWARE of sysexits.h.
  ownFault: 70,
} as const;

const complain = (sentence: string): void => {
  process.stderr.write(`planlens: ${printable(sentence)}\n`);
};

/** Commands with arguments of their own; each answers the exit code. */
const commands = new Map<
  string,
  (args: readonly string[], signal: AbortSignal) => Promise<number>
>([
  ["twin", (args, signal) => runTwin(args, complain, signal)],
  ["advise", (args, signal) => runAdvise(args, complain, signal)],
  ["why-not", (args, signal) => runWhyNot(args, complain, signal)],
  ["calibration", (args, signal) => runCalibration(args, complain, signal)],
]);

async function run(
  args: readonly string[],
  signal: AbortSignal,
): Promise<number> {
  const named = commands.get(args[0] ?? "");
  if (named !== undefined) return named(args.slice(1), signal);
  const command = parseCommandLine(args);
  if (!command.ok) {
    complain(`${command.error} See planlens --help.`);
    return exitCodes.usage;
  }
  switch (command.value.kind) {
    case "help":
      process.stdout.write(usage);
      return exitCodes.done;
    case "version":
      process.stdout.write(`planlens ${version}\n`);
      return exitCodes.done;
    case "explain":
      return explain(command.value.arguments, complain, signal);
  }
}

const interruption = new AbortController();
// A service manager ends a program as a person does: servers that were started are stopped too.
for (const ending of ["SIGINT", "SIGTERM"] as const)
  process.once(ending, () => {
    interruption.abort();
  });
// `planlens … | head` closes the pipe early: that is no failure.
process.stdout.on("error", () => process.exit(exitCodes.done));

/** A fault of ours: told in one line, and never taken for a statement that could not be planned. */
function tellFault(error: unknown): number {
  const trouble = describeTemporaryFolder(error, tmpdir());
  if (trouble !== undefined) {
    complain(trouble);
    return exitCodes.usage;
  }
  const [cause] = (
    error instanceof Error ? error.message : String(error)
  ).split("\n");
  complain(
    `a fault in PlanLens itself (${cause ?? ""}). The statements left were not planned; please report it with the command line.`,
  );
  return exitCodes.ownFault;
}

void run(process.argv.slice(2), interruption.signal)
  .catch(tellFault)
  .then((code) => {
    process.exitCode = code;
  });
