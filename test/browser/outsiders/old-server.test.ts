import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { loadConfig } from "../../../robot/config/load.ts";
import type { Config, ConfigInput } from "../../../robot/config/schema.ts";
import { sha256 } from "../../../robot/lib/hash.ts";
import { portalPasswordName } from "../../../robot/config/secret-names.ts";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { openSecretStore } from "../../../robot/secrets/store.ts";
import { createVault } from "../../../robot/secrets/vault.ts";
import { type Entry, OUTSIDER, type OutsiderOptions, type Saves } from "../../outsiders/business.ts";
import { type OldServer, startOldServer } from "../../outsiders/old-server.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { type Job, perform } from "../../support/kit/installation/in-process.ts";
import { quickBrowser } from "../../support/kit/quick-browser.ts";

// An old server that nobody had in mind: a frameset, a tree that is folded up, a header that is a row like the others, dialogs of the browser, and
// a page of its own that asks for the password.

vi.setConfig({ testTimeout: 600_000 });

interface Office {
  readonly old: OldServer;
  readonly at: { readonly config: Config; readonly ubn: string };
  readonly folder: string;
}

async function office(options: OutsiderOptions = {}): Promise<Office> {
  const old = await startOldServer(options);
  const folder = await mkdtemp(join(tmpdir(), "einvoice-outsider-"));
  onTestFinished(async () => {
    await old.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  await writeFile(
    join(folder, "reader.mjs"),
    `export const createReader = () => ({ close: async () => {}, read: async () => (
      { text: await (await fetch("${old.url}/captcha-answer")).text(), confidence: 1, refused: false }) });`,
  );
  const executable = quickBrowser();
  const settings: ConfigInput = {
    portal: {
      address: old.url,
      allocation: { source: "list", list: { first: "1s", every: "1s" }, giveUp: "1m" },
      imported: { every: "1s", justAfter: null, giveUp: "1m" },
      reconcile: { first: "300ms", every: "1s", giveUp: "10s" },
    },
    companies: [{ name: "外人", ubn: OUTSIDER.ubn, user: OUTSIDER.account }],
    blankNumbers: { correctWithoutAsking: true },
    secrets: { provider: "vault", file: "vault.age", identity: { file: "identity.txt" } },
    store: { file: "robot.sqlite" },
    captcha: { engine: "./reader.mjs" },
    browser: { headless: true, ...(executable === undefined ? {} : { executable }) },
  };
  const file = join(folder, "robot.config.json");
  await writeFile(file, JSON.stringify(settings));
  const config = await loadConfig(file);
  if (config.secrets.provider !== "vault") throw new Error("The test keeps its password in a vault.");
  await createVault(config.secrets.file, join(folder, "identity.txt"), new Redactor());
  const secrets = await openSecretStore(config.secrets, new Redactor());
  for (const company of config.companies) await secrets.set(portalPasswordName(config, company), OUTSIDER.password);
  return { old, folder, at: { config, ubn: OUTSIDER.ubn } };
}

/** What was changed at the portal. */
function acts({ business }: OldServer): Entry[] {
  return business.ledger.filter(({ type }) => ["take", "upload", "delete", "notice"].includes(type));
}

type Prepare = (office: Office) => Promise<{ readonly job: Job; readonly wanted: readonly Entry[] }>;

async function ofBlanks(
  { old, folder }: Office,
  listed: number,
): Promise<{ job: Job; lines: string[]; runs: string[] }> {
  const { ended } = old.business.periods;
  const { runs } = old.business.seedTake(ended, 4);
  const blanks = runs.map((run) => ({ ...run, begin: String(Number(run.end) - 9).padStart(8, "0") }));
  old.business.seedBlanks(ended, blanks.slice(0, listed));
  const kept = listed === 0 ? blanks : blanks.slice(1, listed);
  const lines = kept.map(({ track, begin, end }, at) =>
    [String(at + 1).padStart(5, "0"), OUTSIDER.ubn, ended, track, begin, end, "07"].join(","),
  );
  const path = join(folder, "blank.csv");
  const text = `${lines.join("\r\n")}\r\n`;
  await writeFile(path, text);
  const flow = listed === 0 ? "upload-blank-numbers" : "correct-blank-numbers";
  const [gone] = blanks;
  const deleted = gone === undefined ? [] : [`${gone.track}${gone.begin}-${gone.end}`];
  return { job: { flow, input: { period: ended, file: { path, sha256: sha256(text) } } }, lines, runs: deleted };
}

const JOBS: { readonly [act in Exclude<Saves, "notice">]: Prepare } = {
  take: ({ old }) => {
    const period = old.business.periods.next;
    return Promise.resolve({
      job: { flow: "take-tracks", input: { period, category: "07", books: 3 } },
      wanted: [{ type: "take", period, category: "07", books: 3 }],
    });
  },
  upload: async (at) => {
    const { job, lines } = await ofBlanks(at, 0);
    return { job, wanted: [{ type: "upload", period: at.old.business.periods.ended, lines }] };
  },
  delete: async (at) => {
    const { job, runs } = await ofBlanks(at, 2);
    return { job, wanted: [{ type: "delete", runs }] };
  },
};

describe("an old server with frames", () => {
  test("takes an upload, and gives tracks, as at any other portal", async () => {
    const at = await office();
    for (const prepare of [JOBS.take, JOBS.upload]) {
      const { job, wanted } = await prepare(at);
      const before = acts(at.old).length;
      expect(await perform(at.at, job)).toMatchObject({ outcome: "done", failure: null });
      expect(acts(at.old).slice(before)).toEqual(wanted);
    }
  });

  test.runIf(EVERY_TEST).for(["take", "upload", "delete"] as const)(
    "has the password typed once where a page asks for it: %s",
    async (act) => {
      const at = await office({ asksPassword: [act] });
      const { job, wanted } = await JOBS[act](at);
      expect(await perform(at.at, job)).toMatchObject({ outcome: "done", failure: null });
      expect(acts(at.old)).toEqual(wanted);
      expect(at.old.business.ledger.filter(({ type }) => type === "password")).toEqual([
        { type: "password", act, ok: true },
      ]);
    },
  );

  test.runIf(EVERY_TEST).for(["take", "upload", "delete"] as const)(
    "does nothing where that password is refused; the account is switched off: %s",
    async (act) => {
      const at = await office({ asksPassword: [act], refusesPassword: true });
      const { job } = await JOBS[act](at);
      expect(await perform(at.at, job)).toMatchObject({ failure: { code: "password-refused" } });
      expect(acts(at.old)).toEqual([]);
      expect(at.old.business.ledger.filter(({ type }) => type === "password")).toEqual([
        { type: "password", act, ok: false },
      ]);
      const signIns = at.old.business.ledger.filter(({ type }) => type === "sign-in").length;
      expect(await perform(at.at, job)).toMatchObject({ failure: { code: "account-disabled" } });
      expect(at.old.business.ledger.filter(({ type }) => type === "sign-in")).toHaveLength(signIns);
    },
  );
});
