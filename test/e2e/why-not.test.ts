import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
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
import { chooseRow, quickInput, runCommand } from "./support/quick-input.ts";
import { smallSchoolSchema, writeSmallSchool } from "./support/small-school.ts";
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
const input = (): Locator => quickInput(page).locator("input.input").first();

/** The rendered page that has this heading. */
async function reportPage(heading: string): Promise<Frame> {
  const frame = await webviewFrame(page, `h1:has-text("${heading}")`, 60_000);
  await frame.locator("h1", { hasText: heading }).waitFor();
  return frame;
}

async function putCursorInStatement(): Promise<void> {
  await page.locator(".tab", { hasText: "learning.sql" }).first().click();
  await page.locator(".view-line", { hasText: "FROM enrollments" }).click();
}

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await startPostgres("15-hypopg", {
    settings: { shared_preload_libraries: "pg_stat_statements" },
  });
  await server.query(`CREATE DATABASE ${database}`);
  await server.query(smallSchoolSchema, database);
  await server.query("VACUUM ANALYZE", database);
  folder = writeSmallSchool();
  profile = mkdtempSync(path.join(os.tmpdir(), "planlens-profile-"));
  opened = await openWorkbench({
    folder,
    profile,
    settings: {
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
  if (task.result?.state === "fail") await opened.picture("why-not-failed");
});

afterAll(async () => {
  if (missing !== undefined) return;
  await opened.close();
  await server.stop();
  for (const made of [folder, profile])
    rmSync(made, { recursive: true, force: true, maxRetries: 5 });
});

describe("why not, and what was promised, on PostgreSQL 15 with HypoPG", () => {
  step("names the cause beside the editor and marks its token", async () => {
    await openFile(page, "learning.sql");
    await status("no connection").click();
    await chooseRow(page, "school");
    await status("dev: school").waitFor();
    await putCursorInStatement();
    await runCommand(page, "PlanLens: Why Not My Index?");
    await chooseRow(page, "enrollments_pkey");
    const frame = await reportPage("enrollments_pkey is not used.");
    expect(await frame.locator("body").innerText()).toContain(
      "The statement neither compares nor orders id",
    );
    await page
      .locator(".view-line span[class*='ced-']", { hasText: "enrollments" })
      .first()
      .waitFor();
    await opened.picture("why-not");
  });

  step("takes a CREATE INDEX that is only imagined", async () => {
    await putCursorInStatement();
    await runCommand(page, "PlanLens: Why Not My Index?");
    await chooseRow(page, "Type a CREATE INDEX…");
    await input().fill("CREATE INDEX wished ON enrollments (");
    await page.getByText("This is no CREATE INDEX").first().waitFor();
    await input().fill(
      "CREATE INDEX wished ON enrollments (course_id, enrolled_at)",
    );
    await page.keyboard.press("Enter");
    await reportPage("wished is used");
  });

  step(
    "keeps a written promise and compares it when the index is there",
    async () => {
      await runCommand(page, "PlanLens: Show Calibration");
      const empty = await reportPage("What was promised");
      expect(await empty.locator("body").innerText()).toContain(
        "Nothing was promised yet",
      );
      await putCursorInStatement();
      await runCommand(page, "PlanLens: Write Migration for Best Suggestion");
      await toast("Write")
        .locator(".monaco-button", { hasText: "Write Migration" })
        .click();
      await toast("Nothing was applied yet.").waitFor();
      const migrations = path.join(folder, "migrations");
      const [written = ""] = readdirSync(migrations)
        .filter((name) => name.endsWith(".up.sql"))
        .toSorted()
        .toReversed();
      const ddl = /^CREATE INDEX[^;]*/mu.exec(
        readFileSync(path.join(migrations, written), "utf8"),
      );
      await server.query(ddl?.[0] ?? "", database);
      await putCursorInStatement();
      await runCommand(page, "PlanLens: Explain");
      await webviewFrame(page, "[role=treegrid]", 60_000);
      await runCommand(page, "PlanLens: Show Calibration");
      const frame = await reportPage("What was promised");
      await frame.locator("td", { hasText: "index used" }).first().waitFor();
      await opened.picture("calibration");
    },
  );
});
