import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AdviceView } from "../../src/protocol/advice-messages.ts";
import { adviceView } from "./support/advice-views.ts";
import { brokenRules, sentBy, violationsOf } from "./support/page-probe.ts";
import {
  browserPath,
  sendAdvice,
  startPanelServer,
  type PanelServer,
  type Theme,
} from "./support/panel-page.ts";

const pictures = new URL("../../test-results/webview/", import.meta.url);

describe.skipIf(browserPath === undefined)("the advice page", () => {
  let server: PanelServer;
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true });
    server = await startPanelServer("advice");
  }, 60_000);
  afterAll(async () => {
    await server.close();
  });

  async function open(
    view: AdviceView,
    { theme = "dark", width = 1_400 }: { theme?: Theme; width?: number } = {},
  ): Promise<Page> {
    const page = await server.open({ theme, width, height: 1_000 });
    await sendAdvice(page, "adviceState", { kind: "advice", view });
    return page;
  }
  const ticked = (page: Page): Promise<readonly (string | null)[]> =>
    page
      .locator("input[type=checkbox]:checked")
      .evaluateAll((boxes) =>
        boxes.map((box) => box.getAttribute("data-tick")),
      );

  for (const theme of ["dark", "light", "hc"] as const)
    for (const width of [1_400, 340])
      it(`passes axe and its own policy with everything open, ${theme}, ${String(width)} pixels`, async () => {
        const page = await open(adviceView(), { theme, width });
        await page.locator(".twisty").first().click();
        for (const summary of await page.locator("summary").all())
          await summary.click();
        expect(await brokenRules(page)).toEqual([]);
        expect(await violationsOf(page)).toEqual([]);
        expect(
          await page.evaluate(() => document.documentElement.scrollWidth),
        ).toBeLessThanOrEqual(width);
        const { pathname } = new URL(
          `advice-${theme}-${String(width)}.png`,
          pictures,
        );
        await page.screenshot({ path: pathname, fullPage: true });
      }, 30_000);

  it("sets the main button apart from the others in high contrast, whose buttons all have one ground", async () => {
    const page = await open(adviceView(), { theme: "hc" });
    const looksOf = (appearance: string): Promise<readonly string[]> =>
      page
        .locator(`main vscode-button[appearance="${appearance}"]`)
        .evaluateAll((buttons) => [
          ...new Set(
            buttons.map((button) => {
              const control = button.shadowRoot?.querySelector(".control");
              if (!control) throw new Error("a button without its control");
              const { boxShadow, borderColor, borderWidth } =
                getComputedStyle(control);
              return [boxShadow, borderWidth, borderColor].join(" ");
            }),
          ),
        ]);
    const [main, ...more] = await looksOf("primary");
    expect(main).toBeDefined();
    expect(more).toEqual([]);
    const others = await looksOf("secondary");
    expect(others.length).toBeGreaterThan(0);
    expect(others).not.toContain(main);
  });

  it("goes from set to set with the arrow keys and ticks the indexes of each", async () => {
    const page = await open(adviceView());
    const slider = page.getByRole("slider", { name: "Disk for new indexes" });
    expect(await ticked(page)).toHaveLength(5);
    await slider.press("ArrowLeft");
    expect(await slider.getAttribute("aria-valuetext")).toBe(
      "460 MB: indexes 4, the queries cost 39 % of today",
    );
    expect((await ticked(page)).toSorted()).toEqual(["0", "1", "2", "3"]);
    await slider.press("Home");
    expect(await ticked(page)).toEqual([]);
    await slider.press("PageUp");
    expect(await ticked(page)).toHaveLength(5);
  });

  it("moves the budget to where the curve is pressed", async () => {
    const page = await open(adviceView());
    const box = await page.locator(".curve").boundingBox();
    if (box === null) throw new Error("no curve");
    await page.mouse.click(box.x + 60, box.y + 100);
    expect(await ticked(page)).toEqual([]);
    await page.mouse.click(box.x + box.width / 2, box.y + 100);
    expect(await ticked(page)).toHaveLength(2);
  });

  it("writes, previews and copies what is ticked, and says what was written", async () => {
    const page = await open(adviceView());
    await page.getByRole("slider").press("ArrowLeft");
    await page.getByRole("checkbox", { name: /certificates/ }).uncheck();
    await page.getByRole("button", { name: "Write migrations for 3" }).click();
    await page.getByRole("button", { name: "Preview all" }).click();
    await page.getByRole("button", { name: "Copy SQL" }).click();
    const [write, preview, copy] = (await sentBy(page)).slice(-3);
    expect(write?.type).toBe("writeMigrations");
    expect(write?.body["indexes"]).toEqual([0, 2, 3]);
    expect(preview?.type).toBe("previewMigrations");
    expect(String(copy?.body["text"]).match(/CREATE INDEX/g)).toHaveLength(3);
    await sendAdvice(page, "adviceWritten", {
      indexes: [0, 2, 3],
      path: "migrations/1.sql",
    });
    expect(await page.getByRole("status").textContent()).toBe(
      "Written to migrations/1.sql",
    );
  });

  it("opens an index by keyboard, keeps the focus, and opens its queries", async () => {
    const page = await open(adviceView());
    const twisty = page.getByRole("button", {
      name: /What the index on enrollments/,
    });
    await twisty.focus();
    await twisty.press("Enter");
    expect(await twisty.getAttribute("aria-expanded")).toBe("true");
    expect(
      await twisty.evaluate((element) => element === document.activeElement),
    ).toBe(true);
    await page.locator(".served .link").first().click();
    expect((await sentBy(page)).at(-1)).toEqual({
      type: "openQuery",
      body: { query: 7 },
    });
  });

  it("keeps budget, ticks and open rows through a reload, and drops them for another advice", async () => {
    const page = await open(adviceView());
    await page.getByRole("slider").press("ArrowLeft");
    await page.locator(".twisty").first().click();
    await page.reload();
    await sendAdvice(page, "adviceState", {
      kind: "advice",
      view: adviceView(),
    });
    expect((await ticked(page)).toSorted()).toEqual(["0", "1", "2", "3"]);
    expect(await page.locator(".details-row").count()).toBe(1);
    const other = { ...adviceView(), key: "b" };
    await sendAdvice(page, "adviceState", { kind: "advice", view: other });
    expect(await ticked(page)).toHaveLength(5);
    expect(await page.locator(".details-row").count()).toBe(0);
  });

  it("draws only the queries in sight, and the others when scrolled to", async () => {
    const page = await open(adviceView(5_000));
    const rows = page.locator(".query-grid .rows > *");
    expect(await rows.count()).toBeLessThan(60);
    await page.locator(".query-grid").evaluate((grid) => {
      grid.scrollTop = grid.scrollHeight;
    });
    await page.waitForFunction(
      () =>
        document.querySelector('.query-grid [aria-rowindex="5001"]') !== null,
    );
  });

  it("tells of each index what writes pay and what it makes superfluous", async () => {
    const page = await open(adviceView());
    const rows = page.locator(".indexes tbody tr");
    expect(await rows.first().innerText()).toContain(
      "Makes progress_events_enrollment_id_idx superfluous",
    );
    await page.locator(".twisty").first().click();
    await page.locator(".twisty").last().click();
    const details = page.locator(".details-row");
    expect(await details.first().innerText()).toContain(
      "10.7k, <1 % of today's cost of all queries. The gain of 960k does not deduct it.",
    );
    expect(await details.last().innerText()).toContain("No write to sessions");
  });

  it("says before the figures what the advice rests on", async () => {
    const guessed = "events was never analyzed. Run ANALYZE.";
    const page = await open({ ...adviceView(), notes: [guessed] });
    const note = page.locator(".advice-note", { hasText: guessed });
    const above = await note.boundingBox();
    const curve = await page.locator(".curve").boundingBox();
    expect(above?.y).toBeLessThan(curve?.y ?? 0);
  });

  it("says behind a count what the copy of the statistics has not, and nothing where there is no copy", async () => {
    const page = await open(adviceView());
    const remarks = page.locator("details", { hasText: "of the source" });
    expect(await remarks.getByText("table audit").isVisible()).toBe(false);
    await remarks.locator("summary").click();
    expect(await remarks.locator("li").count()).toBe(2);
    const live = await open({ ...adviceView(), remarks: [] });
    expect(await live.getByText("of the source").count()).toBe(0);
  });

  it("says why there is nothing to gain", async () => {
    const page = await open({
      ...adviceView(),
      indexes: [],
      stops: [],
      nothing: {
        title: "No index makes these queries cheaper.",
        detail: "40 queries were planned with 31 trial indexes.",
      },
    });
    expect(await page.getByRole("main").textContent()).toContain(
      "No index makes these queries cheaper.",
    );
    expect(await page.getByRole("slider").count()).toBe(0);
    expect(await brokenRules(page)).toEqual([]);
  });
});
