import { describe, expect, it } from "vitest";
import type { DatabaseError } from "../../src/app/database.ts";
import type { ExplainedStatement } from "../../src/app/explain-statement.ts";
import { explainOrder } from "../../src/core/advice/why.ts";
import type {
  Advice,
  IndexKey,
  RejectedCandidate,
  Suggestion,
} from "../../src/core/advice/suggestion.ts";
import { renderMigration } from "../../src/core/migrations/catalogue.ts";
import { renderOperator } from "../../src/core/plan/render-text.ts";
import { walk } from "../../src/core/plan/walk.ts";
import { parseExplain } from "../../src/core/postgres/parse-explain.ts";
import { phrase, sayText } from "../../src/core/words.ts";
import { demoProfile } from "../../src/extension/connections/demo-host.ts";
import {
  describeFailure,
  sentenceText,
} from "../../src/extension/editor/finding-words.ts";
import { renderHover } from "../../src/extension/editor/hover-text.ts";
import { buildPlanView } from "../../src/extension/panel/plan-view.ts";
import type { ParseFailure } from "../../src/core/sql/statement.ts";
import { ruleCases } from "../plans/rule-cases.ts";
import { readRuleCase, type StoredCase } from "../core/findings/rule-cases.ts";
import { pseudoTranslate, untranslated } from "../support/pseudo.ts";

const roles: readonly IndexKey["role"][] = [
  "equality",
  "join",
  "sort",
  "range",
  "group",
  "containment",
  "textSearch",
  "prefix",
];

const keyOf = (role: IndexKey["role"]): IndexKey => ({
  text: "é",
  isExpression: true,
  descending: false,
  nulls: undefined,
  operatorClass: undefined,
  role,
});

const index: Suggestion["index"] = {
  schema: "ö",
  table: "ä",
  method: "btree",
  keys: roles.map(keyOf),
  included: ["ü"],
  predicate: "ß",
};

const suggestion: Suggestion = {
  index,
  name: "ï",
  costBefore: 2,
  costAfter: 1,
  sizeBytes: 8192,
  proof: {
    kind: "heuristic",
    reason: phrase("HypoPG cannot simulate {0} indexes", "9"),
  },
  alternatives: [
    {
      index: { ...index, predicate: undefined },
      costAfter: 2,
      estimatedBytes: 8192,
      isSmallest: true,
      isCheapestToWrite: true,
    },
  ],
  planAfter: undefined,
  why: explainOrder(index),
};

const reasons: readonly RejectedCandidate["reason"][] = [
  "notUsed",
  "smallGain",
  "weaker",
  "exists",
  "covered",
  "failed",
];

const advice: Advice = {
  suggestions: [suggestion],
  rejected: reasons.map((reason) => ({ index, costAfter: 3, reason })),
};

const explainedOf = ({
  plan,
  statement,
  catalog,
  findings,
}: StoredCase): ExplainedStatement => ({
  plan,
  statement,
  catalog,
  findings,
  advice,
  parameters: { kind: "fromStatistics", values: ["7"] },
});

/** What stays in every language: SQL, names, and PostgreSQL's names of its operators. */
const namesIn = ({ sql, catalog, plan }: StoredCase): readonly string[] => [
  sql,
  // Joins the ends of a range that stands for one condition.
  "AND",
  JSON.stringify(catalog),
  ...[...walk(plan)].flatMap((node) => [
    renderOperator(node),
    node.index ?? "",
    node.target ?? "",
    node.subplanName ?? "",
    ...node.sortKeys,
    ...node.conditions.map(({ expression }) => expression),
  ]),
];

const profile = { ...demoProfile("demo"), name: "ñ" };

