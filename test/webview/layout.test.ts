import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { treeAction } from "../../webview/layout/key-map.ts";
import { cutText, lineSpans } from "../../webview/layout/marked-text.ts";
import { measureBars } from "../../webview/layout/measures.ts";
import { planLines } from "../../webview/layout/plan-lines.ts";
import {
  conditionLines,
  withoutParentheses,
} from "../../webview/layout/row-text.ts";
import { sqlTokens } from "../../webview/layout/sql-tokens.ts";
import type { TreeModel } from "../../webview/layout/tree-model.ts";
import { buildTreeModel } from "../../webview/layout/tree-model.ts";
import {
  everythingOpen,
  firstOpen,
  hotPathOpen,
  railsOf,
  reveal,
  visibleRows,
} from "../../webview/layout/visible-rows.ts";
import { rowWindow } from "../../webview/layout/window.ts";
import { measurePlan } from "../../src/core/plan/metrics.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import { panelWords, say } from "../../webview/strings.ts";
import { largePlan, readPlan } from "./support/plan-views.ts";

function modelOf(
  plan: Plan,
  found: readonly number[] = [],
): { model: TreeModel; ownShare: (id: number) => number } {
  const measures = measureBars(plan, measurePlan(plan));
  const whole = measures.whole("time");
  const model = buildTreeModel({
    plan,
    found: new Set(found),
    totalShare: (id) => measures.total("time", id) / whole,
  });
  return { model, ownShare: (id) => measures.own("time", id) / whole };
}

