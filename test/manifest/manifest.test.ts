import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { commandTable } from "../../src/extension/command-ids.ts";
import { connectionCommands } from "../../src/extension/connections/command-ids.ts";
import {
  colors,
  engines,
  environments,
  parseProfile,
  sslModes,
} from "../../src/extension/connections/stored-profile.ts";
import { settingDefaults } from "../../src/extension/setting-defaults.ts";

interface Property {
  readonly default?: unknown;
  readonly scope?: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly properties: Readonly<Record<string, Property>> };
}

interface Manifest {
  readonly icon: string;
  readonly extensionKind: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: {
      readonly restrictedConfigurations: readonly string[];
    };
  };
  readonly contributes: {
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly category: string;
    }[];
    readonly menus: Readonly<
      Record<
        string,
        readonly { readonly command: string; readonly when?: string }[]
      >
    >;
    readonly keybindings: readonly { readonly command: string }[];
    readonly views: Readonly<
      Record<string, readonly { readonly id: string }[]>
    >;
    readonly viewsWelcome: readonly { readonly view: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, Property>>;
    };
  };
}

const root = path.resolve(import.meta.dirname, "../..");
const manifestText = readFileSync(path.join(root, "package.json"), "utf8");
const manifest = JSON.parse(manifestText) as Manifest;
const words = JSON.parse(
  readFileSync(path.join(root, "package.nls.json"), "utf8"),
) as Record<string, string>;
const { commands, menus, configuration, views, viewsWelcome, keybindings } =
  manifest.contributes;
const inCode = [
  ...Object.values(commandTable),
  ...Object.values(connectionCommands),
];
const connectionItem =
  configuration.properties["planlens.connections"]?.items?.properties ?? {};

describe("package.json agrees with the code", () => {
  test("every command is in both, once", () => {
    expect(commands.map(({ command }) => command).sort()).toEqual(
      [...inCode].sort(),
    );
  });

  test("all commands stand under one category", () => {
    expect(new Set(commands.map(({ category }) => category))).toEqual(
      new Set(["PlanLens"]),
    );
  });

  test("menus and keys name commands that exist", () => {
    const named = [...Object.values(menus).flat(), ...keybindings].map(
      ({ command }) => command,
    );
    expect(
      named.filter(
        (command) => !inCode.includes(command as (typeof inCode)[number]),
      ),
    ).toEqual([]);
  });

  test("links in words name commands that exist", () => {
    const own = Object.values(words).flatMap((text) =>
      [...text.matchAll(/\(command:(planlens\.[A-Za-z.]+)\)/g)].map(
        ([, command]) => command ?? "",
      ),
    );
    const viewIds = Object.values(views)
      .flat()
      .map(({ id }) => `${id}.focus`);
    expect(
      own.filter((command) => ![...inCode, ...viewIds].includes(command)),
    ).toEqual([]);
  });

  test("every setting is in both, with the same default", () => {
    const inManifest = Object.fromEntries(
      Object.entries(configuration.properties).map(
        ([name, { default: value }]) => [name.replace("planlens.", ""), value],
      ),
    );
    expect(inManifest).toEqual(settingDefaults);
  });

  test("choices of a connection's fields are those that are parsed", () => {
    expect(connectionItem["environment"]?.enum).toEqual(environments);
    expect(connectionItem["sslMode"]?.enum).toEqual(sslModes);
    expect(connectionItem["engine"]?.enum).toEqual(engines);
    expect(connectionItem["color"]?.enum).toEqual(colors);
  });

  test("every field of a connection in package.json is read", () => {
    for (const field of Object.keys(connectionItem)) {
      const entry: Record<string, unknown> = {
        id: "a",
        name: "a",
        engine: "postgres",
        host: "h",
        database: "d",
        user: "u",
      };
      if (field === "url") Object.assign(entry, { engine: "mongodb" });
      if (field === "path") Object.assign(entry, { engine: "bundle" });
      entry[field] = 0;
      expect(parseProfile(entry), field).toMatchObject({
        ok: false,
        error: { field },
      });
    }
  });

  test("no field of a connection is made for a secret", () => {
    expect(
      Object.keys(connectionItem).filter((field) =>
        /password|secret|token/i.test(field),
      ),
    ).toEqual([]);
  });

  test("views that are welcomed exist", () => {
    const ids = Object.values(views)
      .flat()
      .map(({ id }) => id);
    expect(viewsWelcome.filter(({ view }) => !ids.includes(view))).toEqual([]);
  });

  test("untrusted folders bring neither connections nor the demo's start", () => {
    expect(
      manifest.capabilities.untrustedWorkspaces.restrictedConfigurations,
    ).toEqual(["planlens.connections", "planlens.demo.autoConnect"]);
  });

  test("connections belong to the machine that runs the extension", () => {
    expect(manifest.extensionKind).toEqual(["workspace"]);
    expect(configuration.properties["planlens.connections"]?.scope).toBe(
      "machine-overridable",
    );
  });

  test("every word of the manifest is translated, and none is left over", () => {
    const used = [...manifestText.matchAll(/"%([^%"]+)%"/g)].map(
      ([, key]) => key ?? "",
    );
    expect([...new Set(used)].sort()).toEqual(Object.keys(words).sort());
  });
});
