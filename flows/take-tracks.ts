import { z } from "zod";
import { formatPeriod } from "../robot/invoicing/values/period.ts";
import { booksLeft } from "../robot/invoicing/tracks/quota.ts";
import { categoryName } from "../robot/invoicing/values/track.ts";
import type { AllocationRow, Fields, Portal, TakeRequest, TracksPage } from "../selectors/pages.ts";
import {
  booksField,
  categoryField,
  type CompanyFacts,
  defineFlow,
  differences,
  type EffectResult,
  type EffectSpec,
  Failure,
  type FlowPorts,
  type FlowResult,
  type Json,
  type Judgement,
  type NoticeMark,
  periodField,
  refusedAs,
} from "../robot/engine/flow.ts";
import { LONG_WAITS } from "./ports.ts";
import { trackFacts, trackLines } from "./shared/facts.ts";
import { TAKE_TRACKS } from "../robot/invoicing/deadlines/obligations.ts";
import { booksOf, downloadedTracks, listedRows, allocationRows, rowTaken } from "./shared/allocation.ts";
import { listing } from "./shared/notice-list.ts";

/** Tracks, and books of the period and category: the whole allowance, what was asked for of it with this run, and what is left. */
const takenTracks = z.object({
  tracks: trackFacts,
  quota: z.object({ available: z.number(), taken: z.number(), left: z.number() }).readonly().nullable().default(null),
});
type TakenTracks = z.input<typeof takenTracks>;

/**
 * 取號: takes the tracks of a period, waits until the portal has allocated them, downloads the file.
 *
 * By hand: sign in, see that the mailbox list has our address, look at what is there already, fill in period, category and
 * books, submit once, wait for the mail (15 minutes to a day), download.
 */
export const takeTracks = defineFlow({
  name: "take-tracks",
  title: { zh: "取號", en: "take tracks" },
  about: {
    zh: "向平台取一期的字軌號碼，等配號完成後下載。",
    en: "takes the number tracks of a period and downloads them",
  },
  version: 3,
  input: z.strictObject({
    period: periodField({ choose: "takeable" }),
    category: categoryField(),
    books: booksField(),
  }),
  does: [
    "確認通知信箱在平台的名單上",
    "看可取用本數與已取號的；已經取過就不再送",
    "填表、讀回逐欄比對，提交一次",
    "等配號（15 分鐘到 4 小時，申報月可能要 12–24 小時）",
    "下載字軌檔並檢查",
  ],
  needs: ["tracks-list", "take-form", "notice-list"],
  final: {
    zh: "提交取號不能撤回；取了多少本就是多少本。",
    en: "A submitted take can't be taken back; as many books are taken as were asked for.",
  },
  acts: ["list-notice-address", "submit-take"],
  duty: TAKE_TRACKS,
  settles: ["download"],
  facts: takenTracks,
  tell: trackLines,
  async run(ports): Promise<FlowResult<TakenTracks>> {
    const { input, company, step, effect, hold, mailbox } = ports;
    // Who is not on the list gets on it only where the rest can be done as well.
    const laterPages = (portal: Portal): Promise<unknown> => lookAtTracks(portal, input, company);
    if (company.noticeAddress !== null) await effect("登錄通知信箱", { ...listing(company.noticeAddress), laterPages });
    const mark = await step("mark-mailbox", "記下信箱裡已有的信", () => mailbox.mark());
    const act = taking(input, company);
    const taken = await effect("提交取號", act);
    const row = await allocated(ports, mark, async (seen) => {
      if (taken.status !== "confirmed" || seen === null) return;
      await hold("提交取號", act, {
        before: taken.before,
        after: { ...taken.before, rows: [...taken.before.rows, seen] },
      });
    });
    const { file, tracks } = await downloadedTracks(ports, row);
    return {
      outcome: taken.status === "already-done" ? "already-done" : "done",
      tracks,
      files: [file],
      ...quotaAfter(taken, input),
      notes: [
        `${formatPeriod(input.period, "zh")} ${categoryName(input.category)}：${taken.proof}`,
        ...quotaNotes(quotaAfter(taken, input)),
      ],
    };
  },
});

type TrackState = {
  /** The rows of the period and category on the portal's list. */
  readonly rows: readonly AllocationRow[];
  readonly offered: readonly string[];
  readonly available: number | null;
  readonly taken: number | null;
  readonly notified: readonly string[];
};

/** What is left of the period after what was taken now; nothing where the page did not say what there was. */
function quotaAfter({ status, before }: EffectResult<TrackState>, { books }: TakeRequest): Pick<TakenTracks, "quota"> {
  if (before.available === null) return {};
  const taken = (before.taken ?? 0) + (status === "confirmed" ? books : 0);
  return { quota: { available: before.available, taken, left: booksLeft(before.available, taken) } };
}

function quotaNotes({ quota }: Pick<TakenTracks, "quota">): string[] {
  if (!quota) return [];
  const { available, taken, left } = quota;
  const line = `還可以取 ${left} 本（可取用本數 ${available}，已取用 ${taken}，含這次）`;
  return [left === 0 ? `這一期的本數已經取完；${line}` : line];
}

