// Figures of the real workbench: activation time, and memory that the idle extension adds to its host.
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { startWorkbench } from "../../tools/workbench/start.mjs";

const root = path.resolve(import.meta.dirname, "../..");
const browserPath = "/usr/bin/chromium";
const rounds = 3;
const settleMs = 15_000;

const median = (values) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Resident megabytes of the extension host that belongs to this profile. */
function hostMegabytes(profile) {
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8");
      if (!command.includes("--type=extensionHost")) continue;
      const environment = readFileSync(`/proc/${pid}/environ`, "utf8");
      if (!environment.includes(profile)) continue;
      const kilobytes = /VmRSS:\s+(\d+)/.exec(
        readFileSync(`/proc/${pid}/status`, "utf8"),
      )?.[1];
      return Number(kilobytes) / 1024;
    } catch {
      // The process ended between two reads.
    }
  }
  throw new Error("No extension host was found.");
}

async function openSql(page) {
  await page
    .locator(".explorer-folders-view .monaco-list-row")
    .first()
    .waitFor();
  await page.keyboard.press("Control+P");
  await page.locator(".quick-input-widget input").first().fill("learning.sql");
  await page
    .locator(".quick-input-widget .monaco-list-row", {
      hasText: "learning.sql",
    })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".tab.active", { hasText: "learning.sql" }).waitFor();
}

async function readActivation(page) {
  await page
    .locator(".codelens-decoration", { hasText: "Explain" })
    .first()
    .waitFor();
  await page.keyboard.press("F1");
  await page
    .locator(".quick-input-widget input")
    .first()
    .fill(">Developer: Show Running Extensions");
  await page
    .locator(".quick-input-widget .monaco-list-row", {
      hasText: "Show Running Extensions",
    })
    .first()
    .waitFor();
  await page.keyboard.press("Enter");
  const row = page.locator(".runtime-extensions-editor .monaco-list-row", {
    hasText: "PlanLens",
  });
  await row.first().waitFor();
  return Number(/Activation: (\d+)ms/.exec(await row.first().innerText())?.[1]);
}

async function measure(browser, vsix) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "planlens-bench-"));
  cpSync(path.join(root, "demo"), folder, { recursive: true });
  const workbench = await startWorkbench({ vsix, folder });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(workbench.url);
    await openSql(page);
    await page.waitForTimeout(settleMs);
    const megabytes = hostMegabytes(workbench.profile);
    return {
      megabytes,
      activationMs: vsix === undefined ? undefined : await readActivation(page),
    };
  } finally {
    await context.close();
    await workbench.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  if (!existsSync(browserPath)) return [];
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const added = [];
  const activations = [];
  try {
    // In turn, so that both meet the same machine.
    for (let round = 0; round < rounds; round += 1) {
      const without = await measure(browser, undefined);
      const with_ = await measure(browser, path.join(root, "planlens.vsix"));
      added.push(with_.megabytes - without.megabytes);
      activations.push(with_.activationMs);
    }
  } finally {
    await browser.close();
  }
  return [
    { name: "activation", value: median(activations), unit: "ms", target: 50 },
    {
      name: "host memory added when idle",
      value: median(added),
      unit: "MB",
      target: 30,
    },
  ];
}

process.stdout.write(`${JSON.stringify(await main())}\n`);
