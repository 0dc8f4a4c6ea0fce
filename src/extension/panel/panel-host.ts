import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { HostMessages, PanelState } from "../../protocol/messages.ts";
import { renderPage } from "./page.ts";
import { envelope, receive, type PanelHandlers } from "./transport.ts";

const panelType = "planlens.plan";

/** The one plan panel of a window, opened beside the editor and reused. */
export interface PanelHost {
  /** Opens the panel when there is none. */
  readonly show: (state: PanelState, title: string) => void;
  readonly send: <Type extends keyof HostMessages>(
    type: Type,
    body: HostMessages[Type],
  ) => void;
  readonly dispose: () => void;
}

export interface PanelHostNeeds {
  readonly extensionUri: vscode.Uri;
  readonly handlers: Omit<PanelHandlers, "ready">;
  readonly onClosed: () => void;
  readonly log: vscode.LogOutputChannel;
}

interface Open {
  readonly panel: vscode.WebviewPanel;
  /** What the page is told when it says that it is there; undefined leaves what it has kept itself. */
  state: PanelState | undefined;
  ready: boolean;
}

/** Puts a page of ours into a panel; `names` are its files in dist/webview. */
export function loadPage(
  panel: vscode.WebviewPanel,
  extensionUri: vscode.Uri,
  names: { readonly script: string; readonly style: string },
): void {
  const { webview } = panel;
  const folder = vscode.Uri.joinPath(extensionUri, "dist", "webview");
  const address = (name: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  webview.options = {
    enableScripts: true,
    enableCommandUris: false,
    localResourceRoots: [folder],
  };
  panel.iconPath = vscode.Uri.joinPath(extensionUri, "media", "panel.svg");
  webview.html = renderPage({
    nonce: randomBytes(18).toString("base64url"),
    cspSource: webview.cspSource,
    scriptUri: address(names.script),
    styleUri: address(names.style),
    language: vscode.l10n.bundle === undefined ? "en" : vscode.env.language,
    translations: vscode.l10n.bundle ?? {},
    title: "PlanLens",
  });
}

/** Connects one page: it is told its state when it is ready, and heard from then on. */
function adopt(needs: PanelHostNeeds, open: Open): void {
  const { webview } = open.panel;
  const handlers: PanelHandlers = {
    ...needs.handlers,
    ready: () => {
      open.ready = true;
      if (open.state !== undefined)
        void webview.postMessage(envelope("state", open.state));
    },
  };
  webview.onDidReceiveMessage((message: unknown) => {
    if (!receive(message, handlers))
      needs.log.warn("The panel sent a message that is not understood.");
  });
  loadPage(open.panel, needs.extensionUri, {
    script: "main.js",
    style: "panel.css",
  });
}

function createPanel(): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(
    panelType,
    "PlanLens",
    { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
    { enableScripts: true },
  );
}

export function createPanelHost(needs: PanelHostNeeds): PanelHost {
  let current: Open | undefined;
  const take = (panel: vscode.WebviewPanel, state?: PanelState): Open => {
    const open: Open = { panel, state, ready: false };
    current = open;
    panel.onDidDispose(() => {
      if (current === open) current = undefined;
      needs.onClosed();
    });
    adopt(needs, open);
    return open;
  };
  const restoring = vscode.window.registerWebviewPanelSerializer(panelType, {
    deserializeWebviewPanel: (panel, kept: unknown) => {
      // A page that kept its plan shows it by itself.
      if (kept === undefined || kept === null) take(panel, { kind: "empty" });
      else take(panel);
      return Promise.resolve();
    },
  });
  const send: PanelHost["send"] = (type, body) => {
    void current?.panel.webview.postMessage(envelope(type, body));
  };
  return {
    send,
    show: (state, title) => {
      const open = current ?? take(createPanel(), state);
      open.state = state;
      open.panel.title = title;
      if (!open.panel.visible) open.panel.reveal(undefined, true);
      if (open.ready) send("state", state);
    },
    dispose: () => {
      restoring.dispose();
      current?.panel.dispose();
    },
  };
}
