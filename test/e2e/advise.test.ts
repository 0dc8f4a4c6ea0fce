import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Frame } from "playwright-core";
import { describe, expect, test } from "vitest";
import { whyUnavailable } from "../support/servers.ts";
import { noBrowser, openFile, webviewFrame } from "./support/browser.ts";
import { chooseRow, runCommand } from "./support/quick-input.ts";
import {
  workloadSchema,
  writeManyQueries,
  writeWorkload,
} from "./support/school-workload.ts";
import { openSchool } from "./support/school.ts";
import { storedState, storedWithin } from "./support/stored-state.ts";
import { useWorkbench } from "./support/use-workbench.ts";

const missing = noBrowser ?? whyUnavailable("15-hypopg");
const step = test.skipIf(missing !== undefined);

const workbench = useWorkbench({
  missing,
  pictures: "advice",
  open: () =>
    openSchool({
      kind: "15-hypopg",
      schema: `${workloadSchema}\nCREATE EXTENSION hypopg;`,
      writeFolder: writeWorkload,
      theme: "Default Dark Modern",
    }),
});
const { toast, pressInToast, status, picture } = workbench;

const migrations = (): readonly string[] =>
  readdirSync(path.join(workbench.world.folder, "migrations")).toSorted();

async function advise(source: string): Promise<void> {
  await runCommand(workbench.page, "PlanLens: Advise Workspace");
  await chooseRow(workbench.page, source);
}

const advicePage = (): Promise<Frame> =>
  webviewFrame(workbench.page, "main.advice .about", 90_000);

describe("Advise Workspace on PostgreSQL 15 with HypoPG", () => {
  step("without a connection it says what is missing", async () => {
    await runCommand(workbench.page, "PlanLens: Advise Workspace");
    await toast("No connection is in use").waitFor();
    await workbench.page.keyboard.press("Escape");
  });

  step("finds indexes for the queries of the SQL files", async () => {
    await openFile(workbench.page, "roster.sql");
    await status("no connection").click();
    await chooseRow(workbench.page, "school");
    await status("dev: school").waitFor();
    await advise("SQL files of this workspace");
    const frame = await advicePage();
    const text = await frame.locator("main").innerText();
    expect(text).toContain("queries: 4, in 2 files");
    expect(text).toContain("enrollments");
    expect(text).toMatch(/Searched .* plans; no query was run/u);
    await picture("advice-dark");
  });

  step("tells what was left out and why", async () => {
    const frame = await advicePage();
    await frame.locator("summary").click();
    expect(await frame.locator(".left-out ul").innerText()).toMatch(
      /handed-in\.sql:3[\s\S]*gone/u,
    );
  });

  step("opens a statement where it stands", async () => {
    const frame = await advicePage();
    await frame
      .locator(".query-row .link", { hasText: "roster.sql:2" })
      .click();
    await workbench.page
      .locator(".tab.active", { hasText: "roster.sql" })
      .waitFor();
    await status("Ln 2, Col 1").waitFor();
    await workbench.page.keyboard.press("Control+W");
  });

  step("writes a migration per ticked index after a preview", async () => {
    const before = migrations().length;
    const frame = await advicePage();
    const count = await frame.locator("input[type=checkbox]:checked").count();
    expect(count).toBeGreaterThan(1);
    await frame.getByRole("button", { name: "Preview all" }).click();
    await toast("Write").waitFor();
    // One page, however many files there are.
    await workbench.page
      .locator(".tab.active", {
        hasText: `Preview: ${String(count * 2)} files`,
      })
      .waitFor();
    await workbench.page
      .locator(".view-line", { hasText: "CREATE INDEX" })
      .nth(count - 1)
      .waitFor();
    await picture("advice-preview");
    expect(
      await workbench.page.locator(".codelens-decoration:visible").count(),
    ).toBe(0);
    await pressInToast("Write", "Write Migration");
    await toast("Nothing was applied yet.").waitFor();
    const written = migrations().slice(before);
    expect(migrations().length - before).toBe(count * 2);
    const ups = migrations().filter((name) =>
      /^00000[2-9].*\.up\.sql$/u.test(name),
    );
    expect(ups).toHaveLength(count);
    expect(
      ups.every((name) =>
        readFileSync(
          path.join(workbench.world.folder, "migrations", name),
          "utf8",
        ).includes("CREATE INDEX CONCURRENTLY"),
      ),
    ).toBe(true);
    expect(written.length).toBeGreaterThan(0);
    expect(
      await workbench.page.locator(".tab", { hasText: "Preview:" }).count(),
    ).toBe(0);
    // The preview took the page's place; it is drawn anew.
    const again = await advicePage();
    await again
      .locator(".written", { hasText: "Written to migrations/000002" })
      .waitFor();
    await again.locator(".twisty").first().click();
    await picture("advice-applied-dark");
    await again.locator(".twisty").first().click();
  });

  step("keeps what the set promised for its queries", async () => {
    const log = path.join(
      workbench.profile,
      "user-data/User/globalStorage/planlens.planlens/calibration.jsonl",
    );
    const promises = (): readonly string[] =>
      existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    await expect
      .poll(() => promises().length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    expect(promises()[0]).toMatch(/"kind":"promise".*"connection":"school"/u);
    await runCommand(workbench.page, "PlanLens: Show Calibration");
    const frame = await webviewFrame(
      workbench.page,
      'h1:has-text("What was promised")',
      60_000,
    );
    await frame.getByText("enrollments").first().waitFor();
    await workbench.page.keyboard.press("Control+W");
  });

  step("keeps the advice and what was chosen through a reload", async () => {
    const frame = await advicePage();
    await frame.getByRole("slider").press("Home");
    await expect
      .poll(() => storedState(workbench.page, "planlens.advice"), storedWithin)
      .toMatchObject({ taken: [] });
    await workbench.page.reload();
    const again = await advicePage();
    expect(await again.locator("input[type=checkbox]:checked").count()).toBe(0);
    await again.getByRole("slider").press("End");
    expect(
      await again.locator("input[type=checkbox]:checked").count(),
    ).toBeGreaterThan(1);
  });

  step("a cancelled search shows the best until then", async () => {
    writeManyQueries(workbench.world.folder);
    await advise("SQL files of this workspace");
    const running = toast("Looking for the best indexes");
    await running.getByText(/indexes: \d+/u).waitFor({ timeout: 60_000 });
    await picture("advice-running");
    await pressInToast("Looking for the best indexes", "Cancel");
    const frame = await webviewFrame(
      workbench.page,
      "main.advice .about",
      30_000,
    );
    await frame
      .locator(".advice-foot", { hasText: "stopped by you" })
      .waitFor({ timeout: 20_000 });
    expect(await frame.locator(".indexes tbody tr").count()).toBeGreaterThan(0);
    await picture("advice-stopped");
    await workbench.page
      .locator('.activitybar .action-label[aria-label*="PlanLens"]')
      .first()
      .click();
    const pane = workbench.page.locator(".pane", { hasText: "Indexes" });
    await pane.getByText("Suggested").waitFor();
    await picture("indexes-dark");
  });
});
