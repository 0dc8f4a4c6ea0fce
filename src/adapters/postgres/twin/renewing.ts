import type { Answer } from "../../../app/database.ts";
import type { Session } from "../session.ts";

/** In the driver's words, so that it is told like any other connection that broke. */
const lostForGood = (): Error => new Error("Connection terminated");

interface Renewing {
  readonly session: Session;
  /** Ends it for good. */
  readonly close: () => Promise<void>;
}

/**
 * A session that is opened anew, with the next thing that is sent, when the server, the network or somebody who uses
 * it has ended it. What was under way when it broke fails.
 */
export function renewing(
  first: Session,
  open: () => Answer<Session>,
): Renewing {
  let current = first;
  let isClosed = false;
  let opening: Promise<Session> | undefined;
  const reopen = async (): Promise<Session> => {
    const opened = await open();
    if (!opened.ok) throw lostForGood();
    current = opened.value;
    if (isClosed) await current.end();
    return current;
  };
  const live = async (): Promise<Session> => {
    if (isClosed || !current.isLost()) return current;
    opening ??= reopen().finally(() => {
      opening = undefined;
    });
    return opening;
  };
  const session: Session = {
    get backendPid() {
      return current.backendPid;
    },
    versionNumber: first.versionNumber,
    versionText: first.versionText,
    send: async (request) => (await live()).send(request),
    run: async (text, values) => (await live()).run(text, values),
    isLost: () => current.isLost(),
    end: () => current.end(),
  };
  return {
    session,
    close: async () => {
      isClosed = true;
      await current.end();
    },
  };
}
