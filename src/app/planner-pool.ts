import type { IndexDefinition } from "../core/advice/suggestion.ts";
import type { ParsedStatement } from "../core/sql/statement.ts";
import type {
  Answer,
  DatabaseError,
  ServerInfo,
  WhatIfAnswer,
  WhatIfSession,
} from "./database.ts";
import { ofOneStatement } from "./read-workload.ts";

/** Plannings of one search, several at a time. */
export interface PlannerPool {
  /** Each lane has a session of its own: what is planned there depends on nothing but what was planned there before. */
  readonly plan: (
    statement: ParsedStatement,
    indexes: readonly IndexDefinition[],
    lane: number,
  ) => Answer<WhatIfAnswer>;
  /** What ended the search before its time. */
  readonly ending: () => DatabaseError | undefined;
  readonly close: () => Promise<void>;
}

/** Hypothetical indexes belong to one backend, so two never meet; real ones lock their tables. */
export const concurrencyOf = ({
  whatIf,
}: Pick<ServerInfo, "whatIf">): number => (whatIf === "hypopg" ? 2 : 1);

type Plan = WhatIfSession["plan"];

/** A session's calls must not overlap: each waits for the one before. */
function inTurn(session: WhatIfSession): Plan {
  let last: Promise<unknown> = Promise.resolve();
  return (...asked) => {
    const answer = last.then(() => session.plan(...asked));
    last = answer.catch(() => undefined);
    return answer;
  };
}

/** Somebody may have ended this one session: the next question opens another. */
const askingAgain =
  (plan: Plan): Plan =>
  async (...asked) => {
    const first = await plan(...asked);
    const isLost = !first.ok && first.error.kind === "connectionLost";
    return isLost ? plan(...asked) : first;
  };

/** The server, or the connection's own pool, has no room for one more session. */
const isCrowded = (error: DatabaseError): boolean =>
  error.kind === "tooManyConnections" ||
  (error.kind === "timedOut" && error.what === "connect");

const plannerOf = (session: WhatIfSession): Plan =>
  askingAgain(inTurn(session));

/** A lane for each session; they share the first where the server has no room for all. */
export function createPlannerPool(
  open: () => WhatIfSession,
  count: number,
  signal: AbortSignal,
): PlannerPool {
  const first = open();
  const others = Array.from({ length: count - 1 }, open);
  const main = plannerOf(first);
  const lanes = [main, ...others.map(plannerOf)];
  let ending: DatabaseError | undefined;
  return {
    plan: async (statement, indexes, lane) => {
      const own = lanes[lane] ?? main;
      const told = await own(statement, indexes, signal);
      const mustShare = !told.ok && own !== main && isCrowded(told.error);
      if (mustShare) lanes[lane] = main;
      const answer = mustShare ? await main(statement, indexes, signal) : told;
      if (!answer.ok && !ofOneStatement.has(answer.error.kind))
        ending = answer.error;
      return answer;
    },
    ending: () => ending,
    close: async () => {
      await Promise.all([first, ...others].map((session) => session.close()));
    },
  };
}
