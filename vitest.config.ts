import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/kit/quick-browser.ts",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each end-to-end test has a browser and a portal of its own; more than two at once only makes them wait for each other.
    maxWorkers: 2,
  },
});
