import { z } from "zod";
import { taipeiDay } from "../robot/invoicing/values/day.ts";
import { winnersToldWithin, winningListFrom } from "../robot/invoicing/deadlines/deadlines.ts";
import { formatPeriod, type Period } from "../robot/invoicing/values/period.ts";
import { isSealed, isWebPage, readWinningFileName } from "../robot/invoicing/winners/winning-file.ts";
import type { PrizeTotal } from "../robot/invoicing/winners/winning-summary.ts";
import type { DownloadedFile } from "../selectors/pages.ts";
import {
  defineFlow,
  Failure,
  type FlowPorts,
  type FlowResult,
  periodField,
  type SavedFile,
} from "../robot/engine/flow.ts";
import { SEALED_LISTS } from "./ports.ts";
import { FETCH_WINNERS } from "../robot/invoicing/deadlines/obligations.ts";
import { summarize } from "./shared/blank-numbers.ts";
import { readWinningList, type ReadList, tablesOf } from "./shared/winning-tables.ts";

type Input = { readonly period: Period };

/** The portal's files of winners that were read, and what is in each; amounts are TWD. */
const winningFacts = z.object({
  winning: z
    .array(z.object({ list: z.string(), winners: z.number(), prizeSum: z.number() }).readonly())
    .readonly()
    .default([]),
});

/**
 * 取得中獎清冊: downloads the period's lists of winners (A, Y and Z), opens them with the ministry's tool, and makes a table of each. Only
 * reads; what was fetched before and is the same at the portal is not made again.
 *
 * By hand: from the 28th, 中獎清冊下載, choose the period, download each file, open it with the ministry's program, copy it into Excel.
 */
export const fetchWinningList = defineFlow({
  name: "fetch-winning-list",
  title: { zh: "取得中獎清冊", en: "fetch the list of winners" },
  about: {
    zh: "下載一期的中獎清冊，解密、核對總計，轉成 CSV 與 Excel。期別結束後單月 28 日起才有。",
    en: "fetches the lists of winners, opens and checks them, and makes tables of them",
  },
  version: 2,
  input: z.strictObject({ period: periodField({ choose: "won" }) }),
  does: [
    "下載平台列出的每一個清冊（會員載具、無載具、已匯款）",
    "用財政部的解密程式打開；沒有設定程式就請您解密",
    "逐位元組讀、核對總計，轉成 CSV 與 Excel，一行都不漏",
  ],
  needs: ["winning-lists"],
  final: null,
  duty: FETCH_WINNERS,
  facts: winningFacts,
  async run(ports): Promise<FlowResult<z.input<typeof winningFacts>>> {
    const { period } = ports.input;
    const name = `${formatPeriod(period, "zh")}中獎清冊`;
    const lists = await downloadedLists(ports);
    if (lists.length === 0) {
      return { outcome: "done", notes: [`${name}：平台沒有列出檔案，沒有人中獎，或還沒有產生`] };
    }
    const known = await asBefore(ports, lists);
    if (known !== null) {
      return { outcome: "already-done", files: known, notes: [`${name}：和先前取得的相同，共 ${lists.length} 個檔案`] };
    }
    const read = await readLists(ports, lists);
    const total = (of: (one: ReadList) => number): number => read.reduce((sum, one) => sum + of(one), 0);
    const winners = total((one) => one.winners);
    const left = lists.filter(({ name }) => !read.some(({ list }) => list.name === name));
    return {
      outcome: "done",
      winning: read.map((one) => ({ list: one.list.name, winners: one.winners, prizeSum: one.prizeSum })),
      files: [...lists, ...read.flatMap(({ tables }) => tables)],
      notes: [
        ...(read.length === 0
          ? []
          : [`${name}：${winners} 張，獎金共 ${total((one) => one.prizeSum).toLocaleString("en")} 元`]),
        ...prizesInWords(read.flatMap(({ prizes }) => prizes)),
        ...read.flatMap(({ shown }) => shown).slice(0, MAX_LISTED),
        ...read.flatMap(({ remarks }) => remarks).slice(0, MAX_LISTED),
        ...(winners === 0 ? [] : [`最晚 ${winnersToldWithin(period).by} 前通知中獎人`]),
        ...left.map((one) => `${one.name}：沒有解密，原檔已保留；解密後可用 files winners 轉成表格`),
      ],
    };
  },
});

