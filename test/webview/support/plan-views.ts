import { english, sayText } from "../../../src/core/words.ts";
import { readFileSync } from "node:fs";
import type { Finding } from "../../../src/core/findings/finding.ts";
import type { Plan, PlanNode } from "../../../src/core/plan/plan.ts";
import { walk } from "../../../src/core/plan/walk.ts";
import { parseExplain } from "../../../src/core/postgres/parse-explain.ts";
import type {
  PanelState,
  PlanView,
  SuggestionView,
} from "../../../src/protocol/messages.ts";

export type RealPlan = "activity" | "partitions" | "hostile";

/** A plan as PostgreSQL 15 sent it, with its statement. */
export function readPlan(name: RealPlan): {
  readonly statement: string;
  readonly plan: Plan;
} {
  const file = `test/webview/plans/${name}.json`;
  const { statement, plan } = JSON.parse(readFileSync(file, "utf8")) as {
    statement: string;
    plan: unknown;
  };
  const parsed = parseExplain(plan);
  if (!parsed.ok) throw new Error(sayText(parsed.error.detail, english));
  return { statement, plan: parsed.value };
}

function nodeWith(plan: Plan, test: (node: PlanNode) => boolean): number {
  for (const node of walk(plan)) if (test(node)) return node.id;
  throw new Error("the plan has no such node");
}

const suggestion: SuggestionView = {
  id: 1,
  title: "Index on progress_events",
  keyText: "(enrollment_id, created_at DESC)",
  table: "progress_events",
  keys: [
    { text: "enrollment_id", role: "equality: the join" },
    { text: "created_at DESC", role: "range: the last 30 days" },
  ],
  predicate: "kind = 'lesson_completed'",
  proof: "planner",
  proofDetail: "HypoPG 1.3.1",
  costBefore: 27740,
  costAfter: 3918,
  sizeBytes: 12_600_000,
  why: "Equality first, range last: each enrollment becomes one short walk through the index.",
  ddl: "CREATE INDEX CONCURRENTLY progress_events_enrollment_created_idx\n  ON public.progress_events (enrollment_id, created_at DESC)\n  WHERE kind = 'lesson_completed';",
  runner: "Prisma",
  path: "prisma/migrations/20261121101500_progress_events_enrollment_created_idx/migration.sql",
  notes: [
    "one statement in the file, so Prisma runs it outside a transaction",
    "if the build fails, an INVALID index stays behind; PlanLens finds it and offers the repair",
  ],
  upkeep: { buildMs: 2_300, entriesWritten: 184_000, hotUpdatesAtRisk: 1_200 },
  replaces: ["progress_events_enrollment_id_idx"],
  others: [
    {
      keyText: "(enrollment_id)",
      costAfter: 9_120,
      sizeBytes: 7_400_000,
      note: "smallest, cheapest to write",
    },
  ],
  rejected: [
    {
      keyText: "(kind, created_at)",
      costAfter: 21200,
      reason: "helps the filter, not the join",
    },
    {
      keyText: "(created_at)",
      costAfter: undefined,
      reason: "the planner does not use it",
    },
  ],
};

const heuristic: SuggestionView = {
  id: 2,
  title: "Index on enrollments",
  keyText: "(course_id)",
  table: "enrollments",
  keys: [{ text: "course_id", role: "equality: the join" }],
  predicate: undefined,
  proof: "heuristic",
  proofDetail: "HypoPG is not installed",
  costBefore: undefined,
  costAfter: undefined,
  sizeBytes: undefined,
  why: "The join asks for one course at a time.",
  ddl: "CREATE INDEX CONCURRENTLY enrollments_course_id_idx ON public.enrollments (course_id);",
  runner: undefined,
  path: undefined,
  notes: [],
  upkeep: undefined,
  replaces: [],
  others: [],
  rejected: [],
};

const connection = {
  name: "edu-staging",
  environment: "staging",
  server: "PostgreSQL 15.8",
} as const;

function activityFindings(plan: Plan): readonly Finding[] {
  const scan = nodeWith(
    plan,
    (node) => node.relation?.name === "progress_events",
  );
  const sort = nodeWith(
    plan,
    (node) => node.kind === "sort" && node.children[0]?.kind !== "aggregate",
  );
  const join = nodeWith(plan, (node) => node.relation?.name === "enrollments");
  const strong = (text: string) => ({ text, strong: true });
  const weak = (text: string) => ({ text, strong: false });
  return [
    {
      rule: "full-read",
      severity: "problem",
      sentence: {
        template:
          "Reading all of {0} ({1} rows) to keep {2}: no index covers the join and the filter.",
        values: [strong("progress_events"), weak("900k"), weak("3 %")],
      },
      nodeId: scan,
      share: 0.62,
      span: undefined,
    },
    {
      rule: "sort-without-index",
      severity: "warning",
      sentence: {
        template: "The sort by {0} reads its whole input before the first row.",
        values: [strong("s.id, c.title")],
      },
      nodeId: sort,
      share: 0.19,
      span: undefined,
    },
    {
      rule: "row-estimate-off",
      severity: "note",
      sentence: {
        template: "The planner expected 225 enrollments and met 6,300: {0}.",
        values: [strong("28 times more")],
      },
      nodeId: join,
      share: 0.06,
      span: undefined,
    },
  ];
}

