import { writeFile } from "node:fs/promises";
import { afterAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { allocatedRuns, ENDED, listedRuns, putFile, type Run } from "../support/kit/jobs/blanks.ts";
import { type Installation, installed } from "../support/kit/installation/installation.ts";
import { ledgerOf, openPortal } from "../support/kit/installation/portal.ts";
import { type Ended, envelopeOf, robot, startRobot } from "../support/kit/installation/robot-process.ts";
import { expectExit } from "../support/kit/installation/expect-exit.ts";

/**
 * The command that uploads the numbers of a ledger with an odd place, killed at every line of progress: while it reads, before it asks,
 * between the question and the answer, and up to the proof. What the portal got is what was agreed to, or nothing.
 *
 * The 10th is over after a quarter of an hour here: what is killed at every line takes minutes on a slow machine.
 */
const clock = { msPerMinute: 100 };
const portals = { current: await openPortal({ clock }), classic: await openPortal({ clock, design: "classic" }) };
afterAll(async () => {
  await portals.current.close();
  await portals.classic.close();
});

/** More than there are lines of progress. */
const MOST_PROCESSES = 60;

/** The first ten numbers of each run, in the first week of the period: the ledger ends early. */
function ledger(ubn: string, runs: readonly Run[], count = 10): string {
  const rows = runs.flatMap(({ track, begin }) =>
    Array.from({ length: count }, (_, nth) => {
      const number = `${track}${String(Number(begin) + nth).padStart(8, "0")}`;
      return [number, `2026/09/0${1 + (nth % 7)}`, "開立", ubn].join(",");
    }),
  );
  return `${["發票號碼,發票日期,狀態,賣方統編", ...rows].join("\r\n")}\r\n`;
}

const asked = z.looseObject({
  questions: z.array(
    z.looseObject({
      id: z.string(),
      topic: z.string().nullable(),
      choices: z.record(z.string(), z.string()),
      context: z.json(),
    }),
  ),
});
type Asked = z.infer<typeof asked>["questions"][number];

function questionIn(ended: Ended): Asked {
  const [question] = asked.parse(envelopeOf(ended).data).questions;
  if (question === undefined) throw new Error(`Nothing was asked: ${ended.stdout}`);
  return question;
}

function digestOf({ context }: Asked): string {
  return /"digest":"(\w+)"/.exec(JSON.stringify(context))?.[1] ?? "";
}

/** SHA-256 of the very file that is agreed to. */
function fileOf({ context }: Asked): string {
  return /"file":"([0-9a-f]{64})"/.exec(JSON.stringify(context))?.[1] ?? "";
}

/** Runs the command; it is killed at the first line of progress that no process before came to. */
async function oneProcess(at: Installation, words: readonly string[], seen: Set<string>): Promise<Ended> {
  const process = startRobot(at, words);
  let isKilled = false;
  process.onProgress((line) => {
    if (isKilled || seen.has(line)) return;
    seen.add(line);
    isKilled = true;
    void process.kill();
  });
  return process.ended;
}

describe.for(["current", "classic"] as const)(
  "an upload that is killed at every line of its progress, %s design",
  (design) => {
    const portal = portals[design];

    test("sends nothing that was not agreed to, and what was agreed to once", { timeout: 3_600_000 }, async () => {
      const at = await installed({ portal, companies: [{ portal: { taken: [{ period: "previous", books: 1 }] } }] });
      const runs = await allocatedRuns(at);
      const { path } = await putFile(at, ledger(at.ubn, runs), "發票明細.csv");
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
      const sent = (): unknown[] => ledgerOf(portal, "blank-upload", at.ubn);
      const seen = new Set<string>();
      /** Digests of what was asked about, in order. */
      const digests: string[] = [];
      /** How much was sent, by whether a person had agreed by then. */
      const sentBefore: number[] = [];
      const sentLater: number[] = [];
      let file = "";
      let kills = 0;
      let ended: Ended | null = null;
      const note = (): void => void (digests.length === 0 ? sentBefore : sentLater).push(sent().length);
      for (let n = 0; n < MOST_PROCESSES && ended === null; n += 1) {
        const one = await oneProcess(at, words, seen);
        note();
        if (one.signal === "SIGKILL") kills += 1;
        else if (one.code !== 3) ended = one;
        else {
          const question = questionIn(one);
          if (question.topic === "approval") {
            await killedWhileAnswering(at, question);
            note();
            digests.push(digestOf(question));
            file = fileOf(question);
            await robot(at, ["answer", question.id, "agree", "--odd", "all", "--json"]);
          } else {
            const truth = sent().length > 0 ? "happened" : "not-happened";
            await robot(at, ["answer", question.id, truth, "--json"]);
          }
        }
      }
      expect(ended).toMatchObject({ code: 0 });
      expect(kills).toBeGreaterThan(5);
      expect(new Set(sentBefore)).toEqual(new Set([0]));
      expect(Math.max(...sentLater)).toBe(1);
      // Whatever is asked again is asked about the very same thing.
      expect(new Set(digests).size).toBe(1);
      expect(sent()).toMatchObject([{ sha256: file }]);
      expect(await listedRuns(at)).toEqual(
        runs.map((run) => ({ ...run, begin: String(Number(run.begin) + 10).padStart(8, "0") })),
      );
    });

    test("an agreement to one ledger is none to another that takes its place", { timeout: 900_000 }, async () => {
      const at = await installed({ portal, companies: [{ portal: { taken: [{ period: "previous", books: 1 }] } }] });
      const runs = await allocatedRuns(at);
      const { path } = await putFile(at, ledger(at.ubn, runs), "發票明細.csv");
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
      const first = questionIn(await robot(at, words));
      await writeFile(path, ledger(at.ubn, runs, 12));
      const second = questionIn(await robot(at, words));
      expect(digestOf(second)).not.toBe(digestOf(first));
      expectExit(await robot(at, ["answer", first.id, "agree", "--odd", "all", "--json"]), 0);
      // The first run is taken along, and goes on with what it has taken in and what was agreed to; nothing else is sent.
      await robot(at, words);
      const uploads = ledgerOf(portal, "blank-upload", at.ubn).map(({ sha256 }) => sha256);
      expect(uploads.filter((sha256) => sha256 !== fileOf(first))).toEqual([]);
    });
  },
);

/** The answer's own process dies while it begins: it is an answer or none, and presses nothing. */
async function killedWhileAnswering(at: Installation, { id }: Asked): Promise<void> {
  const answering = startRobot(at, ["answer", id, "agree", "--odd", "all", "--json"]);
  const timer = setTimeout(() => void answering.kill(), 250);
  await answering.ended;
  clearTimeout(timer);
}
