import type { ConnectionProfile } from "../../app/connection.ts";
import type { DatabaseError, SlowQueries } from "../../app/database.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import type { Result } from "../../core/result.ts";
import { tellHiddenStatements } from "../../app/hidden-statements.ts";
import { sayText, type Translate } from "../../core/words.ts";

/** What a person can do where there is no list; shown as a row, because a message hides the view's welcome. */
export interface Step {
  readonly step: "copy" | "refresh" | "log";
}

/** What the view shows; `package.json` has a welcome for some. */
export type ViewState =
  | "noConnection"
  | "unsupported"
  | "missingExtension"
  | "missingRight"
  | "empty"
  | "emptyBundle"
  | "noMatch"
  | "list"
  | "trouble";

/** What was read last, and from which connection. */
export interface LoadedQueries {
  readonly profile: ConnectionProfile;
  readonly answer: Result<SlowQueries, DatabaseError>;
}

/** Where package.json has the words. */
const welcomed: ReadonlySet<ViewState> = new Set([
  "noConnection",
  "unsupported",
  "empty",
  "emptyBundle",
  "noMatch",
]);

const steps: Readonly<Partial<Record<ViewState, readonly Step[]>>> = {
  missingExtension: [{ step: "copy" }, { step: "refresh" }],
  missingRight: [{ step: "copy" }, { step: "refresh" }],
  trouble: [{ step: "refresh" }, { step: "log" }],
};

/** The rows in place of a list; undefined where there is a list or a welcome. */
export const stepsAt = (state: ViewState): readonly Step[] | undefined =>
  steps[state];

/** `shown`: how many queries pass the filter. */
export function stateOf(
  loaded: LoadedQueries | undefined,
  shown: number,
): ViewState {
  if (loaded === undefined) return "noConnection";
  if (loaded.profile.target.engine === "mongodb") return "unsupported";
  const { answer } = loaded;
  if (!answer.ok) {
    const { kind } = answer.error;
    return kind === "missingExtension" || kind === "missingRight"
      ? kind
      : "trouble";
  }
  if (answer.value.queries.length === 0)
    return loaded.profile.target.engine === "bundle" ? "emptyBundle" : "empty";
  return shown === 0 ? "noMatch" : "list";
}

function countedSince(
  { profile, answer }: LoadedQueries,
  { t, language }: MessageWords,
): string | undefined {
  const since = answer.ok ? answer.value.since : undefined;
  if (since === undefined) return undefined;
  const time = new Date(since);
  return Number.isNaN(time.getTime())
    ? undefined
    : t("{0}, counted since {1}", profile.name, time.toLocaleString(language));
}

/** How a message is said. */
export interface MessageWords {
  readonly t: Translate;
  /** As the editor names it: `de`. */
  readonly language: string;
}

/** VS Code shows a view's welcome only where there is neither a message nor a row. */
export function messageOf(
  loaded: LoadedQueries | undefined,
  state: ViewState,
  words: MessageWords,
): string | undefined {
  if (loaded === undefined || welcomed.has(state)) return undefined;
  const { answer, profile } = loaded;
  if (answer.ok) {
    const hidden = tellHiddenStatements(answer.value);
    const told = [
      countedSince(loaded, words),
      hidden === undefined ? undefined : sayText(hidden, words.t),
    ].filter((one) => one !== undefined);
    return told.length === 0 ? undefined : told.join(". ");
  }
  const { what, next } = describeDatabaseError(
    answer.error,
    profile.name,
    words.t,
  );
  return `${what} ${next}`;
}

/** The statement that would help, as the server's answer says it. */
export function remedyOf(
  loaded: LoadedQueries | undefined,
): string | undefined {
  if (loaded === undefined || loaded.answer.ok) return undefined;
  const { error } = loaded.answer;
  return error.kind === "missingExtension" || error.kind === "missingRight"
    ? error.remedy
    : undefined;
}
