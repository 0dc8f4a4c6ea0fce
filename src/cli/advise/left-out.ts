import type { LeftOutQuery } from "../../core/advice/workload/workload-advice.ts";
import { english, sayText } from "../../core/words.ts";

/** Its views count statements of a running server, so that no twin makes them. */
const missingView = /\bpg_stat_statements(?:_info)?\b.* does not exist/u;

/** A statement on what a twin never has is not the statement's fault: the reason says so. */
export function explainLeftOut(query: LeftOutQuery): LeftOutQuery {
  const reason = sayText(query.reason, english);
  return missingView.test(reason)
    ? {
        ...query,
        reason: `${reason.replace(/\.$/u, "")}: a twin has no views of the extension pg_stat_statements, whose statements are planned only on the server itself.`,
      }
    : query;
}
