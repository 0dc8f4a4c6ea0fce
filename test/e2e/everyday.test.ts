import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
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
} from "./support/everyday-world.ts";
import {
  chooseRow,
  quickField,
  quickInput,
  quickRow,
  runCommand,
} from "./support/quick-input.ts";
import { rosterQuery } from "./support/small-school.ts";
import { storedState, storedWithin } from "./support/stored-state.ts";
import { useWorkbench } from "./support/use-workbench.ts";

const missing = noBrowser ?? whyUnavailable("15-hypopg");
const step = test.skipIf(missing !== undefined);

const workbench = useWorkbench({
  missing,
  pictures: "everyday",
  trust: true,
  open: async () => ({
    ...(await openEverydayWorld()),
    settings: { "workbench.colorTheme": "Default Dark Modern" },
  }),
});
const { toast, pressInToast, status, picture } = workbench;

const quick = (): Locator => quickInput(workbench.page);
const sidebar = (): Locator => workbench.page.locator(".sidebar");
const dialog = (): Locator => workbench.page.locator(".monaco-dialog-box");

const pick = (label: string): Promise<void> => chooseRow(workbench.page, label);

/** Answers the question whose prompt holds these words: a field must not be filled while the one before still shows. */
async function answer(prompt: string, text: string): Promise<void> {
  await quick().getByText(prompt).waitFor();
  await quickField(workbench.page).fill(text);
  await quickField(workbench.page).press("Enter");
}

async function startForm(): Promise<void> {
  await workbench.page
    .locator(".pane", { hasText: "Connections" })
    .first()
    .hover();
  await workbench.page
    .locator('.action-label[aria-label="Add Connection…"]')
    .click();
}

/** All editors closed first: a lens is looked for in one file only. */
async function openAlone(name: string): Promise<void> {
  await workbench.page.keyboard.press("Control+K");
  await workbench.page.keyboard.press("Control+W");
  await workbench.page.locator(".tab").first().waitFor({ state: "detached" });
  await openFile(workbench.page, name);
}

/** A lens is drawn anew when the cost arrives; what was clicked before may be gone. */
async function clickLens(words: string): Promise<void> {
  await workbench.page
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
  await quickRow(workbench.page, "..").waitFor();
  await quickField(workbench.page).fill(`${path.dirname(file)}${path.sep}`);
  await quickRow(workbench.page, path.basename(file)).click();
  await accept.waitFor({ state: "detached" });
  await quickRow(workbench.page, "CA certificate").getByText(file).waitFor();
}

/** By its label: the details of other connections name the same database. */
async function useConnection(now: string, name: string): Promise<void> {
  await status(now).click();
  await pick(name);
}

const isSleeping = async (): Promise<boolean> =>
  (
    await workbench.world.server.query(
      `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%${sleeping}' AND state = 'active' AND pid <> pg_backend_pid()`,
    )
  ).length > 0;

const migrations = (): readonly string[] =>
  readdirSync(path.join(workbench.world.folder, "migrations")).toSorted();

/** Processes of the demo that this workbench started. */
const demoProcesses = (): readonly string[] =>
  execFileSync("ps", ["-eo", "args"], { encoding: "utf8" })
    .split("\n")
    .filter(
      (line) =>
        line.includes("demo-server") && line.includes(workbench.profile),
    );

function setTheme(theme: string): void {
  for (const scope of ["User", "Machine"]) {
    const file = path.join(
      workbench.profile,
      "user-data",
      scope,
      "settings.json",
    );
    const settings = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(
      file,
      JSON.stringify({ ...settings, "workbench.colorTheme": theme }),
    );
  }
}

