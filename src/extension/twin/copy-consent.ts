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
  /**
   * As it was answered. Undefined where nobody answered yet: then the question is shown, once in this window, and
   * nobody waits for it, as the editor puts a question that nobody presses out of sight.
   */
  readonly seek: (profile: ConnectionProfile) => CopyAnswer | undefined;
  /** Shows the question anew, whatever became of it. Resolves when it is answered or closed. */
  readonly ask: (profile: ConnectionProfile) => Promise<void>;
  /** Asks in a way that may be waited for where nobody answered yet. */
  readonly settle: (profile: ConnectionProfile) => Promise<void>;
  /** Asked in this window and not answered: a yes would still change something. */
  readonly isOpen: (profile: ConnectionProfile) => boolean;
  /** Nothing may be copied now: answered with no, or asked and not answered. */
  readonly isRefused: (profile: ConnectionProfile) => boolean;
  /** Every connection is asked about anew. */
  readonly forget: () => Promise<void>;
}

export interface CopyConsentNeeds {
  readonly memory: Memory;
  /** Shows the question, in plain sight until then where it is awaited; undefined when it was closed without an answer. */
  readonly ask: (
    profile: ConnectionProfile,
    isAwaited: boolean,
  ) => Promise<CopyAnswer | undefined>;
  /** Hears of each answer once it is kept. */
  readonly onAnswer: (profile: ConnectionProfile, answer: CopyAnswer) => void;
  /** Hears why a question that nobody waits for could not be asked, or its answer not be kept. */
  readonly report: (error: unknown) => void;
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

export function createCopyConsent(needs: CopyConsentNeeds): CopyConsent {
  const { memory } = needs;
  const asked = new Set<string>();
  const known = (profile: ConnectionProfile): CopyAnswer | undefined => {
    const stored = readAll(memory)[keyOf(profile)];
    return isAnswer(stored) ? stored : undefined;
  };
  const isOpen = (profile: ConnectionProfile): boolean =>
    known(profile) === undefined && asked.has(keyOf(profile));
  const show = async (
    profile: ConnectionProfile,
    isAwaited: boolean,
  ): Promise<void> => {
    const key = keyOf(profile);
    asked.add(key);
    const answer = await needs.ask(profile, isAwaited);
    // One question closes the one before it: closed is not answered.
    if (answer === undefined) return;
    await memory.update(memoryKey, { ...readAll(memory), [key]: answer });
    needs.onAnswer(profile, answer);
  };
  return {
    ask: (profile) => show(profile, false),
    settle: async (profile) => {
      if (known(profile) === undefined) await show(profile, true);
    },
    isOpen,
    isRefused: (profile) => isOpen(profile) || known(profile) === "nothing",
    seek: (profile) => {
      const answer = known(profile);
      if (answer === undefined && !isOpen(profile))
        show(profile, false).catch(needs.report);
      return answer;
    },
    forget: async () => {
      asked.clear();
      await memory.update(memoryKey, undefined);
    },
  };
}
