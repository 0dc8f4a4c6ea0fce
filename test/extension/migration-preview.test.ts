import { expect, it } from "vitest";
import { renderPreview } from "../../src/extension/editor/migration-preview.ts";

it("shows every file under its path, as a comment of its own language", () => {
  expect(
    renderPreview([
      { path: "migrations/2.up.sql", content: "CREATE INDEX a ON t (b);\n\n" },
      { path: "migrations/3.js", content: "exports.up = () => {};" },
    ]),
  ).toBe(
    [
      "-- migrations/2.up.sql",
      "",
      "CREATE INDEX a ON t (b);",
      "",
      "",
      "// migrations/3.js",
      "",
      "exports.up = () => {};",
      "",
    ].join("\n"),
  );
  expect(renderPreview([])).toBe("");
});