describe("Everyday on PostgreSQL 15 with HypoPG", () => {
  step(
    "a folder that is not trusted offers no connection, and trust brings it",
    async () => {
      await workbench.page
        .locator('.activitybar .action-label[aria-label*="PlanLens"]')
        .first()
        .click();
      await sidebar().getByText("This folder is not trusted").waitFor();
      expect(await sidebar().innerText()).not.toContain("DATABASE_URL");
      await picture("untrusted-dark");
      await sidebar()
        .locator(".monaco-button", { hasText: "Manage Trust" })
        .click();
      await workbench.page
        .locator(".workspace-trust-editor .monaco-button", {
          hasText: /^Trust$/,
        })
        .first()
        .click();
      await sidebar()
        .locator(".monaco-list-row", { hasText: "DATABASE_URL" })
        .waitFor();
      await workbench.page
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
      await picture("form-dark");
      await workbench.page.keyboard.press("Enter");
      await status(`staging: ${database}`).waitFor();
    },
  );

  step(
    "without call counts the exact statement is shown, and after it the queries are listed",
    async () => {
      const remedy = "CREATE EXTENSION pg_stat_statements;";
      await sidebar().getByText(remedy).waitFor();
      await picture("no-call-counts-dark");
      await sidebar()
        .locator(".monaco-list-row", { hasText: "Copy Statement" })
        .click();
      await expect
        .poll(
          () => workbench.page.evaluate(() => navigator.clipboard.readText()),
          {
            timeout: 5000,
          },
        )
        .toBe(remedy);
      await workbench.world.server.query(remedy, database);
      await workbench.world.server.query(rosterQuery, database);
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
      await openFile(workbench.page, "roster.sql");
      await openQuickFix(workbench.page, /Create index: cost/);
      await workbench.page.keyboard.press("Enter");
      await quick().getByText("Which migration tool").waitFor();
      await picture("which-tool-dark");
      await pick("golang-migrate");
      await pressInToast("for golang-migrate?", "Write Migration");
      await toast("Migration written").waitFor();
      expect(migrations()).toHaveLength(before.length + 2);
      await picture("written-dark");
      await pressInToast("Migration written", "Undo");
      await expect.poll(migrations, { timeout: 10_000 }).toEqual(before);
      await openQuickFix(workbench.page, /Create index: cost/);
      await workbench.page.keyboard.press("Enter");
      await pressInToast("for golang-migrate?", "Discard");
      expect(migrations()).toEqual(before);
    },
  );

  step("Cancel reaches the server while a statement is analyzed", async () => {
    await openAlone("sleep.sql");
    await clickLens("Analyze");
    await expect.poll(isSleeping, { timeout: 20_000 }).toBe(true);
    const frame = await webviewFrame(workbench.page, ".progress");
    await picture("running-dark");
    await frame.getByRole("button", { name: "Cancel" }).click();
    await expect.poll(isSleeping, { timeout: 5000 }).toBe(false);
    await frame.getByText("Cancelled.").waitFor();
    expect(workbench.world.server.log()).toContain(
      "canceling statement due to user request",
    );
  });

  step("the panel comes back as it was when the window reloads", async () => {
    const textOf = (frame: Frame): Promise<string> =>
      frame.locator("body").innerText();
    await openAlone("roster.sql");
    await clickLens("Explain");
    const frame = await webviewFrame(workbench.page, '[role="treegrid"]');
    const tab = frame.getByRole("tab", { name: /Suggestions/ });
    await tab.click();
    await frame.getByText("Proven by the planner").waitFor();
    const before = await textOf(frame);
    await expect
      .poll(() => storedState(workbench.page, "planlens.plan"), storedWithin)
      .toMatchObject({
        panel: { view: { suggestions: [{ proof: "planner" }] } },
        choice: { tab: "suggestions" },
      });
    await workbench.page.reload();
    const again = await webviewFrame(workbench.page, '[role="tab"]', 60_000);
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
      await answer("Port of the server", String(workbench.world.server.port));
      await answer("Name of the database", database);
      await answer("Role to connect as", "postgres");
      await answer("Password; kept", "right-hunter2");
      await pick("verify-full");
      await answer("Name, shown", "main");
      await pick("production");
      const refused = quick().getByText("No secure connection to main");
      await refused.waitFor();
      expect(await refused.innerText()).not.toContain("Node");
      await picture("form-certificate-dark");
      await pick("CA certificate");
      await pick("Choose File…");
      await takeFile(workbench.world.authority);
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
        workbench.world.server.query(
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
      await picture("refused-dark");
      await dialog().getByText("Explain Instead").click();
      const frame = await webviewFrame(workbench.page, '[role="treegrid"]');
      await frame.getByText("nothing ran").waitFor();
      await useConnection("production: main", database);
      await status(`staging: ${database}`).waitFor();
      await clickLens("Analyze");
      await dialog().getByText("Run this UPDATE").waitFor();
      expect(await dialog().innerText()).toContain(
        "The rollback does not undo:",
      );
      await picture("consent-dark");
      await dialog().getByText("Run and Roll Back").click();
      await frame.getByText("Analyzed just now, rolled back").waitFor();
      expect(await paused()).toEqual(before);
    },
  );

  step(
    "a MongoDB connection says that a password is wrong, and works with the right one",
    async ({ skip }) => {
      const { mongo } = workbench.world;
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
      await picture("form-mongodb-dark");
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
      await runCommand(workbench.page, "PlanLens: Try the Demo Database");
      const start = toast("Demo database");
      await start.waitFor();
      await expect.poll(demoProcesses, { timeout: 10_000 }).not.toEqual([]);
      await pressInToast("Demo database", "Cancel");
      await status(`staging: ${database}`).waitFor();
      await expect.poll(demoProcesses, { timeout: 10_000 }).toEqual([]);
      // Long enough for the view and the editor, which open connections by themselves.
      await workbench.page.waitForTimeout(3000);
      expect(demoProcesses()).toEqual([]);
      expect(await sidebar().innerText()).not.toContain("not reached");
      await picture("demo-cancelled-dark");
    },
  );

  step.each([
    ["Default High Contrast", "hc-dark", "hc-black"],
    ["Default High Contrast Light", "hc-light", "hc-light"],
    ["Default Light Modern", "light", "vs"],
  ])("panel, hover and sidebar in %s", async (theme, name, className) => {
    setTheme(theme);
    await workbench.page
      .locator(`.monaco-workbench.${className}`)
      .first()
      .waitFor();
    await openAlone("roster.sql");
    await clickLens("Explain");
    const frame = await webviewFrame(workbench.page, '[role="treegrid"]');
    await frame.locator('[role="row"][aria-level]').last().click();
    const text = await hoverText(workbench.page, "enrollments", /cost/);
    expect(text).toMatch(/proven by the planner/);
    await picture(`everyday-hover-${name}`);
    await workbench.page.keyboard.press("Escape");
    await workbench.page.mouse.move(5, 890);
    await frame.getByRole("tab", { name: /Suggestions/ }).click();
    await picture(`everyday-${name}`);
  });
});
