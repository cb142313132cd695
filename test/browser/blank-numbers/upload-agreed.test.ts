import { readFile } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createApp } from "../../../robot/app/compose.ts";
import { makeLink } from "../../../robot/console/access/sessions.ts";
import { openQuestions, type QuestionRow } from "../../../robot/engine/people/questions.ts";
import { getRun, listRuns } from "../../../robot/engine/runs/runs.ts";
import { allocatedRuns, ENDED, listedRuns, putFile, type Run } from "../../support/kit/jobs/blanks.ts";
import { consoleOf, Visitor } from "../../support/kit/console/console.ts";
import { type Installation, installed } from "../../support/kit/installation/installation.ts";
import { keptBrowser } from "../../support/kit/kept-browser.ts";
import { BEFORE_THE_TENTH, ledgerOf, openPortal } from "../../support/kit/installation/portal.ts";
import { type Envelope, envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { waitUntil } from "../../support/kit/wait-until.ts";
import { EVERY_TEST } from "../../support/every-test.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

/**
 * Numbers that are computed of a ledger with a word that nobody knows, and that ends weeks before the period does: the word is taught, the
 * numbers are shown, the odd place is agreed to, and only then they are sent; on either design, from the command line and the console.
 */
const portals = {
  current: await openPortal({ ...BEFORE_THE_TENTH, design: "current" }),
  classic: await openPortal({ ...BEFORE_THE_TENTH, design: "classic" }),
};
afterAll(() => Promise.all(Object.values(portals).map((portal) => portal.close())));

/** The first ten numbers of each run, in the first week of the period; one has a status of this shop's own. */
function ledger(ubn: string, runs: readonly Run[]): string {
  const rows = runs.flatMap(({ track, begin }) =>
    Array.from({ length: 10 }, (_, nth) => {
      const number = `${track}${String(Number(begin) + nth).padStart(8, "0")}`;
      return [number, `2026/09/0${1 + (nth % 7)}`, nth === 3 ? "已結案" : "開立", ubn].join(",");
    }),
  );
  return `${["發票號碼,發票日期,狀態,賣方統編", ...rows].join("\r\n")}\r\n`;
}

async function office(design: keyof typeof portals): Promise<{ at: Installation; blank: Run[]; path: string }> {
  const portal = portals[design];
  const at = await installed({ portal, companies: [{ portal: { taken: [{ period: "previous", books: 1 }] } }] });
  const runs = await allocatedRuns(at);
  const { path } = await putFile(at, ledger(at.ubn, runs), "發票明細.csv");
  return { at, path, blank: runs.map((run) => ({ ...run, begin: String(Number(run.begin) + 10).padStart(8, "0") })) };
}

const askedSchema = z.looseObject({
  questions: z.array(
    z.looseObject({
      id: z.string(),
      topic: z.string().nullable(),
      context: z.json(),
      form: z.looseObject({ fields: z.array(z.looseObject({ id: z.string() })) }),
    }),
  ),
});

function askedIn(envelope: Envelope): z.infer<typeof askedSchema>["questions"][number] {
  const [question] = askedSchema.parse(envelope.data).questions;
  if (question === undefined) throw new Error(`Nothing was asked: ${JSON.stringify(envelope)}`);
  return question;
}

describe.for(["current", "classic"] as const)("on the %s design", { timeout: 900_000 }, (design) => {
  test.runIf(EVERY_TEST)(
    "from the command line: taught, shown, agreed to with every odd place, sent; nothing before that",
    async () => {
      const { at, blank, path } = await office(design);
      const sent = (): unknown[] => ledgerOf(portals[design], "blank-upload", at.ubn);
      const words = [
        "run",
        "upload-blank-numbers",
        "--company",
        at.ubn,
        "--period",
        ENDED,
        "--invoices",
        path,
        "--json",
      ];
      const first = await robot(at, words);
      expectExit(first, 3);
      const about = askedIn(envelopeOf(first));
      expect(about).toMatchObject({ topic: "ledger-words", form: { fields: [{ id: "已結案" }] } });
      expectExit(await robot(at, ["answer", about.id, "teach", "--json"]), 2);
      const taught = await robot(at, ["answer", about.id, "teach", "--set", "已結案=issued", "--json"]);
      expectExit(taught, 0);

      const second = await robot(at, words);
      expectExit(second, 3);
      const agreement = askedIn(envelopeOf(second));
      expect(agreement.topic).toBe("approval");
      expect(JSON.stringify(agreement.context)).toMatch(/配號 \d+ 號，使用 10 號，空白 40 號/);
      expect(JSON.stringify(agreement.context)).toContain("已結案");
      expect(JSON.stringify(agreement.form)).toContain("明細最後一張發票是 2026-09-07");
      expectExit(await robot(at, ["answer", agreement.id, "agree", "--json"]), 2);
      expect(sent()).toEqual([]);
      expectExit(await robot(at, ["answer", agreement.id, "agree", "--odd", "all", "--json"]), 0);

      const ended = await robot(at, words);
      expect([ended.code, envelopeOf(ended).failure]).toEqual([0, null]);
      expect(envelopeOf(ended).data).toMatchObject({ outcome: "done", counts: { allocated: 50, used: 10, blank: 40 } });
      expect(await listedRuns(at)).toEqual(blank);
      expect(sent()).toHaveLength(1);
    },
  );

  test.runIf(EVERY_TEST || design === "classic")(
    "from the console: the same, by what stands on its pages",
    async () => {
      const { at, blank, path } = await office(design);
      const assembled = await createApp(at.config, { browser: keptBrowser(at.config.browser) });
      const console = await consoleOf(assembled, at.config, at.configFile);
      try {
        const visitor = new Visitor(console.url);
        await visitor.post(`/enter/${await makeLink(assembled.store, "王會計", "operate")}`, {});
        const fields = { flow: "upload-blank-numbers", company: at.ubn, period: ENDED };
        const review = await upload(visitor, console.url, "/start/review", fields, path);
        expect([review.status, review.text]).toEqual([
          200,
          expect.stringContaining("這個狀態算開立、作廢、還是沒有用？"),
        ]);
        expect((await upload(visitor, console.url, "/start", fields, path)).status).toBe(303);
        const [run] = await listRuns(assembled.store, 1);
        await assembled.robot.work(1);
        const asked = (topic: string): Promise<QuestionRow> =>
          waitUntil(topic, async () =>
            (await openQuestions(assembled.store, run?.id)).find((one) => one.topic === topic),
          );

        const words = await asked("ledger-words");
        expect((await visitor.get("/questions")).text).toContain("「已結案」");
        const taught = { answer: "teach", version: "1", "field-已結案": "issued" };
        expect((await visitor.post(`/questions/${words.id}/answer`, taught)).status).toBe(303);

        const agreement = await asked("approval");
        const { text } = await visitor.get("/questions");
        expect(text).toMatch(/使用 10 號，空白 40 號/);
        expect(text).toContain("明細最後一張發票是 2026-09-07");
        const [, picture = ""] = /<img src="(\/runs\/[^"]+\/picture\/[^"]+)"/.exec(text) ?? [];
        expect((await visitor.get(encodeURI(picture))).status).toBe(200);
        const path_ = `/questions/${agreement.id}/answer`;
        expect((await visitor.post(path_, { answer: "agree", version: "1" })).status).toBe(400);
        expect(ledgerOf(portals[design], "blank-upload", at.ubn)).toEqual([]);
        const ticks = (agreement.form?.fields ?? []).map(({ id }): [string, string] => [`field-${id}`, "yes"]);
        const agreed = { answer: "agree", version: "1", ...Object.fromEntries(ticks) };
        expect((await visitor.post(path_, agreed)).status).toBe(303);

        const ended = await waitUntil("the end", async () => {
          const now = await getRun(assembled.store, run?.id ?? "");
          return now.state === "ended" ? now : null;
        });
        expect([ended.outcome, ended.failure]).toEqual(["done", null]);
        expect(await listedRuns(at)).toEqual(blank);
        expect(await assembled.store.selectFrom("approvals").select("agreed_by").execute()).toEqual([
          { agreed_by: "王會計" },
        ]);
      } finally {
        await console.close();
        await assembled.robot.stop();
        await assembled.close();
      }
    },
  );
});

/** A form with the ledger, as the page itself sends it. */
async function upload(
  visitor: Visitor,
  url: string,
  to: string,
  fields: Readonly<Record<string, string>>,
  file: string,
): ReturnType<Visitor["send"]> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ csrf: await visitor.csrf(), ...fields })) form.set(name, value);
  form.set("invoices", new File([new Uint8Array(await readFile(file))], "發票明細.csv"));
  const body = new Response(form);
  const headers = { "content-type": body.headers.get("content-type") ?? "", origin: new URL(url).origin };
  return visitor.send("POST", to, headers, new Uint8Array(await body.arrayBuffer()));
}
