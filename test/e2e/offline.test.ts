import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { exportBundle } from "../../src/adapters/postgres/twin/export/export-bundle.ts";
import { renderBundle } from "../../src/core/twin/read-bundle.ts";
import { whyUnavailable } from "../support/servers.ts";
import {
  hoverText,
  noBrowser,
  openFile,
  openQuickFix,
  webviewFrame,
} from "./support/browser.ts";
import { chooseRow, runCommand } from "./support/quick-input.ts";
import { workloadSchema, writeWorkload } from "./support/school-workload.ts";
import {
  database,
  openSchool,
  schoolConnection,
  type School,
} from "./support/school.ts";
import { useWorkbench } from "./support/use-workbench.ts";

// No HypoPG there.
const kind = 16;
const missing = noBrowser ?? whyUnavailable(kind);
const step = test.skipIf(missing !== undefined);

/** Writes what the server knows of the school beside its queries; returns the path. */
async function writeBundle({ server, folder }: School): Promise<string> {
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

/** A connection to the server and one to a bundle of it. */
async function openSchoolAndBundle(): Promise<School> {
  const school = await openSchool({
    kind,
    schema: workloadSchema,
    writeFolder: writeWorkload,
    theme: "Default Light Modern",
  });
  const bundle = await writeBundle(school);
  return {
    ...school,
    settings: {
      ...school.settings,
      "planlens.connections": [
        schoolConnection(school.server),
        { id: "campus", name: "campus", engine: "bundle", path: bundle },
      ],
    },
  };
}

const workbench = useWorkbench({
  missing,
  pictures: "offline",
  open: openSchoolAndBundle,
});
const { toast, pressInToast, status, picture } = workbench;
const lens = (text: string | RegExp): Locator =>
  workbench.page.locator(".codelens-decoration a", { hasText: text }).first();

describe("a server without HypoPG, and none at all", () => {
  step(
    "suggests by rule while nobody says whether the statistics may be copied",
    async () => {
      await openFile(workbench.page, "roster.sql");
      await status("no connection").click();
      await chooseRow(workbench.page, "school");
      await status("dev: school").waitFor();
      // It is drawn anew when the cost arrives; what was clicked before may be gone.
      await lens(/^cost/u).waitFor({ timeout: 60_000 });
      await lens("Explain").click();
      const frame = await webviewFrame(workbench.page, '[role="tab"]', 60_000);
      await frame.getByRole("tab", { name: /Suggestions/ }).click();
      await toast("school has no HypoPG").waitFor({ timeout: 60_000 });
      await frame.getByText("Heuristic").first().waitFor();
      await picture("twin-consent-light");
      // The editor puts the question out of sight, and it stays open.
      await toast("school has no HypoPG").waitFor({
        state: "hidden",
        timeout: 60_000,
      });
      await frame.getByText("would prove what is suggested").waitFor();
      expect(await frame.getByText("Looking for an index").count()).toBe(0);
      expect(await status("Explaining on school").count()).toBe(0);
      expect(await frame.getByText("Proven on the statistics").count()).toBe(0);
      await picture("twin-unanswered-light");
      const told = await hoverText(workbench.page, "course_id", /copy/iu);
      expect(told).toMatch(/would prove what is suggested\. Allow copying…/u);
      await picture("twin-unanswered-hover-light");
      // The hover lies over the panel.
      await workbench.page.mouse.move(5, 5);
      await workbench.page.locator(".monaco-hover:visible").waitFor({
        state: "hidden",
      });
    },
  );

  step(
    "asks in a dialog before it advises on the workspace, which is nothing without a copy",
    async () => {
      await runCommand(workbench.page, "PlanLens: Advise Workspace");
      await chooseRow(workbench.page, "SQL files of this workspace");
      const dialog = workbench.page.locator(".monaco-dialog-box");
      await dialog.getByText("school has no HypoPG").waitFor();
      await picture("twin-consent-dialog-light");
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await toast("no HypoPG to try indexes with").waitFor();
      await runCommand(
        workbench.page,
        "Notifications: Clear All Notifications",
      );
    },
  );

  step(
    "proves the suggestion on a copy of the statistics, once that is agreed to",
    async () => {
      const frame = await webviewFrame(workbench.page, '[role="tab"]', 60_000);
      await frame.getByRole("button", { name: "Allow copying…" }).click();
      await toast("school has no HypoPG").waitFor();
      await pressInToast("school has no HypoPG", "Copy");
      // A server of its own starts for the copy.
      await frame
        .getByText("Proven on the statistics")
        .first()
        .waitFor({ timeout: 90_000 });
      expect(
        await frame.getByText("would prove what is suggested").count(),
      ).toBe(0);
      await picture("twin-suggestion-light");
    },
  );

  step("writes its migration from the quick fix", async () => {
    const before = readdirSync(path.join(workbench.world.folder, "migrations"));
    await workbench.page
      .locator(".tab", { hasText: "roster.sql" })
      .first()
      .click();
    const fix = await openQuickFix(workbench.page, /Create index/);
    await fix.press("Enter");
    await pressInToast("Write", "Write Migration");
    await toast("Nothing was applied yet.").waitFor();
    const written = readdirSync(
      path.join(workbench.world.folder, "migrations"),
    ).filter((name) => !before.includes(name));
    const up = written.find((name) => name.endsWith(".up.sql")) ?? "";
    expect(
      readFileSync(path.join(workbench.world.folder, "migrations", up), "utf8"),
    ).toMatch(/copy of the statistics[\s\S]*CREATE INDEX CONCURRENTLY/u);
  });

  step("lists the indexes with their use, and what is redundant", async () => {
    await workbench.page
      .locator('.activitybar .action-label[aria-label*="PlanLens"]')
      .first()
      .click();
    const pane = workbench.page.locator(".pane", { hasText: "Indexes" });
    await pane.getByText("Redundant or unused").waitFor();
    await pane.getByText("beginning of submissions_points_again_idx").waitFor();
    await picture("indexes-light");
  });

  step("a bundle plans without any server", async () => {
    await workbench.world.server.stop();
    await workbench.page
      .locator(".tab", { hasText: "roster.sql" })
      .first()
      .click();
    await status("dev: school").click();
    await chooseRow(workbench.page, "campus");
    await status("bundle: campus · offline").waitFor();
    await lens(/^cost/u).waitFor({ timeout: 60_000 });
    expect(await hoverText(workbench.page, "course_id", /cost/iu)).toMatch(
      /cost/iu,
    );
    await picture("bundle-hover-light");
    await lens("Explain").click();
    const frame = await webviewFrame(
      workbench.page,
      ".about .environment.bundle",
      60_000,
    );
    expect(await frame.locator(".about").innerText()).toMatch(
      /bundle[\s\S]*campus · PostgreSQL 16\.\d+ statistics, planned on (?:embedded )?PostgreSQL \d+/u,
    );
    await picture("bundle-plan-light");
    expect(
      await workbench.page
        .locator(".codelens-decoration a", { hasText: "Analyze" })
        .count(),
    ).toBe(0);
  });

  step("says what counted statements the bundle holds", async () => {
    const pane = workbench.page.locator(".pane", { hasText: "Slow Queries" });
    await pane.getByText("This statistics bundle holds no counted").waitFor();
    expect(await pane.getByRole("button", { name: "Refresh" }).count()).toBe(0);
    await picture("bundle-slow-queries-light");
  });

  step("a bundle advises on the whole workspace", async () => {
    await runCommand(workbench.page, "PlanLens: Advise Workspace");
    await chooseRow(workbench.page, "SQL files of this workspace");
    const frame = await webviewFrame(
      workbench.page,
      "main.advice .about",
      90_000,
    );
    expect(await frame.locator("main").innerText()).toMatch(
      /bundle[\s\S]*campus · PostgreSQL 16\.\d+ statistics, planned on[\s\S]*enrollments[\s\S]*no query was run/u,
    );
    await frame.locator(".twisty").first().click();
    await picture("advice-light");
  });
});
