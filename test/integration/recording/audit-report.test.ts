import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import type { RunRow } from "../../../robot/engine/runs/runs.ts";
import { openStore } from "../../../robot/store/store.ts";
import { closeDays } from "../../../robot/recording/verification/heads.ts";
import { installSystemPackages } from "../../../robot/setup/system-packages.mjs";
import { storeConfigOf } from "../../../robot/app/store-config.ts";
import { perform, take } from "../../support/kit/installation/in-process.ts";
import { type Installation, install } from "../../support/kit/installation/installation.ts";
import { NEXT, THIS } from "../../support/kit/installation/portal.ts";
import { folderOf } from "../../support/kit/record/record.ts";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { eventsOf } from "../../support/recording/recording-support.ts";
import { resultOf } from "../../support/kit/record/result.ts";

const PDF_TO_TEXT = "pdftotext";
const canRead = (): boolean => spawnSync(PDF_TO_TEXT, ["-v"]).status === 0;
if (!canRead()) installSystemPackages(["poppler-utils"]);

let office: Installation;
let done: RunRow;
let refused: RunRow;
beforeAll(async () => {
  office = await install({ companies: [{}, { stored: "Kit-wrong-3" }, {}] });
  done = await perform(office, take(NEXT, 2));
  refused = await perform(office, { ...take(NEXT), ubn: office.ubns[1] ?? "" });
  const store = await openStore(await storeConfigOf(office.config));
  // As it will be when the day is over.
  await closeDays(store, new Date(Date.now() + 2 * 86_400_000));
  await store.destroy();
});
afterAll(() => office.close());

const dataSchema = z.object({
  files: z.array(z.object({ name: z.string(), path: z.string(), ubn: z.string(), sha256: z.string(), runs: z.int() })),
});

async function report(...words: string[]) {
  const ended = await robot(office, ["report", "--json", "--out", "reports", ...words]);
  const envelope = envelopeOf(ended);
  return { code: ended.code, failure: envelope.failure, files: dataSchema.safeParse(envelope.data).data?.files ?? [] };
}

/** The words on the printed pages, without the breaks that lines and columns make. */
function textOf(path: string): string {
  const { stdout } = spawnSync(PDF_TO_TEXT, ["-raw", path, "-"], { encoding: "utf8" });
  return stdout.replaceAll(/\s+/g, "");
}

describe("the report of a period", () => {
  test("is one PDF for each company that had runs, named with its hash", async () => {
    const { code, files } = await report("--period", NEXT);
    expect(code).toBe(0);
    expect(files.map(({ ubn, name, runs }) => [ubn, name, runs])).toEqual(
      office.ubns.slice(0, 2).map((ubn) => [ubn, `${ubn}-${NEXT}.pdf`, 1]),
    );
    for (const { path } of files) expect((await readFile(path)).subarray(0, 5).toString()).toBe("%PDF-");
  });

  test.skipIf(!canRead())(
    "says in Chinese what was sent, what the portal said, what came of it, and the hashes",
    async () => {
      const { files } = await report("--period", NEXT, "--company", office.ubn);
      const text = textOf(files[0]?.path ?? "");
      const head = eventsOf(folderOf(done)).at(-1);
      const [file] = done.result?.files ?? [];
      const [track] = resultOf(done)?.tracks ?? [];
      for (const words of [
        office.ubn,
        "116年01-02月",
        "1次執行的紀錄都沒有被更動",
        "取號",
        "取用本數2",
        "平台證實已成功",
        "提交取號成功",
        track?.begin,
        file?.sha256,
        head?.hash,
        `第${head?.seq}個事件`,
      ])
        expect(text).toContain(words);
      expect(text).toMatch(/文件的SHA-256.*[0-9a-f]{64}/);
    },
  );

  test.skipIf(!canRead())("tells a run that failed as such", async () => {
    const { files } = await report("--period", NEXT, "--company", refused.ubn);
    const text = textOf(files[0]?.path ?? "");
    expect(text).toContain("需要人處理");
    expect(text).toContain(refused.id.replaceAll(/\s/g, ""));
    expect(text).not.toContain("平台證實已成功");
  });

  test("refuses a period without runs, and one that is none, and says so", async () => {
    const none = await report("--period", THIS);
    expect([none.code, none.failure?.code]).toEqual([2, "wrong-use"]);
    expect(none.failure?.message).toContain(THIS);
    expect((await report("--period", "11513")).code).toBe(2);
    expect((await report("--period", NEXT, "--company", office.ubns[2] ?? "")).code).toBe(2);
  });

  test.skipIf(!canRead())("says that a record is gone", async () => {
    rmSync(folderOf(refused), { recursive: true });
    const { code, files } = await report("--period", NEXT, "--company", refused.ubn);
    expect(code).toBe(0);
    expect(textOf(join(files[0]?.path ?? ""))).toContain("有1次執行的紀錄被更動過或不見了");
  });
});
