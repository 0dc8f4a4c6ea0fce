import { l10n } from "vscode";
import {
  renderCreateIndex,
  renderIndexKey,
} from "../../core/advice/render-ddl.ts";
import type { IndexDefinition } from "../../core/advice/suggestion.ts";
import type {
  AdvisedIndex,
  QueryCosts,
  WorkloadAdvice,
} from "../../core/advice/workload/workload-advice.ts";
import { formatExactCount, formatMs } from "../../core/format.ts";
import { describeDatabaseError } from "../../app/wording.ts";
import { sayText } from "../../core/words.ts";
import { quoteIdentifier } from "../../core/sql/quote-identifier.ts";
import type {
  AdviceIndexView,
  AdviceQueryView,
  AdviceStop,
  AdviceView,
} from "../../protocol/advice-messages.ts";
import { proofDetail } from "../editor/finding-words.ts";
import type { AdviceRecord } from "./advice-record.ts";
import { everyIndex, savedBy } from "./advised-set.ts";

/** `(course_id) INCLUDE (status) WHERE …`, with the method where it is not a B-tree. */
export function fullKey(index: IndexDefinition): string {
  const method = index.method === "btree" ? "" : `USING ${index.method} `;
  const included =
    index.included.length === 0
      ? ""
      : ` INCLUDE (${index.included.map(quoteIdentifier).join(", ")})`;
  const where =
    index.predicate === undefined ? "" : ` WHERE ${index.predicate}`;
  return `${method}${renderIndexKey(index)}${included}${where}`;
}

type Positions = ReadonlyMap<string, number>;

function queryView(costs: QueryCosts, positions: Positions): AdviceQueryView {
  const { name, weight, before, after } = costs;
  return { id: positions.get(name) ?? 0, name, weight, before, after };
}

function indexView(
  advised: AdvisedIndex,
  id: number,
  positions: Positions,
): AdviceIndexView {
  const { index, name, proof } = advised;
  return {
    id,
    table: index.table,
    keyText: fullKey(index),
    name,
    ddl: renderCreateIndex(index, name, {
      concurrently: advised.refusesConcurrently !== true,
    }),
    sizeBytes: advised.sizeBytes,
    gain: advised.gain,
    upkeep: advised.upkeep,
    proof: proof.kind,
    proofDetail: proofDetail(proof, l10n.t),
    why: sayText(advised.why, l10n.t),
    replaces: advised.replaces.map((one) => one.name),
    queries: advised.queries
      .toSorted((one, other) => savedBy(other) - savedBy(one))
      .map((costs) => queryView(costs, positions)),
  };
}

/** From nothing to the advised set, whatever the search had time for in between. */
function stopsOf(advice: WorkloadAdvice): readonly AdviceStop[] {
  const nothing = { bytes: 0, cost: advice.baselineCost, members: [] };
  const whole = {
    bytes: advice.sizeBytes,
    cost: advice.cost,
    members: advice.indexes.map((_, id) => id),
  };
  const between = advice.frontier.filter(
    ({ bytes, members }) => members.length > 0 && bytes < whole.bytes,
  );
  return [nothing, ...between, ...(whole.members.length > 0 ? [whole] : [])];
}

function sourceWords({
  source,
  statements,
  fileCount,
  connection,
}: AdviceRecord): string {
  const count = formatExactCount(statements.length);
  switch (source) {
    case "files":
      return l10n.t("queries: {0}, in {1} files", count, fileCount);
    case "server":
      return l10n.t("queries: {0}, weighted by calls", count);
    case "both":
      return l10n.t(
        "queries: {0}, in {1} files and counted by {2}, weighted by calls",
        count,
        fileCount,
        connection.name,
      );
  }
}

/** How long it searched and what ended it. */
function searchedWords({
  elapsedMs,
  advice,
  connection,
}: AdviceRecord): string {
  const time = formatMs(elapsedMs);
  const plannings = formatExactCount(advice.plannings);
  const { ending } = advice;
  switch (ending.kind) {
    case "complete":
      return l10n.t(
        "Searched {0}, {1} plans; no query was run",
        time,
        plannings,
      );
    case "interrupted":
      return l10n.t(
        "Searched {0}, {1} plans, then stopped by you: the best until then",
        time,
        plannings,
      );
    case "timeLimit":
    case "planningLimit":
      return l10n.t(
        "Searched {0}, {1} plans, then a limit was reached: a longer search may find more",
        time,
        plannings,
      );
    case "failed":
      return l10n.t(
        "Searched {0}, {1} plans, then this ended it: {2}",
        time,
        plannings,
        describeDatabaseError(ending.error, connection.name, l10n.t).what,
      );
  }
}

/** Why no index came of it. */
function nothingWords({ advice }: AdviceRecord): AdviceView["nothing"] {
  if (advice.indexes.length > 0) return undefined;
  if (advice.queries.length === 0)
    return {
      title: l10n.t("None of the queries could be planned."),
      detail: l10n.t(
        "The reason stands beside each below. Often the connection is that of another database: choose the one whose tables the queries name.",
      ),
    };
  if (advice.ending.kind !== "complete")
    return {
      title: l10n.t("Stopped before an index was found."),
      detail: l10n.t(
        "The search had planned {0} times. Let it run longer.",
        advice.plannings,
      ),
    };
  if (advice.outweighed.length > 0)
    return {
      title: l10n.t("No index saves these reads more than writes pay for it."),
      detail: l10n.t(
        "These would help, at a higher price for the writes: {0}.",
        advice.outweighed
          .map(({ index }) => `${index.table} ${fullKey(index)}`)
          .join("; "),
      ),
    };
  return {
    title: l10n.t("No index makes these queries noticeably cheaper."),
    detail: l10n.t(
      "Queries planned: {0}. Plans with trial indexes: {1}. What the tables have already serves them, or they read so much of the tables that an index would not help.",
      advice.queries.length,
      advice.plannings,
    ),
  };
}

/** Everything that the page draws, in one message. */
export function buildAdviceView(
  record: AdviceRecord,
  written: string | undefined,
): AdviceView {
  const { advice, key, connection, statements } = record;
  const positions: Positions = new Map(
    statements.map(({ name }, position) => [name, position]),
  );
  return {
    key,
    connection,
    source: sourceWords(record),
    searched: searchedWords(record),
    baselineCost: advice.baselineCost,
    indexes: everyIndex(advice).map((advised, id) =>
      indexView(advised, id, positions),
    ),
    stops: stopsOf(advice),
    queries: advice.queries.map((costs) => queryView(costs, positions)),
    leftOut: advice.leftOut.map(({ name, reason }) => ({
      name,
      reason: sayText(reason, l10n.t),
      id: positions.get(name),
    })),
    notes: advice.notes.map((note) => sayText(note, l10n.t)),
    remarks: record.remarks ?? [],
    written,
    nothing: nothingWords(record),
  };
}