function marksFor(
  statement: string,
  nodeId: number | undefined,
  texts: readonly (readonly [string, "condition" | "table"])[],
): PlanView["marks"] {
  if (nodeId === undefined) return [];
  return texts.map(([text, kind]) => {
    const start = statement.indexOf(text);
    return { nodeId, span: { start, end: start + text.length }, kind };
  });
}

/** The main job's plan, with findings and suggestions as the host would send them. */
export function activityState(): PanelState {
  const { statement, plan } = readPlan("activity");
  const findings = activityFindings(plan);
  return {
    kind: "plan",
    view: {
      plan,
      findings,
      suggestions: [suggestion, heuristic],
      query: {
        text: statement,
        firstLine: 14,
        sourceLabel: "reports/activity.sql:14",
      },
      connection,
      noAnalyze: undefined,
      remarks: [],
      ran: "Analyzed, read-only, rolled back",
      parameters: "$1 = true",
      marks: marksFor(statement, findings[0]?.nodeId, [
        ["pe.kind = 'lesson_completed'", "condition"],
        ["pe.created_at >= now() - interval '30 days'", "condition"],
        ["progress_events pe", "table"],
      ]),
    },
  };
}

/** A plan without findings or suggestions. */
export function plainState(
  plan: Plan,
  statement: string,
  changes: Partial<PlanView> = {},
): PanelState {
  return {
    kind: "plan",
    view: {
      plan,
      findings: [],
      suggestions: [],
      query: {
        text: statement,
        firstLine: 1,
        sourceLabel: "queries/terms.sql:1",
      },
      connection,
      noAnalyze: undefined,
      remarks: [],
      ran: "Planned, nothing ran",
      parameters: undefined,
      marks: [],
      ...changes,
    },
  };
}

/** A plan of the given size in the server's own JSON: unions of joins over partitions. */
export function largePlan(operations: number): Plan {
  const leaf = (at: number) => ({
    "Node Type": at % 9 === 0 ? "Seq Scan" : "Index Scan",
    "Relation Name": `progress_events_${String(2000 + (at % 300))}`,
    Alias: `pe_${String(at)}`,
    ...(at % 9 === 0
      ? {}
      : {
          "Index Name": `progress_events_${String(2000 + (at % 300))}_idx`,
          "Index Cond": "(student_id = e.student_id)",
        }),
    Filter: `((kind = 'lesson_completed'::text) AND (id > ${String(at)}))`,
    "Rows Removed by Filter": at % 100,
    "Startup Cost": 0.1,
    "Total Cost": 10 + (at % 17),
    "Plan Rows": 10,
    "Plan Width": 16,
    "Actual Startup Time": 0.01,
    "Actual Total Time": 0.2 + (at % 7) / 10,
    "Actual Rows": 12,
    "Actual Loops": 1,
  });
  const inner = (
    type: string,
    children: readonly { "Total Cost": number; "Actual Total Time": number }[],
    more = {},
  ) => ({
    "Node Type": type,
    "Startup Cost": 0.1,
    "Total Cost": children.reduce((sum, child) => sum + child["Total Cost"], 1),
    "Plan Rows": 100,
    "Plan Width": 16,
    "Actual Startup Time": 0.01,
    "Actual Total Time": children.reduce(
      (sum, child) => sum + child["Actual Total Time"],
      0.1,
    ),
    "Actual Rows": 120,
    "Actual Loops": 1,
    ...more,
    Plans: children,
  });
  const perBranch = 98;
  const branches = Math.max(1, Math.round((operations - 2) / (perBranch + 2)));
  const all = Array.from({ length: branches }, (_, branch) =>
    inner(
      "Subquery Scan",
      [
        inner(
          "Append",
          Array.from({ length: perBranch }, (__, at) =>
            leaf(branch * perBranch + at),
          ),
        ),
      ],
      { Alias: `term ${String(branch)}` },
    ),
  );
  const root = inner("Sort", [inner("Append", all)], {
    "Sort Key": ["count(*) DESC"],
    "Sort Method": "quicksort",
    "Sort Space Used": 34,
    "Sort Space Type": "Memory",
  });
  const parsed = parseExplain([
    {
      Plan: root,
      "Planning Time": 1.2,
      "Execution Time": root["Actual Total Time"],
    },
  ]);
  if (!parsed.ok) throw new Error(sayText(parsed.error.detail, english));
  return parsed.value;
}
