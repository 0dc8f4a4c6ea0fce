import type { Page } from "playwright-core";
import type { PanelState } from "../../src/protocol/messages.ts";
import {
  browserPath,
  startPanelServer,
} from "../webview/support/panel-page.ts";
import { largePlan, plainState } from "../webview/support/plan-views.ts";

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** At most this; the budgets of the panel's design. */
  readonly target: number;
}

const runs = 5;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Functions that run in the page: each answers milliseconds until the next frame was drawn. */
const pageScript = `
  window.nextFrame = () => new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = () => done(); port2.postMessage(0); }));
  window.timed = async (act) => { await nextFrame(); const start = performance.now(); act(); await nextFrame(); return performance.now() - start; };
  window.show = (state) => timed(() => dispatchEvent(new MessageEvent("message", { data: { type: "state", body: state } })));
  window.press = (key) => timed(() => (document.querySelector('.plan-row[tabindex="0"]')).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true })));
  window.find = (text) => timed(() => { const field = document.querySelector("vscode-text-field"); field.value = text; field.dispatchEvent(new Event("input")); });
  window.scrolling = async () => {
    const grid = document.querySelector(".tree-grid");
    const times = [];
    for (let at = 0; at < 60; at += 1) {
      grid.scrollTop += 330;
      const start = performance.now();
      grid.dispatchEvent(new Event("scroll"));
      grid.offsetHeight;
      times.push(performance.now() - start);
      await nextFrame();
    }
    return times.sort((a, b) => a - b)[56];
  };`;

async function measure(
  page: Page,
  state: PanelState,
  operations: number,
  paintTarget: number,
): Promise<readonly Figure[]> {
  await page.evaluate((body) => {
    Object.assign(window, { state: body });
  }, state);
  const repeat = async (script: string): Promise<number> => {
    const values: number[] = [];
    for (let run = 0; run < runs; run += 1)
      values.push(await page.evaluate<number>(script));
    return median(values);
  };
  const size = operations.toLocaleString("en");
  const figure = (
    name: string,
    value: number,
    target: number,
    unit = "ms",
  ): Figure => ({
    name: `panel: ${name}, ${size} operations`,
    value,
    unit,
    target,
  });
  const figures = [
    figure("first paint", await repeat("show(state)"), paintTarget),
    figure("open all", await repeat('press("0").then(() => press("*"))'), 150),
    figure("close all", await repeat('press("*").then(() => press("0"))'), 150),
    figure(
      "find",
      await repeat('find("events_2" + Math.floor(Math.random() * 90))'),
      150,
    ),
  ];
  await page.evaluate('press("*")');
  return [
    ...figures,
    figure("choose a row", await repeat('press("ArrowDown")'), 50),
    figure(
      "scroll, 95th percentile of a step",
      await page.evaluate<number>("scrolling()"),
      17,
    ),
    figure(
      "elements",
      await page.evaluate<number>('document.querySelectorAll("*").length'),
      2500,
      "",
    ),
  ];
}

async function panelFigures(): Promise<readonly Figure[]> {
  if (browserPath === undefined) return [];
  const server = await startPanelServer();
  const figures: Figure[] = [];
  for (const [operations, paintTarget] of [
    [1000, 150],
    [10_000, 300],
  ] as const) {
    const page = await server.open({ theme: "dark", width: 1400, height: 900 });
    await page.evaluate(pageScript);
    figures.push(
      ...(await measure(
        page,
        plainState(largePlan(operations), "SELECT 1"),
        operations,
        paintTarget,
      )),
    );
  }
  await server.close();
  return figures;
}

console.log(JSON.stringify(await panelFigures()));
