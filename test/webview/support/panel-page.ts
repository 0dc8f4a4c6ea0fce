import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { renderPolicy } from "../../../src/extension/panel/page.ts";
import type { AdviceHostMessages } from "../../../src/protocol/advice-messages.ts";
import type { PanelState } from "../../../src/protocol/messages.ts";

export type Theme = "dark" | "light" | "hc";

const browserPaths = [
  process.env["CHROMIUM"],
  "/usr/bin/chromium",
  "/usr/bin/google-chrome",
].filter((path) => path !== undefined);

export const browserPath = browserPaths.find((path) => existsSync(path));

// Tests and benchmarks are started at the root; a bundled benchmark has no other place to look from.
const repository = pathToFileURL(`${process.cwd()}/`);

/** The page of a plan, or that of an advice for a workspace. */
export type PageKind = "plan" | "advice";

const entries: Readonly<Record<PageKind, { main: string; panel: string }>> = {
  plan: { main: "webview/main.ts", panel: "webview/panel.css" },
  advice: {
    main: "webview/advice/main.ts",
    panel: "webview/advice/advice.css",
  },
};

/** The panel as the extension ships it: one script, one style sheet. */
async function bundlePanel(
  kind: PageKind,
): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    absWorkingDir: repository.pathname,
    entryPoints: entries[kind],
    outdir: "out/webview-test",
    write: false,
    bundle: true,
    minify: true,
    platform: "browser",
    target: "chrome120",
    format: "iife",
    logLevel: "warning",
  });
  const find = (end: string): string =>
    outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { script: find("main.js"), style: find("panel.css") };
}

const bodyClass: Readonly<Record<Theme, string>> = {
  dark: "vscode-dark",
  light: "vscode-light",
  hc: "vscode-high-contrast",
};

/** Stands in for the editor's side: keeps what was posted and the saved state. */
const hostScript = `
  const violations = [];
  document.addEventListener("securitypolicyviolation", (event) => violations.push(event.violatedDirective + " " + event.blockedURI + " " + event.sourceFile + ":" + event.lineNumber));
  const sent = [];
  window.planlensTest = { violations, sent };
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => sent.push(message),
    getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") ?? undefined,
    setState: (state) => sessionStorage.setItem("state", JSON.stringify(state)),
  });`;

interface PageOptions {
  readonly theme: Theme;
  readonly width: number;
  readonly height: number;
  /** English to another language. */
  readonly translations?: Readonly<Record<string, string>>;
}

export interface PanelServer {
  readonly open: (options: PageOptions) => Promise<Page>;
  readonly close: () => Promise<void>;
}

/** Serves the bundle under the policy that the extension sets, and starts one browser. */
export async function startPanelServer(
  kind: PageKind = "plan",
): Promise<PanelServer> {
  if (browserPath === undefined) throw new Error("no Chromium");
  const bundle = await bundlePanel(kind);
  const read = (file: string): string =>
    readFileSync(
      new URL(`test/webview/themes/${file}.css`, repository),
      "utf8",
    );
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const styles: Readonly<Record<string, string>> = {
      "/panel.css": bundle.style,
      "/dark.css": read("dark"),
      "/light.css": read("light"),
      "/hc.css": read("hc"),
      "/editor-defaults.css": read("editor-defaults"),
    };
    const style = styles[url.pathname];
    if (style !== undefined) {
      response.setHeader("content-type", "text/css").end(style);
    } else if (url.pathname === "/main.js") {
      response.setHeader("content-type", "text/javascript").end(bundle.script);
    } else if (url.pathname === "/") {
      const nonce = randomBytes(16).toString("base64");
      const theme = (url.searchParams.get("theme") ?? "dark") as Theme;
      response.setHeader(
        "content-security-policy",
        renderPolicy({ nonce, cspSource: "'self'" }),
      );
      response.setHeader("content-type", "text/html").end(page(theme, nonce));
    } else response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const browser = await chromium.launch({
    executablePath: browserPath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  return {
    open: (options) => openPage(browser, port, options),
    close: async () => {
      await browser.close();
      await new Promise((done) => server.close(done));
    },
  };
}

function page(theme: Theme, nonce: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>PlanLens</title>
<link rel="stylesheet" href="/editor-defaults.css"><link rel="stylesheet" href="/${theme}.css"><link rel="stylesheet" href="/panel.css"></head>
<body class="${bodyClass[theme]}"><script nonce="${nonce}">${hostScript}</script><script type="module" nonce="${nonce}" src="/main.js"></script></body></html>`;
}

async function openPage(
  browser: Browser,
  port: number,
  { theme, width, height, translations }: PageOptions,
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width, height },
    bypassCSP: false,
  });
  const opened = await context.newPage();
  opened.on("pageerror", (error) => {
    throw error;
  });
  // As the host does it: the table is in the page before its script runs.
  if (translations !== undefined)
    await opened.addInitScript((table) => {
      document.addEventListener("readystatechange", () => {
        document.body.dataset["translations"] = table;
      });
    }, JSON.stringify(translations));
  await opened.goto(`http://127.0.0.1:${String(port)}/?theme=${theme}`);
  return opened;
}

async function send(
  opened: Page,
  message: { readonly type: string; readonly body: unknown },
): Promise<void> {
  await opened.evaluate(async (sent) => {
    window.postMessage(sent, "*");
    await new Promise((done) =>
      requestAnimationFrame(() => setTimeout(done, 30)),
    );
  }, message);
}

/** Sends a state as the host does and waits until it is drawn. */
export const showState = (opened: Page, state: PanelState): Promise<void> =>
  send(opened, { type: "state", body: state });

/** The same for the advice page. */
export const sendAdvice = <Type extends keyof AdviceHostMessages>(
  opened: Page,
  type: Type,
  body: AdviceHostMessages[Type],
): Promise<void> => send(opened, { type, body });
