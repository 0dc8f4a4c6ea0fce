import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderPage, renderPolicy } from "../../src/extension/panel/page.ts";
import {
  envelope,
  receive,
  type PanelHandlers,
} from "../../src/extension/panel/transport.ts";

function recorder(): { handlers: PanelHandlers; heard: [string, unknown][] } {
  const heard: [string, unknown][] = [];
  const hear =
    (type: string) =>
    (body: unknown): void => {
      heard.push([type, body]);
    };
  const handlers: PanelHandlers = {
    ready: hear("ready"),
    explain: hear("explain"),
    analyze: hear("analyze"),
    cancel: hear("cancel"),
    selectNode: hear("selectNode"),
    writeMigration: hear("writeMigration"),
    previewMigration: hear("previewMigration"),
    openSource: hear("openSource"),
    openRule: hear("openRule"),
    copy: hear("copy"),
    askToCopy: hear("askToCopy"),
    showLog: hear("showLog"),
    reconnect: hear("reconnect"),
  };
  return { handlers, heard };
}

describe("the transport", () => {
  it("calls the handler of a message with its parsed body", () => {
    const { handlers, heard } = recorder();
    expect(
      receive({ type: "selectNode", body: { nodeId: 3, more: 1 } }, handlers),
    ).toBe(true);
    expect(heard).toEqual([["selectNode", { nodeId: 3 }]]);
  });

  it.each([
    null,
    "explain",
    {},
    { type: "unknown" },
    { type: "constructor", body: {} },
    { type: "__proto__", body: {} },
    { type: "selectNode" },
    { type: "selectNode", body: { nodeId: "3" } },
    { type: "writeMigration", body: { suggestionId: -1 } },
    { type: "writeMigration", body: { suggestionId: 0.5 } },
    { type: "openRule", body: { rule: ["x"] } },
  ])("refuses %j", (message) => {
    const { handlers, heard } = recorder();
    expect(receive(message, handlers)).toBe(false);
    expect(heard).toEqual([]);
  });

  it("never throws, whatever arrives", () => {
    const { handlers } = recorder();
    fc.assert(
      fc.property(fc.anything(), (message) => {
        expect(typeof receive(message, handlers)).toBe("boolean");
      }),
    );
  });

  it("wraps what goes to the page", () => {
    expect(envelope("state", { kind: "empty" })).toEqual({
      type: "state",
      body: { kind: "empty" },
    });
  });
});

describe("the page", () => {
  const parts = {
    nonce: "abc",
    cspSource: "https://own.example",
    scriptUri: "https://own.example/main.js",
    styleUri: "https://own.example/panel.css",
    language: "en",
    translations: {},
    title: "PlanLens",
  };

  it("has exactly this policy", () => {
    expect(renderPolicy(parts)).toBe(
      "default-src 'none'; script-src 'nonce-abc'; style-src https://own.example 'nonce-abc'; " +
        "img-src https://own.example; font-src https://own.example; base-uri 'none'; form-action 'none'",
    );
  });

  it("has no inline script, style or handler", () => {
    const page = renderPage(parts);
    expect(page).not.toMatch(/<style|style=|\son\w+=|javascript:/u);
    expect(page).not.toMatch(/<script[^>]*>[^<]/u);
  });

  it("escapes what it is given", () => {
    const page = renderPage({
      ...parts,
      title: "<b>\"'&",
      language: '"><x',
      translations: { Explain: '"><x>' },
    });
    expect(page).not.toContain("<b>");
    expect(page).not.toContain("<x");
  });
});
