import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { openQuestions, type QuestionRow } from "../../../robot/engine/people/questions.ts";
import { getRun, type RunRow } from "../../../robot/engine/runs/runs.ts";
import { openStore } from "../../../robot/store/store.ts";
import { attemptsOf } from "../../../robot/login/attempts.ts";
import type { CaptchaReader } from "../../../robot/login/captcha/reader.ts";
import { type App, createApp, type TestHooks } from "../../../robot/app/compose.ts";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { answerToPicture, captchaOracle } from "../../support/kit/installation/captcha-oracle.ts";
import { download, type Job, take } from "../../support/kit/installation/in-process.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import {
  ledgerOf,
  letTimePass,
  NEXT,
  openPortal,
  stopClock,
  takeBackFaults,
} from "../../support/kit/installation/portal.ts";
import { expectIntact, folderOf, recorded } from "../../support/kit/record/record.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const portal = await openPortal();
afterAll(() => portal.close());
afterEach(() => takeBackFaults(portal));

const hasTaken = { taken: [{ period: "next" as const, books: 2 }] };
/** Nothing that the robot sees can be read. */
const BLIND: CaptchaReader = {
  read: () => Promise.resolve({ text: "", confidence: 0, refused: true }),
  close: () => Promise.resolve(),
};

/** A worker at which nobody sits. */
interface Night {
  readonly store: App["store"];
  readonly robot: App["robot"];
  readonly submit: (job: Job) => Promise<string>;
  /** The question of a run, as soon as there is one of that kind. */
  readonly question: (run: string, free?: "captcha") => Promise<QuestionRow>;
  readonly state: (run: string, state: RunRow["state"]) => Promise<RunRow>;
}

async function night<T>(office: Installation, hooks: TestHooks, during: (night: Night) => Promise<T>): Promise<T> {
  const assembled = await createApp(office.config, { browser: keptBrowser(office.config.browser), ...hooks });
  const { store, robot } = assembled;
  try {
    await robot.work(2);
    return await during({
      store,
      robot,
      async submit({ flow, input, ubn = office.ubn }) {
        return (await robot.submit({ flow, company: { name: ubn, ubn }, input, startedBy: "test" })).run.id;
      },
      question: (run, free) =>
        waitUntil(`a question of ${run}`, async () =>
          (await openQuestions(store, run)).find((question) => question.free === (free ?? null)),
        ),
      state: (run, state) =>
        waitUntil(`the state ${state} of ${run}`, async () => {
          const row = await getRun(store, run);
          return row.state === state ? row : null;
        }),
    });
  } finally {
    await robot.stop();
    await assembled.close();
  }
}

const refusals = (ubn: string): (string | null)[] => ledgerOf(portal, "sign-in", ubn).map(({ reason }) => reason);
const shownSchema = z.looseObject({ picture: z.string(), question: z.looseObject({ id: z.string() }) });

