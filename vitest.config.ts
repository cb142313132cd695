import process from "node:process";
import { configDefaults, defineConfig } from "vitest/config";

/** Page by page, oddity by oddity, fault by fault: `EINVOICE_TESTS=all` runs these as well, and every kill. */
const LONG = [
  "test/integration/recording/audit-report.test.ts",
  "test/browser/carriers/bind-carrier-list.test.ts",
  "test/browser/blank-numbers/blank-pages.test.ts",
  "test/browser/sign-in/classic-pages.test.ts",
  "test/browser/console/console-pages.test.ts",
  "test/browser/blank-numbers/correct-blank-numbers.test.ts",
  "test/crash/disk-full.test.ts",
  "test/browser/winners/fetch-winning-list-refused.test.ts",
  "test/browser/recording/leak-everywhere.test.ts",
  "test/browser/tracks/keep-notice-list-pages.test.ts",
  "test/browser/sign-in/list-pages.test.ts",
  "test/browser/tracks/mail-wakes.test.ts",
  "test/browser/platform/platform-blank-numbers.test.ts",
  "test/browser/platform/platform-trouble.test.ts",
  "test/browser/platform/platform-winning-list.test.ts",
  "test/practice-portal/portal-blank-browser.test.ts",
  "test/practice-portal/portal-browser.test.ts",
  "test/practice-portal/portal-classic-browser.test.ts",
  "test/integration/recording/recording-heads.test.ts",
  "test/browser/sign-in/sign-in-states.test.ts",
  "test/browser/stranger/stranger-blanks.test.ts",
  "test/browser/tracks/take-tracks-faults.test.ts",
  "test/browser/tracks/take-tracks-odd-pages.test.ts",
  "test/browser/tracks/take-tracks-refused.test.ts",
  "test/browser/tracks/take-tracks-waiting.test.ts",
  "test/integration/commands/winning-many.test.ts",
];

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(process.env["EINVOICE_TESTS"] === "all" ? [] : LONG)],
    globalSetup: "test/support/kit/quick-browser.ts",
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // Each end-to-end test has a browser and a portal of its own; more than two at once only makes them wait for each other.
    maxWorkers: 2,
  },
});
