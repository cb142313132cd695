import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import MailComposer from "nodemailer/lib/mail-composer/index.js";
import { describe, expect, onTestFinished, test } from "vitest";
import { verify } from "../../../robot/cli/commands/recordings/verify.ts";
import { Output } from "../../../robot/cli/terminal/output.ts";
import { headsMail } from "../../../robot/mail/out/digest.ts";
import { maintain } from "../../../robot/recording/maintenance/maintenance.ts";
import { changeHold } from "../../../robot/recording/format/retention.ts";
import { readGiven } from "../../../robot/recording/verification/given.ts";
import { headsDays, keepHead, closeDays } from "../../../robot/recording/verification/heads.ts";
import { archive, type Archive, found } from "../../support/recording/forger/archive.ts";
import { rewrite } from "../../support/recording/forger/forger.ts";
import { eventsOf, temporaryRoot } from "../../support/recording/recording-support.ts";

/** The mail with the day's heads as it was sent, and what people and mail programs make of it. */

interface Mailed {
  readonly at: Archive;
  readonly folder: string;
  /** The mail's source. */
  readonly eml: Buffer;
  readonly text: string;
}

async function mailed(): Promise<Mailed> {
  const folder = temporaryRoot();
  const at = await archive(folder);
  onTestFinished(() => at.store.destroy());
  const { subject, text, attachments } = headsMail((await headsDays(at.store, 9)).toReversed());
  const mail = new MailComposer({
    from: "robot@example.tw",
    to: "audit@example.tw",
    date: new Date("2026-12-01T01:00:00+08:00"),
    subject,
    text,
    attachments: attachments.map(({ name, type, bytes }) => ({ filename: name, contentType: type, content: bytes })),
  });
  return { at, folder, eml: await mail.compile().build(), text };
}

const zh = () => new Output({ json: true, language: "zh" });

function check({ at, folder }: Mailed, name: string, bytes: Buffer | string) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return verify(undefined, { all: true, config: at.config, heads: path }, zh());
}

describe("the mailed heads are taken as they come", () => {
  test("the mail itself: the verdict names the day on which it was sent", async () => {
    const mail = await mailed();
    const { exit, lines, data } = await check(mail, "mail.eml", mail.eml);
    expect(exit).toBe(0);
    expect(lines.join("\n").match(/和 12\/1 寄出的鏈尾核對過/g)).toHaveLength(5);
    expect(lines.join("\n")).toContain("5 次執行裡，5 次和寄出或另外保存的鏈尾核對過");
    expect(data).toMatchObject({ heads: [{ sentOn: "2026-12-01" }], headsNotUnderstood: [] });
  });

  test.each<[string, string, (mail: Mailed) => Buffer | string]>([
    ["its attachment", "heads.json", ({ at }) => readFileSync(join(at.mailed, readdirSync(at.mailed)[0] ?? ""))],
    [
      "the attachment with a line feed at its end",
      "heads.json",
      ({ at }) => `${readFileSync(join(at.mailed, readdirSync(at.mailed)[0] ?? ""), "utf8")}\r\n`,
    ],
    ["its text", "mail.txt", ({ text }) => text],
    ["its text, quoted and broken by a mail program", "mail.txt", ({ text }) => text.replaceAll(/[ 　]/g, "\r\n> ")],
    ["its text, with a mark of the byte order", "mail.txt", ({ text }) => `\uFEFF${text.replaceAll("\n", "\r\n")}`],
    [
      "the mail without its attachments",
      "mail.eml",
      ({ eml }) =>
        eml
          .toString("latin1")
          .replaceAll(/heads-[\d-]+\.json/g, "x")
          .replaceAll("application/json", "application/x"),
    ],
  ])("%s", async (_what, name, bytes) => {
    const mail = await mailed();
    expect((await check(mail, name, bytes(mail))).exit).toBe(0);
    rewrite(mail.at.folders.get("bakery-1") ?? "", (events) => events.map((event) => ({ ...event })).slice(0, -1));
    const forged = await check(mail, name, bytes(mail));
    expect([forged.exit, forged.failure?.code]).toEqual([1, "record-altered"]);
  });

  test("a text in which one figure was changed is none", async () => {
    const mail = await mailed();
    const changed = mail.text.replace(/第 (\d+) 個事件/, (_, n: string) => `第 ${Number(n) + 1} 個事件`);
    await expect(check(mail, "mail.txt", changed)).rejects.toMatchObject({ code: "wrong-use" });
  });

  test("a time stamp that lies beside its document goes with it, and one of another name with none", async () => {
    const { at } = await mailed();
    const [document = ""] = readdirSync(at.mailed).filter((name) => name.endsWith(".json"));
    const own = Buffer.from("the answer of a time-stamping service");
    writeFileSync(join(at.mailed, document.replace(/json$/, "tsr")), own);
    writeFileSync(join(at.mailed, "other.tsr"), "of something else");
    const { documents, notUnderstood } = await readGiven(at.mailed);
    expect(documents.map(({ file, stamp }) => [file, stamp])).toEqual(
      documents.map(({ file }) => [file, file === join(at.mailed, document) ? own : null]),
    );
    expect(notUnderstood).toEqual([]);
  });

  test("what else lies in the folder is named, and no link in it is followed", async () => {
    const mail = await mailed();
    writeFileSync(join(mail.at.mailed, "notes.txt"), "買牛奶");
    const answer = await verify(undefined, { all: true, config: mail.at.config, heads: mail.at.mailed }, zh());
    expect(answer.exit).toBe(0);
    expect(answer.data).toMatchObject({ headsNotUnderstood: [{ file: join(mail.at.mailed, "notes.txt") }] });
    expect(answer.lines.join("\n")).toContain("notes.txt");
  });
});

