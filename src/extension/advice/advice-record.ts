import type { AdvisedWorkload } from "../../app/advise-workload.ts";
import type { PlanView } from "../../protocol/messages.ts";

/** Where the statements of a workload are taken from. */
export type WorkloadSource = "files" | "server" | "both";

/** Where a statement stands. */
export type StatementOrigin =
  | {
      readonly kind: "file";
      readonly uri: string;
      readonly offset: number;
    }
  | { readonly kind: "server"; readonly queryId: string };

/** A statement that was looked at; its text finds it again after the file was edited. */
export interface AdvisedStatement {
  readonly name: string;
  readonly text: string;
  readonly place: StatementOrigin;
}

/** One search and what came of it; kept over a reload of the window. */
export interface AdviceRecord {
  readonly version: 2;
  /** Another search has another one. */
  readonly key: string;
  readonly connectionId: string;
  readonly connection: {
    readonly name: string;
    readonly environment: PlanView["connection"]["environment"];
    readonly server: string;
  };
  readonly source: WorkloadSource;
  readonly fileCount: number;
  readonly elapsedMs: number;
  readonly statements: readonly AdvisedStatement[];
  readonly advice: AdvisedWorkload;
  /** What the source has and the copy that was planned on has not; absent in records of earlier versions. */
  readonly remarks?: readonly string[];
}

/** The part of VS Code's Memento that is needed. */
export interface AdviceMemory {
  readonly get: (key: string) => unknown;
  readonly update: (key: string, value: unknown) => Thenable<void>;
}

const memoryKey = "planlens.advice";

/** What this version wrote itself: looked at only as far as a later version could differ. */
export function recallAdvice(memory: AdviceMemory): AdviceRecord | undefined {
  const kept = memory.get(memoryKey);
  return typeof kept === "object" &&
    kept !== null &&
    "version" in kept &&
    kept.version === 2 &&
    "advice" in kept &&
    typeof kept.advice === "object"
    ? (kept as AdviceRecord)
    : undefined;
}

export const keepAdvice = async (
  memory: AdviceMemory,
  record: AdviceRecord,
): Promise<void> => {
  await memory.update(memoryKey, record);
};
