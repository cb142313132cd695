import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Page by page, oddity by oddity, fault by fault: `EINVOICE_TESTS=all` runs these as well, and every kill. Why each is here: the table in
 * `test/README.md`.
 */
const LONG: readonly string[] = readFileSync(new URL("test/long.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line.startsWith("test/"));

/** Seconds that each file took when they were last measured (`npm run test:durations`); the longest begin first. */
const SECONDS = secondsOf("test/durations.json");

function secondsOf(file: string): ReadonlyMap<string, number> {
  const path = new URL(file, import.meta.url);
  if (!existsSync(path)) return new Map();
  const read: unknown = JSON.parse(readFileSync(path, "utf8"));
  const entries = typeof read === "object" && read !== null ? Object.entries(read) : [];
  return new Map(entries.flatMap(([name, value]) => (typeof value === "number" ? [[name, value] as const] : [])));
}

/** Projects one after the other, the unit tests last: files that share a worker have to follow each other. */
const PROJECTS = ["alone", "browser", "integration", "unit"];

/** What changes something for its whole process, or counts what that holds: each has a process of its own. */
const ALONE = [
  "test/browser/recording/secrets-stay-secret.test.ts",
  "test/integration/commands/own-flow.test.ts",
  "test/integration/commands/schedule-serve.test.ts",
  "test/integration/machine/secrets-keychain.test.ts",
  "test/integration/machine/secrets-vault.test.ts",
  "test/integration/machine/stalls.test.ts",
  "test/integration/security/vault-setup.test.ts",
];

/** A long file that begins last leaves one processor idle until it ends. */
class LongestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const turn = ({ project }: TestSpecification): number => PROJECTS.indexOf(project.name);
    const seconds = ({ moduleId }: TestSpecification): number => {
      const name = moduleId.slice(moduleId.lastIndexOf("/test/") + 1);
      // A file that was never measured may be long.
      return SECONDS.get(name) ?? 60;
    };
    return Promise.resolve(files.toSorted((a, b) => turn(a) - turn(b) || seconds(b) - seconds(a)));
  }
}

const everything = process.env["EINVOICE_TESTS"] === "all";
const exclude = [...configDefaults.exclude, ...(everything ? [] : LONG)];
// A machine that is loaded many times over is slow, and nothing is wrong.
const patience = { testTimeout: 600_000, hookTimeout: 600_000 };

// Whatever imports the application pays two seconds of the processor for that: the files of one worker share it.
const every = { ...patience, setupFiles: "test/support/kit/every-file.ts" };
const shared = { ...every, isolate: false };
const quick = { globalSetup: "test/support/kit/quick-browser.ts" };

export default defineConfig({
  test: {
    // An end-to-end test keeps two thirds of a processor busy: three at once fill two.
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: "alone", include: ALONE, exclude, ...every, ...quick } },
      {
        test: {
          name: "browser",
          include: ["test/{browser,crash}/**/*.test.ts"],
          exclude: [...exclude, ...ALONE],
          ...shared,
          ...quick,
        },
      },
      {
        test: {
          name: "integration",
          include: ["test/{integration,practice-portal}/**/*.test.ts"],
          exclude: [...exclude, ...ALONE],
          ...shared,
          ...quick,
        },
      },
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], exclude, ...shared } },
    ],
  },
});
