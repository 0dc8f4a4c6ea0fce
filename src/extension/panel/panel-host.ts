import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { HostMessages, PanelState } from "../../protocol/messages.ts";
import { renderPage } from "./page.ts";
import { envelope, receive, type PanelHandlers } from "./transport.ts";

export const panelType = "planlens.plan";

/** The one plan panel of a window, opened beside the editor and reused. */
export interface PanelHost extends vscode.Disposable {
  /** Opens the panel when there is none. */
  readonly show: (state: PanelState, title: string) => void;
  readonly send: <Type extends keyof HostMessages>(
    type: Type,
    body: HostMessages[Type],
  ) => void;
  readonly isOpen: () => boolean;
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

function load(panel: vscode.WebviewPanel, extensionUri: vscode.Uri): void {
  const { webview } = panel;
  const folder = vscode.Uri.joinPath(extensionUri, "dist", "webview");
  const media = vscode.Uri.joinPath(extensionUri, "media");
  webview.options = {
    enableScripts: true,
    enableCommandUris: false,
    localResourceRoots: [folder],
  };
  panel.iconPath = vscode.Uri.joinPath(media, "panel.svg");
  webview.html = renderPage({
    nonce: randomBytes(18).toString("base64url"),
    cspSource: webview.cspSource,
    scriptUri: webview
      .asWebviewUri(vscode.Uri.joinPath(folder, "main.js"))
      .toString(),
    styleUri: webview
      .asWebviewUri(vscode.Uri.joinPath(folder, "panel.css"))
      .toString(),
    language: vscode.env.language,
    title: "PlanLens",
  });
}

export function createPanelHost(needs: PanelHostNeeds): PanelHost {
  let open: Open | undefined;
  const post = (message: unknown): void => {
    void open?.panel.webview.postMessage(message);
  };
  const adopt = (
    panel: vscode.WebviewPanel,
    state: PanelState | undefined,
  ): Open => {
    const adopted: Open = { panel, state, ready: false };
    const handlers: PanelHandlers = {
      ...needs.handlers,
      ready: () => {
        adopted.ready = true;
        if (adopted.state !== undefined) post(envelope("state", adopted.state));
      },
    };
    panel.webview.onDidReceiveMessage((message: unknown) => {
      if (!receive(message, handlers))
        needs.log.warn("The panel sent a message that is not understood.");
    });
    panel.onDidDispose(() => {
      if (open === adopted) open = undefined;
      needs.onClosed();
    });
    load(panel, needs.extensionUri);
    open = adopted;
    return adopted;
  };
  const create = (): vscode.WebviewPanel =>
    vscode.window.createWebviewPanel(
      panelType,
      "PlanLens",
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true },
    );
  const restoring = vscode.window.registerWebviewPanelSerializer(panelType, {
    deserializeWebviewPanel: (panel, kept: unknown) => {
      adopt(
        panel,
        kept === undefined || kept === null ? { kind: "empty" } : undefined,
      );
      return Promise.resolve();
    },
  });
  return {
    show: (state, title) => {
      const target = open ?? adopt(create(), state);
      target.state = state;
      target.panel.title = title;
      if (!target.panel.visible) target.panel.reveal(undefined, true);
      if (target.ready) post(envelope("state", state));
    },
    send: (type, body) => {
      post(envelope(type, body));
    },
    isOpen: () => open !== undefined,
    dispose: () => {
      restoring.dispose();
      open?.panel.dispose();
    },
  };
}
