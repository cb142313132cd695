import { z } from "zod";
import { nextPeriod, type Period, periodOf, previousPeriod } from "../robot/invoicing/values/period.ts";
import { CHECKED_PAGES, type PageCheck, parseCheckedPage, type PeriodsToCheck } from "../selectors/pages.ts";
import {
  defineFlow,
  type FlowPorts,
  type FlowResult,
  parsedField,
  type SavedFile,
  Unfinished,
} from "../robot/engine/flow.ts";
import { PAGE_STATES, PICKS } from "./ports.ts";

const pageCheck = z.object({
  page: z.enum(CHECKED_PAGES),
  title: z.string(),
  problem: z.string().nullable(),
  parts: z
    .array(
      z
        .object({
          id: z.string(),
          name: z.string(),
          by: z.string().nullable(),
          elements: z.number(),
          local: z.boolean().default(false),
          milliseconds: z.number(),
        })
        .readonly(),
    )
    .readonly(),
});

const checkedPages = z.object({ pages: z.array(pageCheck.readonly()).readonly().default([]) });
type CheckedPages = z.input<typeof checkedPages>;

/**
 * 檢查頁面: opens every page of the portal that the flows need, and says part by part how it was found and what is otherwise than last time.
 *
 * By hand: sign in, open page after page, and look whether everything that one works with is still there.
 */
export const checkPages = defineFlow({
  name: "check-pages",
  title: { zh: "檢查頁面", en: "check the pages" },
  about: {
    zh: "看平台的每一頁是不是還認得，哪裡變了；什麼都不改。",
    en: "looks whether every page of the portal is still known; changes nothing",
  },
  version: 1,
  input: z.strictObject({
    page: parsedField(
      { label: { zh: "只看這一頁", en: "this page only" }, onlyAtTerminal: true },
      parseCheckedPage,
    ).optional(),
  }),
  does: [
    "登入，逐頁打開流程要用的頁面",
    "每個欄位、按鈕怎麼認到的、有幾個、花多久，和上次不同的列出來",
    "只看、只查詢，不按任何會改變平台的按鈕",
  ],
  final: null,
  checksPages: true,
  facts: checkedPages,
  tell: ({ pages }) => pages.flatMap(linesOf),
  async run(ports): Promise<FlowResult<CheckedPages>> {
    const { company, step, visit, record, files, input, own } = ports;
    const running = await step("running-period", "看現在是哪一期", () => Promise.resolve(periodOf(new Date())));
    const periods = { ended: previousPeriod(running), running, next: nextPeriod(running) };
    const before = await step("last-check", "找上一次的檢查", async () => lastCheck(ports, periods));
    const pages: PageCheck[] = [];
    for (const page of input.page === undefined ? CHECKED_PAGES : [input.page]) {
      pages.push(
        await step(`check-${page}`, `檢查 ${page}`, () =>
          visit(async (portal) => {
            const { checked, notKnown, picks } = await portal.check(page, periods);
            if (notKnown !== null) await own(PICKS).notKnown(notKnown);
            await record(`${checked.title}：${checked.problem ?? "認得"}`, { data: checked.parts, picture: true });
            for (const line of await own(PICKS).settle(picks)) await record(line);
            const known = [company.name, company.ubn, ...company.notified.addresses];
            const kept = new TextEncoder().encode(await portal.harvest(checked, known));
            await files.save(`頁面-${page}.json`, kept, { origin: "頁面的結構，沒有資料", direction: "out" });
            return checked;
          }),
        ),
      );
    }
    const file = await step("keep-check", "存下這次的檢查", async () => {
      const bytes = new TextEncoder().encode(JSON.stringify({ pages }, null, 2));
      const saved = await files.save("頁面檢查.json", bytes, { origin: "檢查平台的頁面", direction: "out" });
      // A look at one page is nothing that the next whole one is held against.
      if (input.page === undefined) await files.know(saved, { kind: "page-check", period: running, category: "all" });
      await own(PAGE_STATES).note(pages);
      return saved;
    });
    const unknown = pages.filter(({ problem }) => problem !== null);
    const result = { outcome: "done" as const, pages, files: [file], notes: notesOf(pages, before) };
    if (unknown.length === 0) return result;
    throw new Unfinished(
      "page-changed",
      {
        wanted: `平台的 ${pages.length} 頁都認得`,
        seen: `${unknown.length} 頁不認得：${unknown.map(({ title, problem }) => `${title}（${problem ?? ""}）`).join("；")}`,
      },
      result,
    );
  },
});

/** The check before this one, of this period or the one before; null where there is none. */
async function lastCheck(
  { files }: FlowPorts<unknown>,
  { running, ended }: PeriodsToCheck,
): Promise<PageCheck[] | null> {
  const found = async (period: Period): Promise<SavedFile | null> =>
    files.find({ kind: "page-check", period, category: "all" });
  const file = (await found(running)) ?? (await found(ended));
  if (file === null) return null;
  const read = checkedPages.safeParse(JSON.parse(new TextDecoder().decode(await files.read(file))));
  return read.success ? [...read.data.pages] : null;
}

function notesOf(pages: readonly PageCheck[], before: readonly PageCheck[] | null): string[] {
  const known = pages.filter(({ problem }) => problem === null).length;
  const head = `${pages.length} 頁裡認得 ${known} 頁，什麼都沒有改`;
  if (before === null) return [head, "這是第一次檢查，沒有上一次可以比"];
  const changed = pages.flatMap((now) => changesOf(now, before.find(({ title }) => title === now.title) ?? null));
  return [head, ...(changed.length === 0 ? ["和上一次相同"] : changed.map((one) => `和上一次不同：${one}`))];
}

/** What is otherwise than last time. How quickly something was found is told, and is no difference. */
function changesOf({ title, problem, parts }: PageCheck, before: PageCheck | null): string[] {
  if (before === null) return [`${title} 上次沒有檢查`];
  const page =
    (problem === null) === (before.problem === null)
      ? []
      : [`${title} 上次${before.problem === null ? "認得" : "不認得"}`];
  const inWords = (part: PageCheck["parts"][number] | undefined): string =>
    part === undefined || part.by === null ? "沒有" : `${part.by}，${part.elements} 個`;
  const ids = [...new Set([...before.parts, ...parts].map(({ id }) => id))];
  return [
    ...page,
    ...ids.flatMap((id) => {
      const [was, is] = [before.parts, parts].map((list) => list.find((one) => one.id === id));
      const [then, now] = [inWords(was), inWords(is)];
      return then === now
        ? []
        : [`${title} 的「${is?.name ?? was?.name ?? id}」（${id}）上次是 ${then}，這次是 ${now}`];
    }),
  ];
}

/** A table for people: each page, and below it each part. */
function linesOf({ title, problem, parts }: PageCheck): string[] {
  return [
    `${problem === null ? "✓" : "✗"} ${title}${problem === null ? "" : `　${problem}`}`,
    ...parts.map(
      ({ id, name, by, elements, milliseconds }) =>
        `    ${by === null ? "–" : "✓"} ${name}　${by ?? "這一頁沒有"}　${elements} 個　${milliseconds} ms　${id}`,
    ),
  ];
}
