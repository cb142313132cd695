import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { Redactor } from "../../../robot/recording/redaction/redactor.ts";
import { scanFolder } from "../../../robot/recording/redaction/scan.ts";
import { putFile } from "../../support/kit/jobs/blanks.ts";
import { bind, bindings, newCard, newHolder } from "../../support/kit/jobs/carriers.ts";
import { perform } from "../../support/kit/installation/in-process.ts";
import { installed } from "../../support/kit/installation/installation.ts";
import { openPortal, takeBackFaults } from "../../support/kit/installation/portal.ts";
import { expectExplained, expectIntact } from "../../support/kit/record/record.ts";
import { envelopeOf, robot, startRobot } from "../../support/kit/installation/robot-process.ts";
import { runsOf } from "../../support/kit/installation/runs.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import type { Card } from "../../portal/model/carriers.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const portal = await openPortal({ member: { showsBarcode: true } });
afterAll(() => portal.close());

const holder = newHolder(portal);
const other = newHolder(portal);
const mistaken = newHolder(portal);
const silent = newHolder(portal);
const stopped = newHolder(portal, { stopped: true });
const codes = {
  [holder.phone]: holder.code,
  [other.phone]: other.code,
  [mistaken.phone]: "Holder-wrong-code",
  [stopped.phone]: stopped.code,
};

/** What is asked for, what the carrier is like, and the end that it has to come to: bound, or the failure's beginning. */
const KINDS: readonly {
  readonly about?: Partial<Card>;
  readonly by: { readonly phone: string; readonly barcode: string };
  readonly end: RegExp;
}[] = [
  { by: holder, end: /^已歸戶$/ },
  { by: other, about: { address: "BTC103I" }, end: /^已歸戶$/ },
  { by: holder, about: { bound: holder.barcode }, end: /^早已歸戶$/ },
  { by: holder, about: { bound: other.barcode }, end: /已經歸戶，但不是/ },
  { by: holder, about: { bound: other.barcode, isUntold: true }, end: /已經歸戶，但不是/ },
  { by: holder, about: { isDenied: true }, end: /查證這個載具時沒有通過/ },
  { by: mistaken, end: /手機或驗證碼錯誤/ },
  { by: silent, end: /找不到這個帳號的密碼/ },
  { by: stopped, about: { address: "BTC103I" }, end: /手機條碼已停用/ },
  { by: { phone: holder.phone, barcode: "/NOTHIS1" }, end: /讀回來的內容和要求的不同/ },
];
const CARRIERS = 50;
/** How often a person is asked at the most. */
const ROUNDS = 4;

const asked = z.looseObject({
  questions: z.array(z.looseObject({ id: z.string(), text: z.string(), choices: z.record(z.string(), z.string()) })),
});

/** About an act whose outcome is unknown, or about a holder whose 驗證碼 was refused. */
function questionsIn(data: unknown): z.infer<typeof asked>["questions"] {
  return asked.parse(data).questions;
}

describe("a list of carriers with every kind of refusal in it", () => {
  test("killed in the middle: each carrier ends bound once, or with its reason", { timeout: 30 * 60_000 }, async () => {
    const at = await installed({ portal, codes });
    const rows = Array.from({ length: CARRIERS - 2 }, (_, index) => {
      const kind = KINDS[index % KINDS.length] ?? { by: holder, end: /./ };
      return { ...newCard(at, kind.about), ...kind };
    });
    const dead = { link: `${portal.memberUrl}/card/none`, end: /不是會員載具資訊/ };
    const card = { ...newCard(at), end: /自然人憑證/ };
    const lines = [
      "連結,載具類別,手機號碼,手機條碼",
      ...rows.map(({ link, by }) => `${link},手機條碼,${by.phone},${by.barcode}`),
      `${dead.link},手機條碼,${holder.phone},${holder.barcode}`,
      `${card.link},自然人憑證,,`,
    ];
    const { path } = await putFile(at, lines.map((line) => `${line}\r\n`).join(""), "歸戶清單.csv");
    const words = ["run", "bind-carrier", "--company", at.ubn, "--file", path, "--json"];

    const isBound = (card: string): boolean => bindings(at).some((line) => line.startsWith(card));
    const killed = startRobot(at, words);
    await waitUntil("some bindings", () => (bindings(at).length >= 3 ? true : null));
    await killed.kill();
    let ended = envelopeOf(await startRobot(at, words).ended);
    // Killed before the portal's word had gone back to the member site, a person has to look: as the ledger says.
    for (let round = 0; round < ROUNDS && ended.failure?.code === "person-needed"; round++) {
      for (const { id, text, choices } of questionsIn(ended.data)) {
        const truth = rows.some(({ card, link }) => text.includes(`${new URL(link).pathname}」`) && isBound(card));
        await robot(at, ["answer", id, "keep" in choices ? "keep" : truth ? "happened" : "not-happened"]);
      }
      ended = envelopeOf(await startRobot(at, words).ended);
    }
    expect(ended).toMatchObject({ ok: false, failure: { code: "carriers-unfinished" } });

    const [run, ...more] = await runsOf(at);
    expect(more).toEqual([]);
    const result = /見 (.+?)）/.exec(run?.failure?.seen ?? "")?.[1] ?? "";
    const told = (await readFile(result, "utf8")).trim().split("\r\n").slice(1);
    expect(told).toHaveLength(CARRIERS);
    for (const [index, { link, end }] of [...rows, dead, card].entries()) {
      const [seen = "", outcome = "", , reason = ""] = told[index]?.split(",") ?? [];
      expect(seen).toBe(link);
      expect(reason === "" ? outcome : reason, `line ${index + 2}`).toMatch(end);
    }
    const wanted = rows.filter(({ end }) => end.test("已歸戶") && !end.test("早已歸戶"));
    expect(bindings(at).sort()).toEqual(wanted.map(({ card, by }) => `${card} ${by.barcode}`).sort());
  });
});