/** Everything that a run left in its folder, as text. */
async function allOf(run: RunRow): Promise<string> {
  const files = await readdir(folderOf(run), { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile() && /\.(jsonl?|html)$/.test(file.name))
    .map((file) => readFile(join(file.parentPath, file.name), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

describe("a night with nobody there", () => {
  test.runIf(EVERY_TEST)(
    "ends with a question for the company that needs a person, and is done for the other; the morning's answer finishes it, and nothing is submitted twice",
    async () => {
      const look = { first: "2s", every: "2s" };
      const settings = { portal: { allocation: { mail: look, list: look, timeout: "5m" } } };
      const office = await installed({ portal, companies: [{}, { portal: hasTaken }], settings });
      const [needy = "", other = ""] = office.ubns;
      const hooks = { captcha: captchaOracle(portal.controlUrl) };
      const evening = await night(office, hooks, async ({ submit, question, state }) => {
        const easy = await submit({ ...download(NEXT), ubn: other });
        expect(await state(easy, "ended")).toMatchObject({ outcome: "done" });
        stopClock(portal);
        const run = await submit({ ...take(NEXT, 2), ubn: needy });
        await waitUntil("the submit", () => ledgerOf(portal, "take-submitted", needy)[0]);
        // From here on its captcha is always wrong, and the submit is behind it.
        portal.order({ name: "captcha-rejected", ban: needy, times: "always" });
        const asked = await question(run);
        expect(asked.choices).toHaveProperty("here");
        expect(await state(run, "needs-person")).toMatchObject({ outcome: null });
        return { run, asked };
      });
      const rejected = ["captcha", "captcha", "captcha"];
      expect(refusals(needy).filter((reason) => reason !== null)).toEqual(rejected);

      await takeBackFaults(portal);
      letTimePass(portal, 60);
      const typed = await night(office, { captcha: BLIND }, async ({ robot: worker, question, state }) => {
        await worker.answer(evening.asked.id, "here", "test");
        const { id } = await question(evening.run, "captcha");
        expect(await state(evening.run, "needs-person")).toMatchObject({ outcome: null });
        const shown = await robot(office, ["answer", id, "--json"]);
        const { picture } = shownSchema.parse(envelopeOf(shown).data);
        const digits = await answerToPicture(portal.controlUrl, await readFile(picture));
        const taken = await robot(office, ["answer", id, digits ?? "", "--json"]);
        expect([taken.code, taken.stdout.includes(digits ?? "?")]).toEqual([0, false]);
        const run = await state(evening.run, "ended");
        expect(run).toMatchObject({ outcome: "done", failure: null });
        await expectIntact(run);
        return { run, digits: digits ?? "?" };
      });
      expect(ledgerOf(portal, "take-submitted", needy)).toHaveLength(1);
      expect(refusals(needy).filter((reason) => reason !== null)).toEqual(rejected);
      // By itself: five digits are also found within hashes.
      const itself = new RegExp(`(?<![0-9a-f])${typed.digits}(?![0-9a-f])`);
      expect(await allOf(typed.run)).not.toMatch(itself);
      const store = await openStore(await storeConfigOf(office.config));
      const rows = await store.selectFrom("questions").selectAll().execute();
      await store.destroy();
      expect(rows.map(({ picture }) => picture)).toEqual([null, null]);
      expect(JSON.stringify(rows)).not.toMatch(itself);
    },
  );
});

describe("a picture that is asked of a person", () => {
  test("lives for so long as is set; nobody's answer leads back to the first question, and a no ends the run", async () => {
    const office = await installed({
      portal,
      companies: [{ portal: hasTaken }],
      settings: { captcha: { answerWithin: "1s", maxPictures: 2 } },
    });
    await night(office, { captcha: BLIND }, async ({ robot, submit, question, state }) => {
      const run = await submit(download(NEXT));
      const first = await question(run);
      await robot.answer(first.id, "here", "test");
      const live = await question(run, "captcha");
      const second = await question(run);
      expect(second.id).not.toBe(first.id);
      const late = robot.answer(live.id, "12345", "test", live.version);
      await expect(late).rejects.toMatchObject({ code: "question-expired" });
      await robot.answer(second.id, "stop", "test");
      expect(await state(run, "ended")).toMatchObject({
        outcome: "needs-person",
        failure: { code: "captcha-unreadable" },
      });
    });
    expect(refusals(office.ubn)).toEqual([]);
  });
});

describe("a reader that has been wrong too often", () => {
  test("submits nothing more by itself: a person is asked, who may let it try again", async () => {
    const office = await installed({ portal, companies: [{ portal: hasTaken }] });
    await night(
      office,
      { captcha: captchaOracle(portal.controlUrl) },
      async ({ robot: worker, store, submit, question, state }) => {
        for (let n = 0; n < 20; n++) {
          const attempts = attemptsOf(store, `somebody-${n}`, "earlier", { timeout: 60_000, answerers: [] });
          await (await attempts.begin("machine"))(n < 5 ? "captcha-rejected" : "signed-in");
        }
        const run = await submit(download(NEXT));
        const { id, context } = await question(run);
        expect(context).toMatchObject({ failure: { code: "captcha-rejected", seen: expect.stringContaining("八成") } });
        expect(refusals(office.ubn)).toEqual([]);
        await worker.answer(id, "again", "test");
        expect(await state(run, "ended")).toMatchObject({ outcome: "done" });
      },
    );
    expect(refusals(office.ubn)).toEqual([null]);
  });
});

describe("a password that has to be changed", () => {
  test("is asked for, and the old one is submitted no more until another one is stored", async () => {
    const office = await installed({ portal, companies: [{ portal: hasTaken }] });
    portal.order({ name: "forced-password-change", ban: office.ubn });
    await night(
      office,
      { captcha: captchaOracle(portal.controlUrl) },
      async ({ robot: worker, submit, question, state }) => {
        const run = await submit(download(NEXT));
        const first = await question(run);
        expect(first.context).toMatchObject({ failure: { code: "password-change-forced" } });
        await worker.answer(first.id, "changed", "test");
        const second = await question(run);
        expect(second.id).not.toBe(first.id);
        expect(refusals(office.ubn)).toEqual([null]);
        const set = await robot(office, ["credentials", "set", "--company", office.ubn, "--json"], "Kit-right-1\n");
        expectExit(set, 0);
        await worker.answer(second.id, "changed", "test");
        expect(await state(run, "ended")).toMatchObject({ outcome: "done" });
      },
    );
    expect(refusals(office.ubn)).toEqual([null, null]);
    expect(ledgerOf(portal, "password-changed", office.ubn)).toEqual([]);
  });
});

describe("an access challenge", () => {
  test("is left to a person in the browser's window; a process that is told to end meanwhile leaves it to the next one", async () => {
    const office = await installed({ portal, companies: [{ portal: hasTaken }] });
    const hooks = { captcha: captchaOracle(portal.controlUrl) };
    portal.order({ name: "challenge", times: "always" });
    const run = await night(office, hooks, async ({ robot, submit, question, state }) => {
      const id = await submit(download(NEXT));
      const asked = await question(id);
      expect(asked.context).toMatchObject({ failure: { code: "access-challenged" } });
      await robot.answer(asked.id, "here", "test");
      await waitUntil("the wait in the window", async () => {
        const row = await state(id, "running");
        return recorded(row, "sign-in.challenge").length > 0 ? row : null;
      });
      return id;
    });
    await takeBackFaults(portal);
    await night(office, hooks, async ({ state }) => {
      expect(await state(run, "ended")).toMatchObject({ outcome: "done" });
    });
    expect(refusals(office.ubn)).toEqual([null]);
  });
});