describe("in a language without Latin letters", () => {
  it.each(ruleCases)(
    "every word of the hover is translated: $name",
    async ({ name }) => {
      const stored = await readRuleCase(name);
      const markdown = renderHover({
        planned: { explained: explainedOf(stored), plannedAt: 0 },
        findings: stored.findings,
        advice,
        isCopyOpen: true,
        profile,
        place: { uri: "9", offset: 0 },
        nowMs: 90_000,
        t: pseudoTranslate,
      });
      const shown = markdown
        .replaceAll(/```[^`]*```/gu, "")
        .replaceAll(/\]\([^)]*\)/gu, "]")
        .replaceAll("&nbsp;", "");
      const rules = stored.findings.map(({ rule }) => rule);
      expect(untranslated(shown, [...namesIn(stored), ...rules])).toEqual([]);
    },
  );

  it.each(ruleCases)("every finding is translated: $name", async ({ name }) => {
    const stored = await readRuleCase(name);
    const said = stored.findings.map(({ sentence }) =>
      sentenceText(sentence, pseudoTranslate),
    );
    expect(untranslated(said.join(" "), namesIn(stored))).toEqual([]);
  });

  it("every word that the host gives the panel is translated", async () => {
    const [first] = ruleCases;
    if (first === undefined) throw new Error("there is no case");
    const stored = await readRuleCase(first.name);
    const { suggestions, parameters } = buildPlanView({
      source: {
        uri: "9",
        offset: 0,
        text: stored.sql,
        firstLine: 1,
        label: "9",
        profile,
      },
      explained: explainedOf(stored),
      findings: stored.findings,
      advice,
      server: "9",
      remarks: [],
      ran: "9",
      target: () => undefined,
      t: pseudoTranslate,
    });
    const said = suggestions.flatMap((one) => [
      ...one.others.map(({ note }) => note),
      one.title,
      one.why,
      one.proofDetail,
      ...one.notes,
      ...one.keys.map(({ role }) => role),
      ...one.rejected.map(({ reason }) => reason),
    ]);
    expect(said.length).toBeGreaterThan(15);
    expect(untranslated([...said, parameters].join(" "), [])).toEqual([]);
  });

  it.each([
    "dbmate",
    "flyway",
    "golang-migrate",
    "node-pg-migrate",
    "plain-sql",
    "prisma",
  ] as const)("every note on a migration of %s is translated", (runner) => {
    const { notes } = renderMigration(runner, {
      index,
      name: "ï",
      folder: "ø",
      listing: { paths: ["ø/1_ï.sql"], contents: {} },
      now: new Date(0),
      concurrently: true,
    });
    const said = notes.map((note) => sayText(note, pseudoTranslate));
    expect(said.length).toBeGreaterThan(2);
    expect(
      untranslated(said.join(" "), ["DROP INDEX CONCURRENTLY IF EXISTS"]),
    ).toEqual([]);
  });

  it("every note on a plan is translated", () => {
    const plan = parseExplain({
      Odd: 1,
      Plan: {
        "Node Type": "Quantum Scan",
        Qubits: 1,
        Plans: [{ Alias: "ä" }, 7],
      },
    });
    const notes = plan.ok ? plan.value.notes : [];
    const said = notes.map((note) => sayText(note, pseudoTranslate)).join(" ");
    expect(notes.length).toBeGreaterThan(4);
    expect(untranslated(said, ["Odd Quantum Scan Qubits"])).toEqual([]);
  });
});

const errors: readonly DatabaseError[] = [
  { kind: "unreachable", host: "ä", port: 1, cause: "nothing listens there" },
  { kind: "authentication", refused: "password", user: "ä", message: "ö" },
  { kind: "authentication", refused: "user", user: "ä", message: "ö" },
  { kind: "unknownDatabase", database: "ä" },
  { kind: "tls", message: "the server accepts this user only over TLS" },
  { kind: "tooManyConnections", message: "ö" },
  { kind: "startingUp", message: "ö" },
  { kind: "timedOut", afterMs: 5, what: "connect" },
  { kind: "timedOut", afterMs: 5, what: "statement" },
  { kind: "timedOut", afterMs: 5, what: "lock" },
  { kind: "cancelled" },
  { kind: "connectionLost", message: "the server closed the connection" },
  { kind: "missingRight", message: "ö", remedy: undefined },
  { kind: "missingRight", message: "ö", remedy: "ü" },
  { kind: "missingExtension", extension: "ä", remedy: "ü" },
  { kind: "readOnlyViolation", message: phrase("{0} changes data", "ä") },
  { kind: "refusedOnProduction", message: phrase("{0} locks rows", "ä") },
  { kind: "sql", code: "9", message: "ö", hint: undefined, at: undefined },
  {
    kind: "unsupported",
    message: "this server has no HypoPG to try an index with",
  },
  {
    kind: "misconfigured",
    message: phrase(
      "Port {0} of this machine is taken by another program.",
      "1",
    ),
  },
];

const parseFailures: readonly ParseFailure[] = [
  { kind: "empty" },
  { kind: "syntax", message: "ö", at: 0 },
  { kind: "severalStatements", count: 2 },
  { kind: "metaCommand" },
  { kind: "nulByte" },
  { kind: "notExplainable", what: "ä" },
  { kind: "tooComplex", message: "ö" },
] as never;

describe("an error in a language without Latin letters", () => {
  it.each(errors)("is translated: %j", (error) => {
    const { what, next } = describeFailure(
      { kind: "database", error },
      "ñ",
      pseudoTranslate,
    );
    expect(untranslated(`${what} ${next}`, [])).toEqual([]);
    expect(`${what} ${next}`).not.toMatch(/\{\d|undefined/u);
  });

  it.each(parseFailures)("is translated: %j", (failure) => {
    const { what, next } = describeFailure(
      { kind: "parse", failure },
      "ñ",
      pseudoTranslate,
    );
    expect(untranslated(`${what} ${next}`, [])).toEqual([]);
  });

  it.each([7, "x", [], {}, [[[[[[[{}]]]]]]]])(
    "is translated when %j is no plan",
    (json) => {
      const plan = parseExplain(json);
      if (plan.ok) throw new Error("it is a plan");
      const { detail } = plan.error;
      const { what, next } = describeFailure(
        { kind: "plan", detail },
        "ñ",
        pseudoTranslate,
      );
      expect(untranslated(`${what} ${next}`, ["number"])).toEqual([]);
    },
  );
});
