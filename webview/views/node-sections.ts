import {
  formatBytes,
  formatCount,
  formatMs,
  formatShare,
} from "../../src/core/format.ts";
import type { BlockCounts, PlanNode } from "../../src/core/plan/plan.ts";
import { h, percent } from "../dom.ts";
import { icon } from "../icons.ts";
import { say } from "../strings.ts";

// PostgreSQL's default block size.
const blockBytes = 8192;

export function blockSection(node: PlanNode): readonly Node[] {
  if (node.blocks === undefined) return [];
  const kinds = blockKinds(node.blocks).filter(({ count }) => count > 0);
  const shown = kinds.filter(({ part }) => part);
  const touched = shown.reduce((sum, { count }) => sum + count, 0);
  if (touched === 0) return [];
  const spoken = say(
    "blocksSpoken",
    formatShare(node.blocks.sharedHit / touched),
    formatShare(node.blocks.sharedRead / touched),
  );
  return [
    h(
      "h3",
      {},
      say("blocks"),
      h("span", { class: "muted" }, say("blocksNote")),
    ),
    h(
      "div",
      { class: "split", attributes: { role: "img", "aria-label": spoken } },
      ...shown.map(({ look, count }) =>
        h("i", { class: look, style: { width: percent(count / touched) } }),
      ),
    ),
    h(
      "div",
      { class: "legend" },
      ...kinds.map(({ look, words, count }) =>
        h(
          "span",
          {},
          h("i", { class: look }),
          say(words, formatCount(count), formatBytes(count * blockBytes)),
        ),
      ),
    ),
  ];
}

function blockKinds(blocks: BlockCounts) {
  return [
    {
      look: "hit",
      words: "cached",
      count: blocks.sharedHit + blocks.localHit,
      part: true,
    },
    {
      look: "read",
      words: "read",
      count: blocks.sharedRead + blocks.localRead,
      part: true,
    },
    {
      look: "temporary",
      words: "temporary",
      count: blocks.tempRead + blocks.tempWritten,
      part: true,
    },
    {
      look: "dirty",
      words: "dirtied",
      count: blocks.sharedDirtied,
      part: false,
    },
  ] as const;
}

export function processSection(node: PlanNode): readonly Node[] {
  const timed = node.workers.filter(
    ({ totalMsPerLoop }) => totalMsPerLoop !== undefined,
  );
  if (timed.length === 0) return [];
  const times = timed.map(
    ({ totalMsPerLoop, loops }) => (totalMsPerLoop ?? 0) * (loops ?? 1),
  );
  const most = Math.max(...times, 0.001);
  return [
    h("h3", {}, say("processes")),
    h(
      "div",
      { class: "workers" },
      ...timed.flatMap((worker, at) => [
        h("span", { class: "muted" }, say("worker", String(worker.number))),
        h(
          "span",
          { class: "bar" },
          h("i", {
            class: "own",
            style: { width: percent((times[at] ?? 0) / most) },
          }),
        ),
        h("span", {}, formatMs(times[at])),
      ]),
    ),
  ];
}

/** Closed at first, and only filled when opened. */
export function rawFields(node: PlanNode): HTMLElement {
  const entries = Object.entries(node.fields);
  const list = h("dl", { class: "facts" });
  const whole = h(
    "details",
    {},
    h("summary", {}, icon("right"), say("rawFields", String(entries.length))),
    list,
  );
  whole.addEventListener("toggle", () => {
    if (list.childElementCount > 0) return;
    for (const [name, value] of entries) {
      list.append(
        h("dt", {}, name),
        h("dd", {}, typeof value === "string" ? value : JSON.stringify(value)),
      );
    }
  });
  return whole;
}