describe("會員載具歸戶, at both of the portal's addresses", () => {
  test.for(["membercardlogin", "BTC103I"] as const)(
    "an answer that is lost on the way is looked up at the member site, and nothing is pressed again (%s)",
    async (address) => {
      const at = await installed({ portal, codes });
      const { card, link } = newCard(at, { address });
      portal.order({ name: "cut-submit", at: "bind", when: "before" });
      const run = await perform(at, bind(link, holder), {}, () => "not-happened");
      await takeBackFaults(portal);
      expect(run).toMatchObject({ outcome: "done" });
      expect(bindings(at)).toEqual([`${card} ${holder.barcode}`]);
    },
  );

  test("a carrier that is bound to another barcode is a person's", async () => {
    const at = await installed({ portal, codes });
    const run = await perform(at, bind(newCard(at, { bound: other.barcode }).link, holder));
    expect(run).toMatchObject({ outcome: "needs-person" });
    await expectExplained(run, "carrier-bound-elsewhere");
    expect(bindings(at)).toEqual([]);
  });

  test("a certificate is prepared for the person who is there, and without one nothing is opened", async () => {
    const at = await installed({ portal, codes });
    const { link } = newCard(at);
    const job = { flow: "bind-carrier", input: { link, certificate: true } };
    const run = await perform(at, job);
    expect(run).toMatchObject({ failure: { code: "carrier-needs-card" } });
    expect(bindings(at)).toEqual([]);
  });
});

test.for(["membercardlogin", "BTC103I"] as const)(
  "a certificate is bound by its holder, who is there, and read back at the member site (%s)",
  async (address) => {
    const reading = await openPortal({ member: { cardReadMs: 500 } });
    onTestFinished(() => reading.close());
    const at = await installed({ portal: reading });
    const { card, link } = newCard(at, { address });
    const job = { flow: "bind-carrier", input: { link, certificate: true } };
    const run = await perform(at, job, { attended: true });
    expect(run).toMatchObject({ outcome: "done", failure: null });
    expect(resultOf(run)?.carriers).toMatchObject([{ card, barcode: null, status: "confirmed" }]);
    expect(bindings(at)).toEqual([`${card} certificate`]);
    await expectIntact(run);
    const again = await perform(at, job, { attended: true });
    expect(again).toMatchObject({ failure: { code: "carrier-bound-elsewhere" } });
    expect(bindings(at)).toHaveLength(1);
  },
);

test("a holder's 驗證碼 is nowhere in what the runs leave behind", async () => {
  const code = `K "ä" 'q' &amp; a+b ${holder.code}`;
  const odd = newHolder(portal, { code });
  const secret = await installed({ portal, codes: { [odd.phone]: code } });
  const known = new Redactor();
  known.enrol(code, "code");
  expect(await perform(secret, bind(newCard(secret).link, odd))).toMatchObject({ outcome: "done" });
  const { leaks, unreadable, files } = await scanFolder(secret.folder, known);
  expect({ leaks, unreadable }).toEqual({ leaks: [], unreadable: [] });
  expect(files).toBeGreaterThan(5);
});
