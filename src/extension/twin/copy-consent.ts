import type { ConnectionProfile } from "../../app/connection.ts";

/** What a person lets be copied; common values and histogram bounds are data of the tables. */
export type CopyAnswer = "all" | "withoutTexts" | "nothing";

/** The part of VS Code's Memento that is needed; small enough for a test to stand in. */
interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

/** Whether the statistics of a connection may be copied: asked once per connection, and kept on this machine. */
export interface CopyConsent {
  /** As it was answered; asks where nobody did. Undefined: put off until the next window, or given up by `signal`. */
  readonly seek: (
    profile: ConnectionProfile,
    signal: AbortSignal,
  ) => Promise<CopyAnswer | undefined>;
  /** Answered with no, or put off: nothing is asked now. */
  readonly isRefused: (profile: ConnectionProfile) => boolean;
  /** Every connection is asked about anew. */
  readonly forget: () => Promise<void>;
}

const memoryKey = "planlens.copyAnswers";
const answers: readonly unknown[] = ["all", "withoutTexts", "nothing"];
const isAnswer = (value: unknown): value is CopyAnswer =>
  answers.includes(value);

/** Another server, or one that has become production, is another question. */
const keyOf = ({ id, environment, target }: ConnectionProfile): string =>
  JSON.stringify([id, environment, target]);

function readAll(memory: Memory): Readonly<Record<string, unknown>> {
  const stored = memory.get(memoryKey);
  return typeof stored === "object" && stored !== null ? { ...stored } : {};
}

/** The answer, or undefined as soon as the one who waits has gone; the question stays. */
function unlessGone(
  asked: Promise<CopyAnswer | undefined>,
  signal: AbortSignal,
): Promise<CopyAnswer | undefined> {
  const gone = new Promise<undefined>((resolve) => {
    const leave = (): void => {
      resolve(undefined);
    };
    if (signal.aborted) leave();
    else signal.addEventListener("abort", leave, { once: true });
  });
  return Promise.race([gone, asked]);
}

/** `ask` shows the question; undefined when it was closed without an answer. */
export function createCopyConsent(
  memory: Memory,
  ask: (profile: ConnectionProfile) => Promise<CopyAnswer | undefined>,
): CopyConsent {
  const asking = new Map<string, Promise<CopyAnswer | undefined>>();
  const putOff = new Set<string>();
  const known = (key: string): CopyAnswer | undefined => {
    const stored = readAll(memory)[key];
    return isAnswer(stored) ? stored : undefined;
  };
  const askOnce = async (
    profile: ConnectionProfile,
    key: string,
  ): Promise<CopyAnswer | undefined> => {
    const answer = await ask(profile);
    asking.delete(key);
    if (answer === undefined) putOff.add(key);
    else await memory.update(memoryKey, { ...readAll(memory), [key]: answer });
    return answer;
  };
  return {
    seek: async (profile, signal) => {
      const key = keyOf(profile);
      const before = known(key);
      if (before !== undefined || putOff.has(key)) return before;
      const question = asking.get(key) ?? askOnce(profile, key);
      asking.set(key, question);
      return unlessGone(question, signal);
    },
    isRefused: (profile) => {
      const key = keyOf(profile);
      return putOff.has(key) || known(key) === "nothing";
    },
    forget: async () => {
      putOff.clear();
      await memory.update(memoryKey, undefined);
    },
  };
}
