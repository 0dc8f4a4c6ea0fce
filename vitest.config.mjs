import { defineConfig } from "vitest/config";

const unit = {
  include: ["test/**/*.test.ts"],
  exclude: ["test/**/*.integration.test.ts", "test/e2e/**"],
  // Guards against hanging alone: a busy machine may take long.
  testTimeout: 60_000,
};
const integration = {
  include: ["test/**/*.integration.test.ts"],
  testTimeout: 60_000,
  hookTimeout: 180_000,
  fileParallelism: false,
};

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", ...unit } },
      { test: { name: "integration", ...integration } },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          // Several states in turn, each of which a busy machine may take half a minute for.
          testTimeout: 240_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
