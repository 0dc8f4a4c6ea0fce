import type {
  AdviceIndexView,
  AdviceQueryView,
  AdviceView,
} from "../../../src/protocol/advice-messages.ts";

const megabyte = 1024 ** 2;

function query(id: number, before: number, after: number): AdviceQueryView {
  const name = `queries/report-${String(id)}.sql:${String(id * 7 + 1)}`;
  return { id, name, weight: 1 + (id % 5) * 120, before, after };
}

function index(
  id: number,
  [table, keyText]: readonly [string, string],
  [megabytes, gain]: readonly [number, number],
  queries: readonly AdviceQueryView[],
): AdviceIndexView {
  return {
    id,
    table,
    keyText,
    name: `${table}_advised_${String(id)}_idx`,
    ddl: `CREATE INDEX CONCURRENTLY ${table}_advised_${String(id)}_idx ON public.${table} ${keyText}`,
    sizeBytes: megabytes * megabyte,
    gain,
    upkeep: id === 4 ? 0 : gain / 90,
    proof: id === 3 ? "heuristic" : "planner",
    proofDetail: "HypoPG 1.3.1",
    why: "Equality on enrollment_id first, then the order that the query asks for.",
    replaces: id === 0 ? ["progress_events_enrollment_id_idx"] : [],
    queries,
  };
}

/** An advice of five indexes and `queryCount` queries, the numbers made up. */
export function adviceView(queryCount = 40): AdviceView {
  const queries = Array.from({ length: queryCount }, (_, id) =>
    query(
      id,
      9_000 + id * 4_310,
      id % 4 === 0 ? 9_000 + id * 4_310 : 90 + id * 40,
    ),
  );
  const served = queries.filter(({ before, after }) => after < before);
  return {
    key: "a",
    connection: {
      name: "edu-main",
      environment: "production",
      server: "PostgreSQL 15.18",
    },
    source: `${String(queryCount)} queries of 12 files`,
    searched: "Searched 4.20 s, 1,180 plans",
    baselineCost: 3_852_390,
    indexes: [
      index(
        0,
        [
          "progress_events",
          "(enrollment_id, created_at DESC) WHERE kind = 'lesson_completed'",
        ],
        [247, 960_000],
        served.slice(0, 16),
      ),
      index(
        1,
        ["certificates", "(school_id, issued_at)"],
        [134, 520_000],
        served.slice(2, 4),
      ),
      index(
        2,
        ["courses", "(lower(title) text_pattern_ops)"],
        [18, 460_000],
        served.slice(4, 5),
      ),
      index(
        3,
        ["enrollments", "(course_id) INCLUDE (student_id, status)"],
        [61, 420_000],
        served.slice(5, 12),
      ),
      index(
        4,
        ["sessions", "(student_id, started_at DESC) WHERE ended_at IS NULL"],
        [118, 190_000],
        [],
      ),
    ],
    stops: [
      { bytes: 0, cost: 3_852_390, members: [] },
      { bytes: 18 * megabyte, cost: 3_390_000, members: [2] },
      { bytes: 79 * megabyte, cost: 2_970_000, members: [2, 3] },
      { bytes: 326 * megabyte, cost: 2_010_000, members: [0, 2, 3] },
      { bytes: 460 * megabyte, cost: 1_490_000, members: [0, 1, 2, 3] },
      { bytes: 578 * megabyte, cost: 1_290_000, members: [0, 1, 2, 3, 4] },
    ],
    queries,
    leftOut: [
      { name: "broken.sql:3", reason: "syntax error at end of input", id: 900 },
      {
        name: "SELECT gone",
        reason: 'relation "gone" does not exist',
        id: undefined,
      },
    ],
    notes: [],
    remarks: [
      "index sales.customer_mail: its expression calls a function that is not there",
      "table audit: it has no statistics yet",
    ],
    written: undefined,
    nothing: undefined,
  };
}