describe("what a verdict claims", () => {
  test("a hold that the program itself took off, and the database does not know of, is found before the day is over", async () => {
    const at = await archive(temporaryRoot(), false);
    onTestFinished(() => at.store.destroy());
    const folder = at.folders.get("held") ?? "";
    const place = { root: at.root, folder, runId: "held", first: eventsOf(folder)[0]?.hash ?? "" };
    expect(await found(at, "database")).toBe("nothing");
    await changeHold(place, { held: false, by: "forger", why: "no longer wanted" });
    expect(await found(at, "database")).toBe("unlisted hold or deletion");
  });

  test("says that there is nothing to hold a folder against, and what the database alone can't show", async () => {
    const { at } = await mailed();
    const alone = await verify(undefined, { all: true, config: at.foldersOnly }, zh());
    expect(alone.lines.join("\n").match(/沒有可核對的鏈尾/g)).toHaveLength(5);
    const withStore = await verify(undefined, { all: true, config: at.config }, zh());
    expect(withStore.lines.join("\n")).not.toMatch(/和 [^，]*寄出的鏈尾核對過/);
    expect(withStore.data).toMatchObject({ runs: Array.from({ length: 5 }, () => ({ held: { by: "document" } })) });
  });

  test("heads of other days say nothing about a run, and that is no success", async () => {
    const { at, folder } = await mailed();
    await at.store.deleteFrom("head_days").execute();
    await at.store.deleteFrom("chain_heads").execute();
    await keepHead(at.store, "somebody", { seq: 3, hash: "0".repeat(64) }, new Date("2026-01-02T04:00:00Z"));
    const [other] = await closeDays(at.store, new Date("2026-01-04T04:00:00Z"));
    mkdirSync(join(folder, "other"));
    writeFileSync(join(folder, "other/heads.json"), other?.document ?? "");
    const heads = join(folder, "other");
    await expect(verify("bakery-1", { all: false, config: at.config, heads }, zh())).rejects.toMatchObject({
      code: "wrong-use",
    });
  });
});

test("a deletion is announced, and done when the day's document tells of it, so that the mailed heads attest it", async () => {
  const { at } = await mailed();
  const days = (n: number): Date => new Date(Date.now() + n * 86_400_000);
  const retention = { picturesAfter: 30 * 86_400_000, tracesAfter: null, personalAfter: null, maxBytes: null };
  const settings = { folder: at.root, timeStamp: null, retention };
  const pictures = (): string[] =>
    [...at.folders.values()].flatMap((folder) => {
      const path = join(folder, "pictures");
      return existsSync(path) ? readdirSync(path) : [];
    });
  const first = await maintain(at.store, settings, days(31));
  expect(first.pruned).toMatchObject({ pruned: [], announced: [{ files: 2 }, { files: 2 }, { files: 2 }] });
  expect(pictures()).toHaveLength(10);
  const second = await maintain(at.store, settings, days(32));
  expect(second.pruned).toMatchObject({ announced: [] });
  expect(second.pruned?.pruned).toHaveLength(3);
  // The run that waits, and the one that is held.
  expect(pictures()).toHaveLength(4);
  for (const { day, document } of await headsDays(at.store, 9)) writeFileSync(join(at.mailed, `${day}.json`), document);
  const answer = await verify(undefined, { all: true, config: at.config, heads: at.mailed }, zh());
  expect([answer.exit, answer.failure]).toEqual([0, null]);
});
