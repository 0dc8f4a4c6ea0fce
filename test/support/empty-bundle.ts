import type { Bundle } from "../../src/core/twin/bundle.ts";

export const emptyBundle: Bundle = {
  server: { versionNumber: 150_000, versionText: "15" },
  locale: undefined,
  settings: {},
  extensions: [],
  ddl: [],
  relations: [],
  columns: [],
  extended: [],
  queries: [],
  remarks: [],
};