const MAX_LISTED = 20;

/** All files that the portal lists, kept as they came before they are judged. */
async function downloadedLists(ports: FlowPorts<Input>): Promise<SavedFile[]> {
  const { input, step, visit, files, record, timing } = ports;
  const { period } = input;
  await step("is-winning-list-out", "看中獎清冊出來了沒有", () => Promise.resolve(assertOut(period, new Date())));
  return step(
    "download-winners",
    "下載中獎清冊",
    async () => {
      const found = await visit(async (portal) => (await portal.winningLists()).download(period));
      await record(`平台列出 ${found.length} 個中獎清冊`, { data: found.map(({ name }) => name), picture: true });
      const saved: SavedFile[] = [];
      for (const { name, bytes } of found)
        saved.push(await files.save(name, bytes, { origin: `平台：中獎清冊下載，${period} 期`, personal: true }));
      assertAsked(ports, found);
      return saved;
    },
    timing.retry,
  );
}

function assertOut(period: Period, now: Date): null {
  const [today, from] = [taipeiDay(now), winningListFrom(period)];
  if (today >= from) return null;
  throw new Failure("winning-list-early", {
    wanted: `${formatPeriod(period, "zh")}的中獎清冊（${from} 起）`,
    seen: `今天是 ${today}`,
  });
}

/** Files with the ministry's names say whose and of which period they are; what is inside says so too, once it is open. */
function assertAsked({ company, input }: FlowPorts<Input>, found: readonly DownloadedFile[]): void {
  const wrong = found.flatMap(({ name, bytes }, index) => {
    const about = readWinningFileName(name);
    if (isWebPage(bytes)) return [`${name} 是網頁，不是清冊`];
    if (about && about.period !== input.period) return [`${name} 是 ${about.period} 期的`];
    if (about && ![company.ubn, ...company.branches].some((ubn) => ubn === about.ubn))
      return [`${name} 不是這家公司的`];
    return found.findIndex((one) => one.name === name) < index ? [`${name} 來了兩次`] : [];
  });
  if (wrong.length === 0) return;
  throw new Failure("winning-list-broken", {
    wanted: `${company.ubn} ${input.period} 期的中獎清冊`,
    seen: summarize(wrong),
  });
}

/** What an earlier run made of the very same files; null where there is anything new. */
function asBefore({ input, step, files }: FlowPorts<Input>, lists: readonly SavedFile[]): Promise<SavedFile[] | null> {
  return step("compare-with-kept", "和先前取得的比對", async () => {
    const all: SavedFile[] = [];
    for (const list of lists) {
      const about = { period: input.period, category: list.name };
      const kept = await files.find({ kind: "winning-list", ...about });
      const csv = await files.find({ kind: "winning-csv", ...about });
      const xlsx = await files.find({ kind: "winning-xlsx", ...about });
      if (kept?.sha256 !== list.sha256 || csv === null || xlsx === null) return null;
      all.push(list, csv, xlsx);
    }
    return all;
  });
}

