import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { exportBundle } from "../../src/adapters/postgres/twin/export/export-bundle.ts";
import { renderBundle } from "../../src/core/twin/read-bundle.ts";
import {
  startPostgres,
  whyUnavailable,
  type TestServer,
} from "../support/servers.ts";
import {
  hoverText,
  noBrowser,
  openFile,
  openQuickFix,
  webviewFrame,
} from "./support/browser.ts";
import { chooseRow, runCommand } from "./support/quick-input.ts";
import { workloadSchema, writeWorkload } from "./support/school-workload.ts";
import { openWorkbench, type OpenWorkbench } from "./support/workbench.ts";

// No HypoPG there.
const kind = 16;
const missing = noBrowser ?? whyUnavailable(kind);
const step = test.skipIf(missing !== undefined);
const database = "school";

let server: TestServer;
let folder = "";
let bundle = "";
let profile = "";
let opened: OpenWorkbench;
let page: Page;

const status = (text: string): Locator =>
  page.locator(".statusbar-item", { hasText: text });
const lens = (text: string | RegExp): Locator =>
  page.locator(".codelens-decoration a", { hasText: text }).first();

async function writeBundle(): Promise<string> {
  const { target } = server;
  const read = await exportBundle(
    { ...target, database },
    undefined,
    { schemas: undefined, leaveOut: [], hashText: false, statements: 0 },
    new AbortController().signal,
  );
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const file = path.join(folder, "campus.json.gz");
  writeFileSync(file, gzipSync(renderBundle(read.value)));
  return file;
}

const connectionsFor = (port: number): readonly unknown[] => [
  {
    id: "school",
    name: "school",
    engine: "postgres",
    host: "127.0.0.1",
    port,
    database,
    user: "postgres",
    sslMode: "disable",
  },
  { id: "campus", name: "campus", engine: "bundle", path: bundle },
];

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await startPostgres(kind);
  await server.query(`CREATE DATABASE ${database}`);
  await server.query(workloadSchema, database);
  await server.query("VACUUM ANALYZE", database);
  folder = writeWorkload();
  bundle = await writeBundle();
  profile = mkdtempSync(path.join(os.tmpdir(), "planlens-profile-"));
  opened = await openWorkbench({
    folder,
    profile,
    settings: {
      "workbench.colorTheme": "Default Light Modern",
      "planlens.connections": connectionsFor(server.port),
    },
  });
  page = opened.page;
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await opened.picture("offline-failed");
});

afterAll(async () => {
  if (missing !== undefined) return;
  await opened.close();
  await server.stop();
  for (const made of [folder, profile])
    rmSync(made, { recursive: true, force: true, maxRetries: 5 });
});

describe("a server without HypoPG, and none at all", () => {
  step(
    "suggests an index that is proven on a copy of the statistics, once that is agreed to",
    async () => {
      await openFile(page, "roster.sql");
      await status("no connection").click();
      await chooseRow(page, "school");
      await status("dev: school").waitFor();
      // It is drawn anew when the cost arrives; what was clicked before may be gone.
      await lens(/^cost/u).waitFor({ timeout: 60_000 });
      await lens("Explain").click();
      const frame = await webviewFrame(page, '[role="tab"]', 60_000);
      await frame.getByRole("tab", { name: /Suggestions/ }).click();
      const question = page.locator(".notification-toast", {
        hasText: "school has no HypoPG",
      });
      await question.waitFor({ timeout: 60_000 });
      await opened.picture("twin-consent-light");
      expect(await frame.getByText("Proven on the statistics").count()).toBe(0);
      await question
        .locator(".monaco-button")
        .filter({ hasText: /^Copy$/u })
        .click();
      // A server of its own starts for the copy.
      await frame
        .getByText("Proven on the statistics")
        .first()
        .waitFor({ timeout: 90_000 });
      await opened.picture("twin-suggestion-light");
    },
  );

  step("writes its migration from the quick fix", async () => {
    const before = readdirSync(path.join(folder, "migrations"));
    await page.locator(".tab", { hasText: "roster.sql" }).first().click();
    const fix = await openQuickFix(page, /Create index/);
    await fix.press("Enter");
    await page
      .locator(".notification-toast", { hasText: "Write" })
      .locator(".monaco-button", { hasText: "Write Migration" })
      .click();
    await page
      .locator(".notification-toast", { hasText: "Nothing was applied yet." })
      .waitFor();
    const written = readdirSync(path.join(folder, "migrations")).filter(
      (name) => !before.includes(name),
    );
    const up = written.find((name) => name.endsWith(".up.sql")) ?? "";
    expect(readFileSync(path.join(folder, "migrations", up), "utf8")).toMatch(
      /copy of the statistics[\s\S]*CREATE INDEX CONCURRENTLY/u,
    );
  });

  step("lists the indexes with their use, and what is redundant", async () => {
    await page
      .locator('.activitybar .action-label[aria-label*="PlanLens"]')
      .first()
      .click();
    const pane = page.locator(".pane", { hasText: "Indexes" });
    await pane.getByText("Redundant or unused").waitFor();
    await pane.getByText("beginning of submissions_points_again_idx").waitFor();
    await opened.picture("indexes-light");
  });

  step("a bundle plans without any server", async () => {
    await server.stop();
    await page.locator(".tab", { hasText: "roster.sql" }).first().click();
    await status("dev: school").click();
    await chooseRow(page, "campus");
    await status("bundle: campus · offline").waitFor();
    await lens(/^cost/u).waitFor({ timeout: 60_000 });
    expect(await hoverText(page, "course_id", /cost/iu)).toMatch(/cost/iu);
    await opened.picture("bundle-hover-light");
    expect(
      await page
        .locator(".codelens-decoration a", { hasText: "Analyze" })
        .count(),
    ).toBe(0);
  });

  step("a bundle advises on the whole workspace", async () => {
    await runCommand(page, "PlanLens: Advise Workspace");
    await chooseRow(page, "SQL files of this workspace");
    const frame = await webviewFrame(page, "main.advice .about", 90_000);
    expect(await frame.locator("main").innerText()).toMatch(
      /campus[\s\S]*enrollments[\s\S]*no query was run/u,
    );
    await frame.locator(".twisty").first().click();
    await opened.picture("advice-light");
  });
});
