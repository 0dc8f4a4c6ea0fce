import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  startPostgres,
  whyUnavailable,
  type TestServer,
} from "../support/servers.ts";
import { noBrowser, openFile, webviewFrame } from "./support/browser.ts";
import { chooseRow, runCommand } from "./support/quick-input.ts";
import {
  workloadSchema,
  writeManyQueries,
  writeWorkload,
} from "./support/school-workload.ts";
import { openWorkbench, type OpenWorkbench } from "./support/workbench.ts";

const missing = noBrowser ?? whyUnavailable("15-hypopg");
const step = test.skipIf(missing !== undefined);
const database = "school";

let server: TestServer;
let folder = "";
let profile = "";
let opened: OpenWorkbench;
let page: Page;

const toast = (text: string): Locator =>
  page.locator(".notification-toast", { hasText: text });
const status = (text: string): Locator =>
  page.locator(".statusbar-item", { hasText: text });
const migrations = (): readonly string[] =>
  readdirSync(path.join(folder, "migrations")).toSorted();

async function advise(source: string): Promise<void> {
  await runCommand(page, "PlanLens: Advise Workspace");
  await chooseRow(page, source);
}

const advicePage = (): Promise<Frame> =>
  webviewFrame(page, "main.advice .about", 90_000);

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await startPostgres("15-hypopg");
  await server.query(`CREATE DATABASE ${database}`);
  await server.query(`${workloadSchema}\nCREATE EXTENSION hypopg;`, database);
  await server.query("VACUUM ANALYZE", database);
  folder = writeWorkload();
  profile = mkdtempSync(path.join(os.tmpdir(), "planlens-profile-"));
  opened = await openWorkbench({
    folder,
    profile,
    settings: {
      "workbench.colorTheme": "Default Dark Modern",
      "planlens.connections": [
        {
          id: "school",
          name: "school",
          engine: "postgres",
          host: "127.0.0.1",
          port: server.port,
          database,
          user: "postgres",
          sslMode: "disable",
        },
      ],
    },
  });
  page = opened.page;
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await opened.picture("advice-failed");
});

afterAll(async () => {
  if (missing !== undefined) return;
  await opened.close();
  await server.stop();
  for (const made of [folder, profile])
    rmSync(made, { recursive: true, force: true, maxRetries: 5 });
});

describe("Advise Workspace on PostgreSQL 15 with HypoPG", () => {
  step("without a connection it says what is missing", async () => {
    await runCommand(page, "PlanLens: Advise Workspace");
    await toast("No connection is in use").waitFor();
    await page.keyboard.press("Escape");
  });

  step("finds indexes for the queries of the SQL files", async () => {
    await openFile(page, "roster.sql");
    await status("no connection").click();
    await chooseRow(page, "school");
    await status("dev: school").waitFor();
    await advise("SQL files of this workspace");
    const frame = await advicePage();
    const text = await frame.locator("main").innerText();
    expect(text).toContain("queries: 4, in 2 files");
    expect(text).toContain("enrollments");
    expect(text).toMatch(/Searched .* plans; no query was run/u);
    await opened.picture("advice-dark");
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
    await page.locator(".tab.active", { hasText: "roster.sql" }).waitFor();
    await status("Ln 2, Col 1").waitFor();
    await page.keyboard.press("Control+W");
  });

  step("writes a migration per ticked index after a preview", async () => {
    const before = migrations().length;
    const frame = await advicePage();
    const count = await frame.locator("input[type=checkbox]:checked").count();
    expect(count).toBeGreaterThan(1);
    await frame.getByRole("button", { name: "Preview all" }).click();
    await toast("Write").waitFor();
    // One page, however many files there are.
    await page
      .locator(".tab.active", {
        hasText: `Preview: ${String(count * 2)} files`,
      })
      .waitFor();
    await page
      .locator(".view-line", { hasText: "CREATE INDEX" })
      .nth(count - 1)
      .waitFor();
    await opened.picture("advice-preview");
    expect(await page.locator(".codelens-decoration:visible").count()).toBe(0);
    await toast("Write")
      .locator(".monaco-button", { hasText: "Write Migration" })
      .click();
    await toast("Nothing was applied yet.").waitFor();
    const written = migrations().slice(before);
    expect(migrations().length - before).toBe(count * 2);
    const ups = migrations().filter((name) =>
      /^00000[2-9].*\.up\.sql$/u.test(name),
    );
    expect(ups).toHaveLength(count);
    expect(
      ups.every((name) =>
        readFileSync(path.join(folder, "migrations", name), "utf8").includes(
          "CREATE INDEX CONCURRENTLY",
        ),
      ),
    ).toBe(true);
    expect(written.length).toBeGreaterThan(0);
    expect(await page.locator(".tab", { hasText: "Preview:" }).count()).toBe(0);
    // The preview took the page's place; it is drawn anew.
    const again = await advicePage();
    await again
      .locator(".written", { hasText: "Written to migrations/000002" })
      .waitFor();
    await again.locator(".twisty").first().click();
    await opened.picture("advice-applied-dark");
    await again.locator(".twisty").first().click();
  });

  step("keeps what the set promised for its queries", async () => {
    const log = path.join(
      profile,
      "user-data/User/globalStorage/planlens.planlens/calibration.jsonl",
    );
    const promises = (): readonly string[] =>
      existsSync(log) ? readFileSync(log, "utf8").trim().split("\n") : [];
    await expect
      .poll(() => promises().length, { timeout: 20_000 })
      .toBeGreaterThan(1);
    expect(promises()[0]).toMatch(/"kind":"promise".*"connection":"school"/u);
    await runCommand(page, "PlanLens: Show Calibration");
    const frame = await webviewFrame(
      page,
      'h1:has-text("What was promised")',
      60_000,
    );
    await frame.getByText("enrollments").first().waitFor();
    await page.keyboard.press("Control+W");
  });

  step("keeps the advice and what was chosen through a reload", async () => {
    const frame = await advicePage();
    await frame.getByRole("slider").press("Home");
    // The workbench keeps what is open every five seconds.
    await page.waitForTimeout(6_000);
    await page.reload();
    const again = await advicePage();
    expect(await again.locator("input[type=checkbox]:checked").count()).toBe(0);
    await again.getByRole("slider").press("End");
    expect(
      await again.locator("input[type=checkbox]:checked").count(),
    ).toBeGreaterThan(1);
  });

  step("a cancelled search shows the best until then", async () => {
    writeManyQueries(folder);
    await advise("SQL files of this workspace");
    const running = toast("Looking for the best indexes");
    await running.getByText(/indexes: \d+/u).waitFor({ timeout: 60_000 });
    await opened.picture("advice-running");
    await running.locator(".monaco-button", { hasText: "Cancel" }).click();
    const frame = await webviewFrame(page, "main.advice .about", 30_000);
    await frame
      .locator(".advice-foot", { hasText: "stopped by you" })
      .waitFor({ timeout: 20_000 });
    expect(await frame.locator(".indexes tbody tr").count()).toBeGreaterThan(0);
    await opened.picture("advice-stopped");
    await page
      .locator('.activitybar .action-label[aria-label*="PlanLens"]')
      .first()
      .click();
    const pane = page.locator(".pane", { hasText: "Indexes" });
    await pane.getByText("Suggested").waitFor();
    await opened.picture("indexes-dark");
  });
});
