import { execFileSync } from "node:child_process";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Frame, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { whyUnavailable } from "../support/servers.ts";
import {
  hoverText,
  noBrowser,
  openFile,
  openQuickFix,
  webviewFrame,
} from "./support/browser.ts";
import {
  database,
  openEverydayWorld,
  sleeping,
  type EverydayWorld,
} from "./support/everyday-world.ts";
import {
  chooseRow,
  quickInput,
  quickRow,
  runCommand,
} from "./support/quick-input.ts";
import { rosterQuery } from "./support/small-school.ts";
import { openWorkbench, type OpenWorkbench } from "./support/workbench.ts";

const missing = noBrowser ?? whyUnavailable("15-hypopg");
const step = test.skipIf(missing !== undefined);

let world: EverydayWorld;
let opened: OpenWorkbench;
let profile = "";
let page: Page;

const pressToast = (text: string, button: string): Promise<void> =>
  toast(text).locator(".monaco-button", { hasText: button }).click();
const quick = (): Locator => quickInput(page);
const sidebar = (): Locator => page.locator(".sidebar");
const status = (text: string): Locator =>
  page.locator(".statusbar-item", { hasText: text });
const dialog = (): Locator => page.locator(".monaco-dialog-box");
const toast = (text: string): Locator =>
  page.locator(".notification-toast", { hasText: text });

const pick = (label: string): Promise<void> => chooseRow(page, label);

/** Answers the question whose prompt holds these words: a field must not be filled while the one before still shows. */
async function answer(prompt: string, text: string): Promise<void> {
  await quick().getByText(prompt).waitFor();
  await quick().locator("input.input").first().fill(text);
  await page.keyboard.press("Enter");
}

async function startForm(): Promise<void> {
  await page.locator(".pane", { hasText: "Connections" }).first().hover();
  await page.locator('.action-label[aria-label="Add Connection…"]').click();
}

/** All editors closed first: a lens is looked for in one file only. */
async function openAlone(name: string): Promise<void> {
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+W");
  await page.locator(".tab").first().waitFor({ state: "detached" });
  await openFile(page, name);
}

/** A lens is drawn anew when the cost arrives; what was clicked before may be gone. */
async function clickLens(words: string): Promise<void> {
  await page
    .locator(".codelens-decoration", { hasText: "cost" })
    .first()
    .locator("a", { hasText: words })
    .click();
}

/**
 * Chooses a file in the workbench's own dialog. A folder that is typed before the dialog has listed its first is
 * overwritten by that one's path; and the row that Enter would take is the file's, the folder above or none, as it
 * comes: only a click says which.
 */
async function takeFile(file: string): Promise<void> {
  const accept = quick().getByText("Use File");
  await accept.waitFor();
  await quickRow(page, "..").waitFor();
  await quick()
    .locator("input.input")
    .first()
    .fill(`${path.dirname(file)}${path.sep}`);
  await quickRow(page, path.basename(file)).click();
  await accept.waitFor({ state: "detached" });
  await quickRow(page, "CA certificate").getByText(file).waitFor();
}

/** By its label: the details of other connections name the same database. */
async function useConnection(now: string, name: string): Promise<void> {
  await status(now).click();
  await pick(name);
}

const isSleeping = async (): Promise<boolean> =>
  (
    await world.server.query(
      `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%${sleeping}' AND state = 'active' AND pid <> pg_backend_pid()`,
    )
  ).length > 0;

const migrations = (): readonly string[] =>
  readdirSync(path.join(world.folder, "migrations")).toSorted();

/** Processes of the demo that this workbench started. */
const demoProcesses = (): readonly string[] =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("demo-server") && line.includes(profile));

function setTheme(theme: string): void {
  for (const scope of ["User", "Machine"]) {
    const file = path.join(profile, "user-data", scope, "settings.json");
    const settings = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(
      file,
      JSON.stringify({ ...settings, "workbench.colorTheme": theme }),
    );
  }
}

beforeAll(async () => {
  if (missing !== undefined) return;
  world = await openEverydayWorld();
  profile = mkdtempSync(path.join(os.tmpdir(), "planlens-profile-"));
  opened = await openWorkbench({
    folder: world.folder,
    profile,
    trust: true,
    settings: { "workbench.colorTheme": "Default Dark Modern" },
  });
  page = opened.page;
});

afterEach(async ({ task }) => {
  if (task.result?.state === "fail") await opened.picture("everyday-failed");
});

afterAll(async () => {
  if (missing !== undefined) return;
  await opened.close();
  await world.end();
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
});