/** 提交取號 for one period and category. */
function taking(request: TakeRequest, company: CompanyFacts): EffectSpec<TrackState> {
  return {
    id: "submit-take",
    keyParts: [request.period, request.category, String(request.books)],
    wanted: wantedOf(request),
    observe: (portal) => lookAtTracks(portal, request, company),
    // What was offered, and who is notified, proves nothing.
    observeProof: async (portal, before) => ({
      ...before,
      rows: await rowsListed(await portal.tracks(), request, company),
    }),
    decide: (before) => judge(before, request),
    open: async (portal) => {
      const form = await (await portal.tracks()).takeForm();
      return { form, fill: () => form.fill(request), fillBriskly: () => form.fill(request, "brisk") };
    },
    proof: (before, after) => {
      if (after.rows.length === before.rows.length) return "absent";
      const [row, ...others] = newRows(before.rows, after.rows);
      if (!row || others.length > 0) return "unclear";
      return differences(wantedOf(request), fieldsOf(row)) ?? "as-asked";
    },
    // Accepted is not yet listed: the row may come later.
    listed: "later",
    refusals: refusedAs("take-refused", {
      quota: "quota-exceeded",
      window: "not-in-window",
      "notice-list": "mailbox-list-missing",
      already: "books-differ",
    }),
  };
}

function wantedOf({ period, category, books }: TakeRequest): Fields {
  return { 發票期別: period, 發票類別: category, 取用本數: String(books), 增加本數: "0" };
}

function fieldsOf({ period, category, booksTaken, booksAdded }: AllocationRow): Fields {
  return { 發票期別: period, 發票類別: category, 取用本數: String(booksTaken), 增加本數: String(booksAdded) };
}

/** Rows that were not there before: each earlier row stands for one that says the same of what was taken. */
function newRows(before: readonly AllocationRow[], after: readonly AllocationRow[]): AllocationRow[] {
  const old = before.map((row) => JSON.stringify(fieldsOf(row)));
  return after.filter((row) => {
    const at = old.indexOf(JSON.stringify(fieldsOf(row)));
    if (at >= 0) old.splice(at, 1);
    return at < 0;
  });
}

async function lookAtTracks(
  portal: Portal,
  { period, category }: TakeRequest,
  company: CompanyFacts,
): Promise<TrackState> {
  const tracks = await portal.tracks();
  const notified = await (await tracks.noticeList()).addresses();
  const form = await tracks.takeForm();
  const offered = await form.offeredPeriods();
  if (!offered.includes(period)) return { rows: [], offered, available: null, taken: null, notified };
  const { available, taken } = await form.quota(period, category);
  const rows = await rowsListed(tracks, { period, category }, company);
  return { rows, offered, available, taken, notified };
}

/** The rows of the period and category. */
async function rowsListed(
  tracks: TracksPage,
  { period, category }: Pick<TakeRequest, "period" | "category">,
  company: CompanyFacts,
): Promise<AllocationRow[]> {
  return allocationRows(await tracks.list(period, period), company).filter((row) => row.category === category);
}

/** What the portal will not do is not tried: window, quota and mailbox list are its own rules. */
function judge(before: TrackState, { period, books }: TakeRequest): Judgement {
  if (before.rows.length > 0) {
    const [row, ...others] = before.rows.filter((one) => booksOf(one) === books);
    if (row && others.length === 0) return { already: `平台上已取號 ${books} 本（${row.stateText}）` };
    const seen = before.rows.map((one) => `${booksOf(one)} 本`).join("、");
    return { refuse: "books-differ", detail: { wanted: `${books} 本`, seen } };
  }
  if (!before.offered.some((offered) => offered === period)) {
    const seen = before.offered.length === 0 ? "沒有可選的期別" : `可選的期別：${before.offered.join("、")}`;
    return { refuse: "not-in-window", detail: { wanted: `${formatPeriod(period, "zh")}（${period}）`, seen } };
  }
  if (before.notified.length === 0) return { refuse: "mailbox-list-missing", detail: { seen: "通知名單是空的" } };
  if (before.available !== null && books > before.available) {
    return { refuse: "quota-exceeded", detail: { wanted: `${books} 本`, seen: `可取用本數 ${before.available}` } };
  }
  return { go: true };
}

/**
 * Waits until the list says 是, and holds each row that it shows against what was asked. A mail only says that it is worth looking: what counts is the list.
 */
async function allocated(
  { input, company, step, wait, visit, mailbox, timing, own }: FlowPorts<TakeRequest>,
  before: NoticeMark,
  held: (seen: AllocationRow | null) => Promise<void>,
): Promise<AllocationRow> {
  const { period, category, books } = input;
  const { allocation } = own(LONG_WAITS);
  const rowOf = async (portal: Portal): Promise<AllocationRow | null> =>
    rowTaken(await listedRows(portal, company, period, category), books);
  const look = (round: number): Promise<AllocationRow | null> =>
    step(`look-${round}`, `看配號狀態 ${round}`, () => visit(rowOf), timing.retry);
  // What a person needs is what the portal shows now, with its picture, and not what it showed when the wait began.
  const lastLook = async (portal: Portal): Promise<AllocationRow> => {
    const { source } = allocation;
    const row = await rowOf(portal);
    if (row?.state === "ready" && source !== "mail") return row;
    throw new Failure(source === "mail" ? "mail-missing" : "allocation-late", {
      wanted: `${period} 期的配號`,
      seen: `是否已配號：${row?.stateText ?? "清單上沒有這一期"}`,
    });
  };
  let mark = before;
  for (let round = 1; ; round++) {
    const seen = await look(round);
    await held(seen);
    if (seen?.state === "ready") return seen;
    const since = mark;
    const answered = await wait<Json>(`allocation-${round}`, `配號結果 ${round}`, {
      timing: allocation,
      look: {
        mail: () => mailbox.allocationNotice(since),
        list: async () => {
          const row = await visit(rowOf);
          return row?.state === "ready" ? row.stateText : null;
        },
      },
    });
    if (answered === null) {
      const last = await step(`last-look-${round}`, `期限到了，再看一次 ${round}`, () => visit(lastLook), timing.retry);
      await held(last);
      return last;
    }
    mark = await step(`mark-mailbox-${round}`, `記下信箱 ${round}`, () => mailbox.mark());
  }
}
