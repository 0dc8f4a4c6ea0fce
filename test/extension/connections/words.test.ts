import { expect, it, vi } from "vitest";
import type { ServerInfo } from "../../../src/app/database.ts";
import { serverWords } from "../../../src/extension/connections/words.ts";
import { shownEnvironment } from "../../../src/extension/connections/shown-environment.ts";
import { demoProfile } from "../../../src/extension/connections/demo-host.ts";

vi.mock("vscode", async () => {
  const { english: t } = await import("../../../src/core/words.ts");
  return { l10n: { t } };
});

const server: ServerInfo = {
  engine: "postgres",
  versionNumber: 180006,
  versionText: "18.6 (Debian 18.6-1)",
  hypopgVersion: undefined,
  whatIf: "none",
  isReadOnlyReplica: false,
};

it("names a server by product and version, and HypoPG where it is", () => {
  expect(serverWords({ ...server, versionText: "18.6" })).toBe(
    "PostgreSQL 18.6",
  );
  expect(
    serverWords({ ...server, versionText: "18.6", hypopgVersion: "1.4" }),
  ).toBe("PostgreSQL 18.6, HypoPG 1.4");
});

it("names a bundle by the server whose statistics it holds, and by who plans with them", () => {
  const sourceVersion = "15.18 (Debian 15.18-0+deb12u1)";
  expect(
    serverWords({ ...server, twin: { sourceVersion, isEmbedded: true } }),
  ).toBe("PostgreSQL 15.18 statistics, planned on embedded PostgreSQL 18.6");
  expect(
    serverWords({ ...server, twin: { sourceVersion, isEmbedded: false } }),
  ).toBe("PostgreSQL 15.18 statistics, planned on PostgreSQL 18.6");
});

it("shows a bundle as a bundle, whatever environment its connection says", () => {
  const profile = {
    ...demoProfile("demo"),
    environment: "production" as const,
  };
  expect(shownEnvironment(profile)).toBe("production");
  expect(
    shownEnvironment({
      ...profile,
      target: { engine: "bundle", path: "/campus.json.gz" },
    }),
  ).toBe("bundle");
});
