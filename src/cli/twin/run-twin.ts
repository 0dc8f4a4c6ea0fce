import type { Database } from "../../app/database.ts";
import type { Result } from "../../core/result.ts";
import { parseTwinArguments, twinUsage, type TwinBuild } from "./arguments.ts";
import { runBuild } from "./build-command.ts";
import { runExport, type Complaint } from "./export-command.ts";

/** What the command line gives its twin commands. */
export interface TwinPorts {
  readonly complain: (sentence: string) => void;
  readonly explainOn: (
    asked: TwinBuild,
    database: Database,
    server: string,
    signal: AbortSignal,
  ) => Promise<number>;
}

/** `planlens twin …`; answers the exit code. */
export async function runTwin(
  args: readonly string[],
  ports: TwinPorts,
  signal: AbortSignal,
): Promise<number> {
  const command = parseTwinArguments(args);
  if (!command.ok) {
    ports.complain(`${command.error} See planlens twin --help.`);
    return 2;
  }
  const asked = command.value;
  const finish = (outcome: Result<number | undefined, Complaint>): number => {
    if (outcome.ok) return outcome.value ?? 0;
    ports.complain(outcome.error.sentence);
    return outcome.error.code;
  };
  switch (asked.kind) {
    case "help":
      process.stdout.write(twinUsage);
      return 0;
    case "export":
      return finish(await runExport(asked, signal));
    case "build":
      return finish(
        await runBuild(
          asked,
          (database, server) =>
            ports.explainOn(asked, database, server, signal),
          signal,
        ),
      );
  }
}