/** Each list that can be opened, as tables; those that only a person could open, and that nobody has, are left out. */
async function readLists(ports: FlowPorts<Input>, lists: readonly SavedFile[]): Promise<ReadList[]> {
  const { input, company, step, files, own } = ports;
  const sealedLists = own(SEALED_LISTS);
  const sealed = await step("sealed-lists", "看哪些清冊要解密", async () => {
    const closed: string[] = [];
    for (const list of lists) if (isSealed(list.name, await files.read(list))) closed.push(list.name);
    return closed;
  });
  const byHand = sealedLists.hasTool ? [] : await openedByHand(ports, lists, sealed);
  const read: ReadList[] = [];
  const faults: string[] = [];
  for (const list of lists) {
    const isClosed = sealed.includes(list.name);
    if (isClosed && !sealedLists.hasTool && !byHand.includes(list.name)) continue;
    const one = await step(`read-${list.name}`, `讀出 ${list.name}`, async () => {
      const bytes = isClosed ? await opened(ports, list) : await files.read(list);
      const about = { ubns: [company.ubn, ...company.branches], period: input.period };
      const found = await readWinningList(list, bytes, about);
      const tables: SavedFile[] = [];
      for (const { name, content } of await tablesOf(list, found.kind, bytes))
        tables.push(
          await files.save(name, content, { origin: `由 ${list.name} 轉出`, direction: "out", personal: true }),
        );
      return { ...found, tables };
    });
    read.push(one);
    faults.push(...one.faults.map((fault) => `${list.name} ${fault}`));
  }
  if (faults.length > 0) {
    const made = read.flatMap(({ tables }) => tables).map(({ path }) => path);
    throw new Failure("winning-list-broken", {
      wanted: `${company.ubn} ${input.period} 期的中獎清冊`,
      seen: `${summarize(faults)}（每一行都在 ${made.join("、")}）`,
    });
  }
  await step("know-tables", "記下轉好的清冊", async () => {
    for (const { list, tables } of read) {
      const about = { period: input.period, category: list.name };
      const [csv, xlsx] = tables;
      if (csv) await files.know(csv, { kind: "winning-csv", ...about });
      if (xlsx) await files.know(xlsx, { kind: "winning-xlsx", ...about });
      await files.know(list, { kind: "winning-list", ...about });
    }
    return read.length;
  });
  return read;
}

async function opened({ own }: FlowPorts<Input>, list: SavedFile): Promise<Uint8Array> {
  const sealedLists = own(SEALED_LISTS);
  if (sealedLists.hasTool) return sealedLists.open(list);
  const bytes = await sealedLists.openedByHand(list);
  if (bytes !== null) return bytes;
  throw new Failure("decrypt-failed", { wanted: sealedLists.placeOf(list), seen: "檔案又不見了" });
}

/** Asks until each list has been opened by a person, or is to be kept as it is. Returns those that have been opened. */
async function openedByHand(
  { step, person, own }: FlowPorts<Input>,
  lists: readonly SavedFile[],
  sealed: readonly string[],
): Promise<string[]> {
  const closed = lists.filter(({ name }) => sealed.includes(name));
  const sealedLists = own(SEALED_LISTS);
  for (let round = 1; ; round++) {
    const there = await step(`opened-lists-${round}`, `看解密好的清冊 ${round}`, async () => {
      const names: string[] = [];
      for (const list of closed) if ((await sealedLists.openedByHand(list)) !== null) names.push(list.name);
      return names;
    });
    const missing = closed.filter(({ name }) => !there.includes(name));
    if (missing.length === 0) return there;
    const answer = await person(`open-lists-${round}`, `解密中獎清冊 ${round}`, {
      text: `中獎清冊是加密的，設定檔沒有解密程式（winningList.decrypt）。請用財政部的解密程式打開，存成：${missing
        .map((list) => `${list.path} → ${sealedLists.placeOf(list)}`)
        .join("；")}`,
      choices: { opened: "都解密好、放好了，接著做", keep: "不解密，沒有放的就保留原檔" },
    });
    if (answer === "keep") return there;
  }
}

function prizesInWords(prizes: readonly PrizeTotal[]): string[] {
  const byName = Map.groupBy(prizes, ({ name }) => name);
  const sum = (of: readonly number[]): number => of.reduce((total, one) => total + one, 0);
  return [...byName].map(
    ([name, own]) =>
      `${name}：${sum(own.map(({ count }) => count))} 張，${sum(own.map((one) => one.sum)).toLocaleString("en")} 元`,
  );
}