describe("Everyday on PostgreSQL 15 with HypoPG", () => {
  step(
    "a folder that is not trusted offers no connection, and trust brings it",
    async () => {
      await page
        .locator('.activitybar .action-label[aria-label*="PlanLens"]')
        .first()
        .click();
      await sidebar().getByText("This folder is not trusted").waitFor();
      expect(await sidebar().innerText()).not.toContain("DATABASE_URL");
      await opened.picture("untrusted-dark");
      await sidebar()
        .locator(".monaco-button", { hasText: "Manage Trust" })
        .click();
      await page
        .locator(".workspace-trust-editor .monaco-button", {
          hasText: /^Trust$/,
        })
        .first()
        .click();
      await sidebar()
        .locator(".monaco-list-row", { hasText: "DATABASE_URL" })
        .waitFor();
      await page
        .locator(".monaco-modal-editor-block .codicon-close")
        .first()
        .click();
    },
  );

  step(
    "what was found becomes a connection with Enter all the way",
    async () => {
      await sidebar()
        .locator(".monaco-list-row", { hasText: "DATABASE_URL" })
        .click();
      await answer("Name, shown in the status bar", database);
      await pick("staging");
      await quick().getByText("Works: PostgreSQL 15").waitFor();
      await opened.picture("form-dark");
      await page.keyboard.press("Enter");
      await status(`staging: ${database}`).waitFor();
    },
  );

  step(
    "without call counts the exact statement is shown, and after it the queries are listed",
    async () => {
      const remedy = "CREATE EXTENSION pg_stat_statements;";
      await sidebar().getByText(remedy).waitFor();
      await opened.picture("no-call-counts-dark");
      await sidebar()
        .locator(".monaco-list-row", { hasText: "Copy Statement" })
        .click();
      await expect
        .poll(() => page.evaluate(() => navigator.clipboard.readText()), {
          timeout: 5000,
        })
        .toBe(remedy);
      await world.server.query(remedy, database);
      await world.server.query(rosterQuery, database);
      await sidebar()
        .locator(".monaco-list-row", { hasText: "Refresh" })
        .click();
      await sidebar()
        .locator(".monaco-list-row", { hasText: /SELECT enrollments.*\d %/ })
        .waitFor();
    },
  );

  step(
    "the migration tool is asked for once, and Undo takes the files back",
    async () => {
      const before = migrations();
      await openFile(page, "roster.sql");
      await openQuickFix(page, /Create index: cost/);
      await page.keyboard.press("Enter");
      await quick().getByText("Which migration tool").waitFor();
      await opened.picture("which-tool-dark");
      await pick("golang-migrate");
      await pressToast("for golang-migrate?", "Write Migration");
      await toast("Migration written").waitFor();
      expect(migrations()).toHaveLength(before.length + 2);
      await opened.picture("written-dark");
      await pressToast("Migration written", "Undo");
      await expect.poll(migrations, { timeout: 10_000 }).toEqual(before);
      await openQuickFix(page, /Create index: cost/);
      await page.keyboard.press("Enter");
      await pressToast("for golang-migrate?", "Discard");
      expect(migrations()).toEqual(before);
    },
  );

  step("Cancel reaches the server while a statement is analyzed", async () => {
    await openAlone("sleep.sql");
    await clickLens("Analyze");
    await expect.poll(isSleeping, { timeout: 20_000 }).toBe(true);
    const frame = await webviewFrame(page, ".progress");
    await opened.picture("running-dark");
    await frame.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(isSleeping, { timeout: 5000 }).toBe(false);
    await frame.getByText("Cancelled.").waitFor();
    expect(world.server.log()).toContain(
      "canceling statement due to user request",
    );
  });

  step("the panel comes back as it was when the window reloads", async () => {
    const textOf = (frame: Frame): Promise<string> =>
      frame.locator("body").innerText();
    await openAlone("roster.sql");
    await clickLens("Explain");
    const frame = await webviewFrame(page, '[role="treegrid"]');
    const tab = frame.getByRole("tab", { name: /Suggestions/ });
    await tab.click();
    await frame.getByText("Proven by the planner").waitFor();
    const before = await textOf(frame);
    // The workbench keeps what is open every five seconds.
    await page.waitForTimeout(6000);
    await page.reload();
    const again = await webviewFrame(page, '[role="tab"]', 60_000);
    await again.getByText("Proven by the planner").waitFor();
    expect(await textOf(again)).toBe(before);
    await again.getByRole("button", { name: /^Explain/ }).click();
    await again.getByText("Planned just now").waitFor();
    await again.getByText("roster.sql:2").waitFor();
  });

  step(
    "a connection by parts is verified against a certificate that was chosen",
    async () => {
      await startForm();
      await pick("Host, Database, User…");
      await answer("Host name, address", "localhost");
      await answer("Port of the server", String(world.server.port));
      await answer("Name of the database", database);
      await answer("Role to connect as", "postgres");
      await answer("Password; kept", "right-hunter2");
      await pick("verify-full");
      await answer("Name, shown", "main");
      await pick("production");
      const refused = quick().getByText("No secure connection to main");
      await refused.waitFor();
      expect(await refused.innerText()).not.toContain("Node");
      await opened.picture("form-certificate-dark");
      await pick("CA certificate");
      await pick("Choose File…");
      await takeFile(world.authority);
      await pick("Test");
      await quick().getByText("Works: PostgreSQL 15").waitFor();
      await pick("Save and Use Here");
      await status("production: main").waitFor();
    },
  );

  step(
    "a statement that writes is refused on production, and asked about elsewhere",
    async () => {
      const paused = (): Promise<readonly Record<string, unknown>[]> =>
        world.server.query(
          "SELECT status, count(*) FROM enrollments WHERE course_id = 42 GROUP BY 1",
          database,
        );
      const before = await paused();
      await openAlone("pause.sql");
      const color = await status("production: main").evaluate(
        (item) => getComputedStyle(item).backgroundColor,
      );
      expect(color).not.toBe("rgba(0, 0, 0, 0)");
      await clickLens("Analyze");
      await dialog().getByText("never analyzed on production").waitFor();
      await opened.picture("refused-dark");
      await dialog().getByText("Explain Instead").click();
      const frame = await webviewFrame(page, '[role="treegrid"]');
      await frame.getByText("nothing ran").waitFor();
      await useConnection("production: main", database);
      await status(`staging: ${database}`).waitFor();
      await clickLens("Analyze");
      await dialog().getByText("Run this UPDATE").waitFor();
      expect(await dialog().innerText()).toContain(
        "The rollback does not undo:",
      );
      await opened.picture("consent-dark");
      await dialog().getByText("Run and Roll Back").click();
      await frame.getByText("Analyzed just now, rolled back").waitFor();
      expect(await paused()).toEqual(before);
    },
  );

  step(
    "a MongoDB connection says that a password is wrong, and works with the right one",
    async ({ skip }) => {
      const { mongo } = world;
      if (mongo === undefined) {
        skip("no mongod can run here");
        return;
      }
      const { port } = new URL(mongo.getUri());
      await startForm();
      await pick("MongoDB URL…");
      await answer(
        "Password and other secrets go to the secret store",
        `mongodb://ada:wrong@127.0.0.1:${port}/app?authSource=admin`,
      );
      await answer("Name, shown", "app");
      await pick("dev");
      await quick().getByText("refused the user ada").waitFor();
      expect(await quick().innerText()).not.toMatch(/pg_hba|wrong/);
      await pick("Password");
      await answer("Password; kept", "right-hunter2");
      await pick("Test");
      await quick().getByText("Works: MongoDB").waitFor();
      await opened.picture("form-mongodb-dark");
      await pick("Save and Use Here");
      await status("dev: app").waitFor();
      await sidebar()
        .getByText("Slow queries are read from PostgreSQL")
        .waitFor();
      await useConnection("dev: app", database);
      await status(`staging: ${database}`).waitFor();
    },
  );

  step(
    "the demo's start can be cancelled, and stays so until somebody asks again",
    async () => {
      await runCommand(page, "PlanLens: Try the Demo Database");
      const start = toast("Demo database");
      await start.waitFor();
      await expect.poll(demoProcesses, { timeout: 10_000 }).not.toEqual([]);
      await pressToast("Demo database", "Cancel");
      await status(`staging: ${database}`).waitFor();
      await expect.poll(demoProcesses, { timeout: 10_000 }).toEqual([]);
      // Long enough for the view and the editor, which open connections by themselves.
      await page.waitForTimeout(3000);
      expect(demoProcesses()).toEqual([]);
      expect(await sidebar().innerText()).not.toContain("not reached");
      await opened.picture("demo-cancelled-dark");
    },
  );

  step.each([
    ["Default High Contrast", "hc-dark", "hc-black"],
    ["Default High Contrast Light", "hc-light", "hc-light"],
    ["Default Light Modern", "light", "vs"],
  ])("panel, hover and sidebar in %s", async (theme, picture, className) => {
    setTheme(theme);
    await page.locator(`.monaco-workbench.${className}`).first().waitFor();
    await openAlone("roster.sql");
    await clickLens("Explain");
    const frame = await webviewFrame(page, '[role="treegrid"]');
    await frame.locator('[role="row"][aria-level]').last().click();
    const text = await hoverText(page, "enrollments", /cost/);
    expect(text).toMatch(/proven by the planner/);
    await opened.picture(`everyday-hover-${picture}`);
    await page.keyboard.press("Escape");
    await page.mouse.move(5, 890);
    await frame.getByRole("tab", { name: /Suggestions/ }).click();
    await opened.picture(`everyday-${picture}`);
  });
});