describe("rows of the tree", () => {
  test("a small plan opens with every operation", () => {
    const { model, ownShare } = modelOf(readPlan("activity").plan);
    const rows = visibleRows(model, firstOpen(model, ownShare, new Set()));
    expect(rows.map((row) => row.kind === "node" && row.node.id)).toEqual(
      model.nodes.map((node) => node.id),
    );
  });

  test("alike partitions below one percent become one row", () => {
    const { model, ownShare } = modelOf(readPlan("partitions").plan);
    const rows = visibleRows(model, firstOpen(model, ownShare, new Set()));
    expect(model.groups.map((group) => group.members.length)).toEqual([119]);
    expect(rows.filter((row) => row.kind === "group")).toHaveLength(1);
    expect(rows).toHaveLength(9);
  });

  test("a partition with a finding is never folded", () => {
    const { plan } = readPlan("partitions");
    const folded = modelOf(plan).model.groups[0]?.members[3] ?? -1;
    const { model } = modelOf(plan, [folded]);
    expect(model.groupOf.has(folded)).toBe(false);
  });

  test("everything open shows every operation once", () => {
    const { model } = modelOf(largePlan(1000));
    const rows = visibleRows(model, everythingOpen(model));
    const ids = rows.flatMap((row) => (row.kind === "node" ? row.node.id : []));
    expect(ids.toSorted((a, b) => a - b)).toEqual(
      model.nodes.map((node) => node.id),
    );
  });

  test("any operation can be revealed from any folding", () => {
    const { model } = modelOf(largePlan(1000));
    const closed = { nodes: new Set<number>(), groups: new Set<string>() };
    fc.assert(
      fc.property(fc.nat(model.nodes.length - 1), (id) => {
        const rows = visibleRows(model, reveal(model, closed, id));
        expect(
          rows.some((row) => row.kind === "node" && row.node.id === id),
        ).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  test("the hot path alone leads to the hottest operation", () => {
    const { model } = modelOf(readPlan("activity").plan);
    const rows = visibleRows(model, hotPathOpen(model, 7));
    expect(rows.some((row) => row.kind === "node" && row.node.id === 7)).toBe(
      true,
    );
    expect(rows.length).toBeLessThan(model.nodes.length);
  });

  test("a row has one guide per level above it", () => {
    const { model } = modelOf(readPlan("activity").plan);
    const rows = visibleRows(model, everythingOpen(model));
    rows.forEach((row, at) => {
      expect(railsOf(rows, at)).toHaveLength(row.level - 1);
    });
  });
});

describe("drawing windows", () => {
  test("never leave the list and always cover the view", () => {
    fc.assert(
      fc.property(
        fc.nat(300_000),
        fc.nat(2000),
        fc.nat(10_000),
        (top, height, count) => {
          const { first, end } = rowWindow(top, height, 22, count);
          expect(first).toBeGreaterThanOrEqual(0);
          expect(end).toBeLessThanOrEqual(count);
          const lastSeen = Math.min(count, Math.ceil((top + height) / 22));
          if (first < count) expect(end).toBeGreaterThanOrEqual(lastSeen);
        },
      ),
    );
  });
});

describe("keys in the tree", () => {
  const press = (key: string, more = {}) =>
    treeAction({ key, ctrl: false, shift: false, alt: false, ...more });

  test("follow the map of the design", () => {
    expect(
      ["ArrowDown", "*", "0", "H", "f", "/", "Enter", "?", "1", "Escape"].map(
        (key) => press(key),
      ),
    ).toEqual([
      "down",
      "openAll",
      "hotPath",
      "hottest",
      "nextFinding",
      "find",
      "details",
      "keys",
      "view1",
      "back",
    ]);
    expect(press("F", { shift: true })).toBe("previousFinding");
    expect(press("c", { ctrl: true })).toBe("copyRow");
    expect(press("f", { ctrl: true })).toBe("find");
  });

  test("leave all others to the editor", () => {
    expect(press("h", { ctrl: true })).toBeUndefined();
    expect(press("ArrowDown", { alt: true })).toBeUndefined();
    expect(press("constructor")).toBeUndefined();
  });
});

describe("text", () => {
  test("cut pieces join to the text again, whatever the marks", () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.array(fc.tuple(fc.nat(40), fc.nat(20))),
        (text, pairs) => {
          const marks = pairs.map(([start, length]) => ({
            span: { start, end: start + length },
            kind: "condition" as const,
          }));
          const pieces = cutText(
            text,
            { start: 0, end: text.length },
            sqlTokens(text),
            marks,
          );
          expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        },
      ),
    );
  });

  test("a mark over several tokens is one piece", () => {
    const text = "WHERE kind = 'x' AND 1";
    const mark = { span: { start: 6, end: 16 }, kind: "condition" as const };
    const pieces = cutText(
      text,
      { start: 0, end: text.length },
      sqlTokens(text),
      [mark],
    );
    expect(
      pieces
        .filter((piece) => piece.mark !== undefined)
        .map((piece) => piece.text),
    ).toEqual(["kind = 'x'"]);
  });

  test("line ends of both kinds are left out of the lines", () => {
    const text = "a\r\nbc\nd";
    expect(
      lineSpans(text).map(({ start, end }) => text.slice(start, end)),
    ).toEqual(["a", "bc", "d"]);
  });

  test("conditions break only at an AND of their own level", () => {
    expect(withoutParentheses("(a = 1) AND (b = 2)")).toBe(
      "(a = 1) AND (b = 2)",
    );
    expect(withoutParentheses("(a = ')')")).toBe("a = ')'");
    expect(conditionLines("((a = ' AND ') AND ((b = 1) OR (c AND d)))")).toBe(
      "(a = ' AND ')\nAND ((b = 1) OR (c AND d))",
    );
  });

  test("lines of a plan text know their operation", () => {
    const text =
      "Sort  (cost=1)\n  Sort Key: id\n  ->  Seq Scan on t\n        Filter: x\nPlanning Time: 1 ms";
    expect(planLines(text, 2).nodeOfLine).toEqual([0, 0, 1, 1, undefined]);
  });

  test("placeholders of every string are filled in", () => {
    for (const [key, words] of Object.entries(panelWords)) {
      const filled = say(key as keyof typeof panelWords, "a", "b", "c", "d");
      expect(filled, words).not.toMatch(/[{}]/);
    }
  });
});
