import {
  formatBytes,
  formatCost,
  formatCount,
  formatExactCount,
  formatMs,
  formatShare,
} from "../../src/core/format.ts";
import type { Plan } from "../../src/core/plan/plan.ts";
import type { PlanView } from "../../src/protocol/messages.ts";
import { button } from "../controls.ts";
import { h, link } from "../dom.ts";
import type { IconName } from "../icons.ts";
import { icon } from "../icons.ts";
import type { Post } from "../post.ts";
import { say } from "../strings.ts";
import { oneLineSql } from "./sql-text.ts";

export function planHead(view: PlanView, post: Post): HTMLElement {
  return h(
    "header",
    { class: "head" },
    statement(view),
    actions(view, post),
    about(view, post),
    h("dl", { class: "figures" }, ...figures(view.plan)),
  );
}

// As much as a hover can show; the whole statement is in the query below.
const longestHover = 4000;

function statement({ plan, query }: PlanView): HTMLElement {
  return h(
    "div",
    { class: "statement" },
    icon(plan.engine === "mongodb" ? "braces" : "database"),
    h(
      "h1",
      {
        class: "ellipsis",
        attributes: { title: query.text.slice(0, longestHover) },
      },
      oneLineSql(query.text),
    ),
  );
}

function actions({ noAnalyze }: PlanView, post: Post): HTMLElement {
  const explain = button({
    label: say("explain"),
    icon: "play",
    wordy: true,
    hint: say("explainHint"),
    onPress: () => {
      post("explain", {});
    },
  });
  const analyze = button({
    label: say("analyze"),
    icon: "stopwatch",
    wordy: true,
    hint: noAnalyze ?? say("analyzeHint"),
    disabled: noAnalyze !== undefined,
    onPress: () => {
      post("analyze", {});
    },
  });
  return h("div", { class: "actions" }, explain, analyze);
}

const environmentIcons: Readonly<
  Record<PlanView["connection"]["environment"], IconName | undefined>
> = {
  production: "shield",
  staging: "layers",
  dev: undefined,
  bundle: "file",
};

/** The environment by word, colour and sign. */
export function environmentPill(
  environment: PlanView["connection"]["environment"],
): HTMLElement {
  const shape = environmentIcons[environment];
  return h(
    "span",
    { class: `environment ${environment}` },
    shape !== undefined && icon(shape),
    say(environment),
  );
}

function about(view: PlanView, post: Post): HTMLElement {
  const { connection, query } = view;
  const separator = (): HTMLElement =>
    h("span", { class: "separator", attributes: { "aria-hidden": "true" } });
  const row = h(
    "div",
    { class: "about" },
    environmentPill(connection.environment),
    h(
      "span",
      {},
      connection.server === ""
        ? connection.name
        : `${connection.name} · ${connection.server}`,
    ),
  );
  if (query.sourceLabel !== undefined) {
    row.append(
      separator(),
      link(query.sourceLabel, () => {
        post("openSource", {});
      }),
    );
  }
  row.append(separator(), h("span", {}, view.ran));
  if (view.noAnalyze !== undefined)
    row.append(separator(), h("span", {}, view.noAnalyze));
  if (view.parameters !== undefined)
    row.append(separator(), h("span", {}, view.parameters));
  return row;
}

function figures(plan: Plan): readonly HTMLElement[] {
  const { root } = plan;
  const all: (HTMLElement | undefined)[] = [
    plan.executionMs === undefined
      ? undefined
      : figure(say("execution"), formatMs(plan.executionMs)),
    plan.planningMs === undefined
      ? undefined
      : figure(say("planning"), formatMs(plan.planningMs), { extra: true }),
    figure(say("cost"), formatCost(root.estimate?.totalCost), {
      exact: formatExactCount(root.estimate?.totalCost),
    }),
    root.actual === undefined
      ? figure(say("rowsExpected"), formatCount(root.estimate?.rowsPerLoop))
      : figure(
          say("rows"),
          formatCount(root.actual.rowsPerLoop * root.actual.loops),
        ),
    blocksFigure(plan),
  ];
  return all.filter((one) => one !== undefined);
}

// PostgreSQL's default block size, which nearly every server is built with.
const blockBytes = 8192;

function blocksFigure({ root }: Plan): HTMLElement | undefined {
  if (root.blocks === undefined) return undefined;
  const { sharedHit, sharedRead } = root.blocks;
  const touched = sharedHit + sharedRead;
  if (touched === 0) return undefined;
  return figure(say("blocks"), formatBytes(touched * blockBytes), {
    note: say("fromCache", formatShare(sharedHit / touched)),
  });
}

function figure(
  label: string,
  value: string,
  more: {
    readonly note?: string;
    readonly exact?: string;
    readonly extra?: boolean;
  } = {},
): HTMLElement {
  return h(
    "div",
    { class: more.extra === true ? "extra" : "" },
    h("dt", {}, label),
    h(
      "dd",
      { attributes: { title: more.exact } },
      value,
      more.note !== undefined && h("small", {}, more.note),
    ),
  );
}
