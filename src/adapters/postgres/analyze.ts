import type {
  Answer,
  AnalyzeRequest,
  ExplainAnswer,
  ParameterHandling,
} from "../../app/database.ts";
import { succeeded } from "../../core/result.ts";
import { locateError, planOptions, readPlan } from "./explain.ts";
import { findPreparation, forgetFound, knownPreparation } from "./prepare.ts";
import type { Session } from "./session.ts";

/** Runs the statement in a transaction that always ends in ROLLBACK; READ ONLY unless consent was given. */
export async function analyzeStatement(
  session: Session,
  request: AnalyzeRequest,
): Answer<ExplainAnswer> {
  const { statement, values, limits } = request;
  const { mayWrite } = request.consent;
  const prefix = `EXPLAIN (ANALYZE, BUFFERS, ${planOptions}${mayWrite ? ", WAL" : ""}) `;
  const startedAt = performance.now();
  if (values.length > 0) {
    // Within the transaction it would be too late to find that it does not fit any more.
    forgetFound(session, statement);
    await findPreparation(session, statement);
  }
  const { text, types } = knownPreparation(session, statement);
  await session.run(mayWrite ? "BEGIN READ WRITE" : "BEGIN READ ONLY");
  try {
    await session.run(
      `SELECT /* planlens */ set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
        set_config('idle_in_transaction_session_timeout', $3, true)`,
      [
        limits.statementTimeoutMs,
        limits.lockTimeoutMs,
        limits.statementTimeoutMs,
      ].map(String),
    );
    const steps = [{ text: prefix + text.text, values, types }];
    const plan = readPlan(await session.send({ steps }));
    const parameters: ParameterHandling =
      values.length === 0 ? { kind: "none" } : { kind: "given", values };
    return succeeded({
      plan,
      parameters,
      elapsedMs: performance.now() - startedAt,
    });
  } catch (error) {
    return locateError(error, { prefix, text });
  } finally {
    await rollBack(session);
  }
}

/** A session whose transaction cannot be ended is cut: the server rolls back then. */
export async function rollBack(session: Session): Promise<void> {
  try {
    await session.run("ROLLBACK");
    // Session-level advisory locks outlive a rollback.
    await session.run("SELECT /* planlens */ pg_advisory_unlock_all()");
  } catch {
    await session.end();
  }
}
