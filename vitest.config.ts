import process from "node:process";
import { configDefaults, defineConfig } from "vitest/config";

/** Page by page, oddity by oddity, fault by fault: `EINVOICE_TESTS=all` runs these as well, and every kill. */
const LONG = [
  "test/audit-report.test.ts",
  "test/bind-carrier-list.test.ts",
  "test/blank-pages.test.ts",
  "test/classic-pages.test.ts",
  "test/console-pages.test.ts",
  "test/correct-blank-numbers.test.ts",
  "test/disk-full.test.ts",
  "test/fetch-winning-list-refused.test.ts",
  "test/leak-everywhere.test.ts",
  "test/keep-notice-list-pages.test.ts",
  "test/list-pages.test.ts",
  "test/mail-wakes.test.ts",
  "test/platform-blank-numbers.test.ts",
  "test/platform-trouble.test.ts",
  "test/platform-winning-list.test.ts",
  "test/portal-blank-browser.test.ts",
  "test/portal-browser.test.ts",
  "test/portal-classic-browser.test.ts",
  "test/recording-heads.test.ts",
  "test/report.test.ts",
  "test/sign-in-states.test.ts",
  "test/stranger-blanks.test.ts",
  "test/take-tracks-faults.test.ts",
  "test/take-tracks-odd-pages.test.ts",
  "test/take-tracks-refused.test.ts",
  "test/take-tracks-waiting.test.ts",
  "test/winning-many.test.ts",
];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(process.env["EINVOICE_TESTS"] === "all" ? [] : LONG)],
    globalSetup: "test/kit/quick-browser.ts",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each end-to-end test has a browser and a portal of its own; more than two at once only makes them wait for each other.
    maxWorkers: 2,
  },
});
