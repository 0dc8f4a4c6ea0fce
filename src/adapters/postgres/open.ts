import type { PostgresTarget } from "../../app/connection.ts";
import type {
  Answer,
  AnalyzeRequest,
  Database,
  ExplainAnswer,
} from "../../app/database.ts";
import { findRefusal, judgeRun } from "../../app/run-verdict.ts";
import { failed } from "../../core/result.ts";
import { readCatalog } from "./catalog.ts";
import { readEffects } from "./effects.ts";
import { analyzeStatement } from "./analyze.ts";
import { explainStatement, labelOf } from "./explain.ts";
import { readIndexUse } from "./index-use.ts";
import { describeParameters } from "./parameters.ts";
import { readPlannerFacts } from "./planner-facts.ts";
import { tryPlans } from "./planner-trials.ts";
import { readServerInfo } from "./server-info.ts";
import type { Session } from "./session.ts";
import { createSessions, type OpenOptions, type Sessions } from "./sessions.ts";
import { readSlowQueries } from "./slow-queries.ts";
import { openWhatIf } from "./what-if.ts";

/** What the safety contract refuses is refused here, before it is sent, whatever a front end has asked. */
async function analyzeWithConsent(
  session: Session,
  request: AnalyzeRequest,
): Answer<ExplainAnswer> {
  const { statement, environment, consent } = request;
  const effects = await readEffects(session, statement);
  if (!effects.ok) return effects;
  const verdict = judgeRun(environment, statement, effects.value);
  const refusal = findRefusal(verdict, consent);
  return refusal === undefined
    ? analyzeStatement(session, request)
    : failed(refusal);
}

/** Time for the statements around an analyzed one. */
const analyzeSlackMs = 2000;

type Reads = Omit<
  Database,
  "explain" | "analyze" | "openWhatIf" | "explainWith" | "close"
>;

function openReads(sessions: Sessions, byBuilding: boolean): Reads {
  return {
    info: (signal) =>
      sessions.run(
        { what: "server version and extensions", signal },
        (session) => readServerInfo(session, byBuilding),
      ),
    describeParameters: (statement, signal) =>
      sessions.run(
        { what: `parameter types of ${labelOf(statement)}`, signal },
        (session) => describeParameters(session, statement),
      ),
    effects: (statement, signal) =>
      sessions.run(
        { what: `effects of ${labelOf(statement)}`, signal },
        (session) => readEffects(session, statement),
      ),
    catalog: (tables, signal) =>
      sessions.run(
        { what: `catalog of ${tables.length} tables`, signal },
        (session) => readCatalog(session, tables),
      ),
    plannerFacts: (tables, signal) =>
      sessions.run(
        { what: `statistics of ${tables.length} tables`, signal },
        (session) => readPlannerFacts(session, tables),
      ),
    slowQueries: (limit, signal) =>
      sessions.run({ what: "pg_stat_statements", signal }, (session) =>
        readSlowQueries(session, limit),
      ),
    indexUse: (signal) =>
      sessions.run({ what: "use of indexes", signal }, readIndexUse),
  };
}

/**
 * A database over `pg`: at most two read-only sessions, opened when first needed and replaced when
 * the server ends them. Nothing is dialled here; every method answers with a value, never throws
 * for what a server can do.
 */
export function openPostgres(
  target: PostgresTarget,
  options: OpenOptions,
): Database {
  const sessions = createSessions(target, options);
  const byBuilding = options.whatIfByBuilding === true;
  return {
    ...openReads(sessions, byBuilding),
    explain: (statement, values, signal) =>
      sessions.run(
        { what: `EXPLAIN ${labelOf(statement)}`, signal },
        (session) => explainStatement(session, statement, values),
      ),
    analyze: (request, signal) => {
      const { mayWrite } = request.consent;
      const mode = mayWrite ? "read-write, rolled back" : "read-only";
      const what = `EXPLAIN ANALYZE ${labelOf(request.statement)} (${mode})`;
      const limitMs = request.limits.statementTimeoutMs + analyzeSlackMs;
      return sessions.run({ what, signal, limitMs, once: true }, (session) =>
        analyzeWithConsent(session, request),
      );
    },
    openWhatIf: (values) =>
      openWhatIf(sessions.lease(), { byBuilding, values }),
    explainWith: (statement, asked, signal) =>
      tryPlans(sessions.lease(), { statement, ...asked }, byBuilding, signal),
    close: sessions.close,
  };
}
