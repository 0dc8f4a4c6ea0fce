import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import type { Frame, Locator } from "playwright-core";
import { describe, expect, test } from "vitest";
import { whyUnavailable } from "../support/servers.ts";
import { noBrowser, openFile, webviewFrame } from "./support/browser.ts";
import { chooseRow, quickField, runCommand } from "./support/quick-input.ts";
import { database, openSchool } from "./support/school.ts";
import { smallSchoolSchema, writeSmallSchool } from "./support/small-school.ts";
import { useWorkbench } from "./support/use-workbench.ts";

const missing = noBrowser ?? whyUnavailable("15-hypopg");
const step = test.skipIf(missing !== undefined);

const workbench = useWorkbench({
  missing,
  pictures: "why-not",
  open: () =>
    openSchool({
      kind: "15-hypopg",
      server: { settings: { shared_preload_libraries: "pg_stat_statements" } },
      schema: smallSchoolSchema,
      writeFolder: writeSmallSchool,
      theme: "Default Dark Modern",
    }),
});
const { toast, pressInToast, status, picture } = workbench;

const input = (): Locator => quickField(workbench.page);

/** The rendered page that has this heading. */
async function reportPage(heading: string): Promise<Frame> {
  const frame = await webviewFrame(
    workbench.page,
    `h1:has-text("${heading}")`,
    60_000,
  );
  await frame.locator("h1", { hasText: heading }).waitFor();
  return frame;
}

async function putCursorInStatement(): Promise<void> {
  await workbench.page
    .locator(".tab", { hasText: "learning.sql" })
    .first()
    .click();
  await workbench.page
    .locator(".view-line", { hasText: "FROM enrollments" })
    .click();
}

describe("why not, and what was promised, on PostgreSQL 15 with HypoPG", () => {
  step("names the cause beside the editor and marks its token", async () => {
    await openFile(workbench.page, "learning.sql");
    await status("no connection").click();
    await chooseRow(workbench.page, "school");
    await status("dev: school").waitFor();
    await putCursorInStatement();
    await runCommand(workbench.page, "PlanLens: Why Not My Index?");
    await chooseRow(workbench.page, "enrollments_pkey");
    const frame = await reportPage("enrollments_pkey is not used.");
    expect(await frame.locator("body").innerText()).toContain(
      "The statement neither compares nor orders id",
    );
    await workbench.page
      .locator(".view-line span[class*='ced-']", { hasText: "enrollments" })
      .first()
      .waitFor();
    await picture("why-not");
  });

  step("takes a CREATE INDEX that is only imagined", async () => {
    await putCursorInStatement();
    await runCommand(workbench.page, "PlanLens: Why Not My Index?");
    await chooseRow(workbench.page, "Type a CREATE INDEX…");
    await input().fill("CREATE INDEX wished ON enrollments (");
    await workbench.page.getByText("This is no CREATE INDEX").first().waitFor();
    await input().fill(
      "CREATE INDEX wished ON enrollments (course_id, enrolled_at)",
    );
    await input().press("Enter");
    await reportPage("wished is used");
  });

  step(
    "keeps a written promise and compares it when the index is there",
    async () => {
      await runCommand(workbench.page, "PlanLens: Show Calibration");
      const empty = await reportPage("What was promised");
      expect(await empty.locator("body").innerText()).toContain(
        "Nothing was promised yet",
      );
      await putCursorInStatement();
      await runCommand(
        workbench.page,
        "PlanLens: Write Migration for Best Suggestion",
      );
      await pressInToast("Write", "Write Migration");
      await toast("Nothing was applied yet.").waitFor();
      const migrations = path.join(workbench.world.folder, "migrations");
      const [written = ""] = readdirSync(migrations)
        .filter((name) => name.endsWith(".up.sql"))
        .toSorted()
        .toReversed();
      const ddl = /^CREATE INDEX[^;]*/mu.exec(
        readFileSync(path.join(migrations, written), "utf8"),
      );
      await workbench.world.server.query(ddl?.[0] ?? "", database);
      await putCursorInStatement();
      await runCommand(workbench.page, "PlanLens: Explain");
      await webviewFrame(workbench.page, "[role=treegrid]", 60_000);
      await runCommand(workbench.page, "PlanLens: Show Calibration");
      const frame = await reportPage("What was promised");
      await frame.locator("td", { hasText: "index used" }).first().waitFor();
      await picture("calibration");
    },
  );
});
