import type { Result } from "../../core/result.ts";
import { explainOn, findStatements } from "../explain.ts";
import type { Complaint } from "../wording.ts";
import { parseTwinArguments, twinUsage, type TwinBuild } from "./arguments.ts";
import { runBuild } from "./build-command.ts";
import { runExport } from "./export-command.ts";

type Complain = (sentence: string) => void;

/** Files that cannot be read are told before anything is built. */
async function build(
  asked: TwinBuild,
  complain: Complain,
  signal: AbortSignal,
): Promise<Result<number, Complaint>> {
  const statements = await findStatements(asked.files, complain);
  if (!statements.ok) return statements;
  const explain: Parameters<typeof runBuild>[1] = (database, server) =>
    explainOn(asked, statements.value, { database, server }, signal);
  return runBuild(asked, explain, signal);
}

/** `planlens twin …`; answers the exit code. */
export async function runTwin(
  args: readonly string[],
  complain: Complain,
  signal: AbortSignal,
): Promise<number> {
  const command = parseTwinArguments(args);
  if (!command.ok) {
    complain(`${command.error} See planlens twin --help.`);
    return 2;
  }
  const asked = command.value;
  const finish = (outcome: Result<number | undefined, Complaint>): number => {
    if (outcome.ok) return outcome.value ?? 0;
    complain(outcome.error.sentence);
    return outcome.error.code;
  };
  switch (asked.kind) {
    case "help":
      process.stdout.write(twinUsage);
      return 0;
    case "export":
      return finish(await runExport(asked, signal));
    case "build":
      return finish(await build(asked, complain, signal));
  }
}
