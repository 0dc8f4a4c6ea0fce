import * as vscode from "vscode";
import type {
  AdviceHostMessages,
  AdviceState,
} from "../../protocol/advice-messages.ts";
import { loadPage } from "../panel/panel-host.ts";
import { receiveAdvice, type AdvicePageHandlers } from "./advice-transport.ts";

const panelType = "planlens.advice";

/** The one advice page of a window. */
export interface AdvicePanel {
  /** Opens it when it is not; draws anew what is there now. */
  readonly show: () => void;
  readonly send: <Type extends keyof AdviceHostMessages>(
    type: Type,
    body: AdviceHostMessages[Type],
  ) => void;
  readonly dispose: () => void;
}

export interface AdvicePanelNeeds {
  readonly extensionUri: vscode.Uri;
  readonly log: Pick<vscode.LogOutputChannel, "warn">;
  readonly handlers: Omit<AdvicePageHandlers, "ready">;
  /** Asked whenever a page is there to be told. */
  readonly state: () => AdviceState;
}

const createPanel = (): vscode.WebviewPanel =>
  vscode.window.createWebviewPanel(
    panelType,
    vscode.l10n.t("PlanLens: Index Advice"),
    { viewColumn: vscode.ViewColumn.Active },
    { enableScripts: true },
  );

/** Hears one page from now on, and loads it. */
function adopt(
  needs: AdvicePanelNeeds,
  panel: vscode.WebviewPanel,
  ready: () => void,
): void {
  panel.webview.onDidReceiveMessage((message: unknown) => {
    if (!receiveAdvice(message, { ...needs.handlers, ready }))
      needs.log.warn("The advice page sent a message that is not understood.");
  });
  loadPage(panel, needs.extensionUri, {
    script: "advice.js",
    style: "advice.css",
  });
}

export function createAdvicePanel(needs: AdvicePanelNeeds): AdvicePanel {
  let current: vscode.WebviewPanel | undefined;
  const send: AdvicePanel["send"] = (type, body) => {
    void current?.webview.postMessage({ type, body });
  };
  const tellState = (): void => {
    send("adviceState", needs.state());
  };
  const take = (panel: vscode.WebviewPanel): void => {
    current = panel;
    panel.onDidDispose(() => {
      if (current === panel) current = undefined;
    });
    adopt(needs, panel, tellState);
  };
  const restoring = vscode.window.registerWebviewPanelSerializer(panelType, {
    deserializeWebviewPanel: (panel) => {
      take(panel);
      return Promise.resolve();
    },
  });
  return {
    send,
    show: () => {
      if (current === undefined) take(createPanel());
      else {
        current.reveal();
        tellState();
      }
    },
    dispose: () => {
      restoring.dispose();
      current?.dispose();
    },
  };
}
