import { createHash } from "node:crypto";
import type { BrowserHost } from "../../../../robot/browser/launch.ts";
import type { Period } from "../../../../robot/invoicing/values/period.ts";
import { onlyWindow } from "../../../../selectors/dom/windows/windows.ts";
import type {
  BlankNumbersPage,
  SubmissionForm,
  Fields,
  SignInPage,
  TakeRequest,
  TracksPage,
  UploadRequest,
} from "../../../../selectors/pages.ts";
import { recogniseSignIn } from "../../../../selectors/portal/sign-in/sign-in.ts";
import { SignedInPortal } from "../../../../selectors/portal/signed-in-portal.ts";
import { aimAt, pressOnce } from "../../../../selectors/submit/press-once.ts";
import type { Look } from "../../../stranger/looks/habits.ts";
import type { Act } from "../../../stranger/looks/ledger.ts";
import { LOOKS_COMPANY } from "../../../stranger/looks/model.ts";
import { type LooksPortal, startLook } from "../../../stranger/looks/start.ts";
import { periodAfter, periodAt, periodBefore } from "../../../stranger/rules.ts";
import { endsOf } from "./look-case.ts";

/**
 * What the jobs do on the pages of one look, one after the other in one sign-in, without the engine around it: quick enough to be done
 * for all of them. What happened is held against the look's ledger.
 */

const NEXT = periodAfter(periodAt(Date.now())) as Period;
const ENDED = periodBefore(periodAt(Date.now())) as Period;
const SIGN_IN_MS = 20_000;

/** What was done, and what is wrong with it; null where nothing is. */
export interface PageResult {
  readonly look: string;
  readonly act: string;
  readonly wrong: string | null;
  /** Something happened that nobody wanted. */
  readonly harm: boolean;
}

interface Pages {
  readonly portal: LooksPortal;
  readonly tracks: TracksPage;
  readonly blanks: BlankNumbersPage;
}

/** @returns null where all is as it should be, what is wrong otherwise */
type Acting = (pages: Pages) => Promise<string | null>;

const listed = (text: readonly string[]): string => text.toSorted().join();

const ACTS: { readonly [name: string]: { readonly act: Acting; readonly wanted: (portal: LooksPortal) => Act[] } } = {
  "notice list": {
    act: async ({ portal, tracks }) => {
      const seen = listed(await (await tracks.noticeList()).addresses());
      return seen === listed(portal.mailboxes) ? null : seen;
    },
    wanted: () => [],
  },
  "add an address": {
    act: async ({ tracks }) => {
      const { form, fill } = await (await tracks.noticeList()).add("new@stranger.example");
      return committed(form, fill, { 電子郵件信箱: "new@stranger.example" });
    },
    wanted: () => [{ kind: "notice-added", email: "new@stranger.example" }],
  },
  "delete an address": {
    act: async ({ tracks }) => {
      const { form, fill } = await (await tracks.noticeList()).remove("old@stranger.example");
      return committed(form, fill, { 電子郵件信箱: "old@stranger.example" });
    },
    wanted: () => [{ kind: "notice-removed", email: "old@stranger.example" }],
  },
  take: {
    act: async ({ tracks }) => {
      const asked = await tracks.takeForm();
      if (!(await asked.offeredPeriods()).includes(NEXT)) return "the period is not offered";
      const { available } = await asked.quota(NEXT, "07");
      if (available !== 9) return `可取用本數 ${available}`;
      const form = await tracks.takeForm();
      const request: TakeRequest = { period: NEXT, category: "07", books: 3 };
      return committed(form, filling(form, request), {
        發票期別: NEXT,
        發票類別: "07",
        取用本數: "3",
        增加本數: "0",
      });
    },
    wanted: () => [{ kind: "take", period: NEXT, category: "07", books: 3, extra: 0, stop: false, refused: null }],
  },
  "list and download": {
    act: async ({ portal, tracks }) => {
      const row = (await tracks.list(NEXT, NEXT)).find(
        ({ booksTaken, ubn }) => booksTaken === 3 && [LOOKS_COMPANY.ubn, ""].includes(ubn),
      );
      if (row?.state !== "ready") return `the row says ${row?.stateText}`;
      await tracks.download(row);
      const last = portal.ledger().downloads.at(-1)?.join();
      return last === "1" ? null : `downloaded ${last}`;
    },
    wanted: () => [],
  },
  "list of blank numbers": {
    act: async ({ portal, blanks }) => {
      const rows = await blanks.list(ENDED);
      const [seen, there] = [rows, portal.blanks()].map((some) => listed(some.map(({ begin }) => begin)));
      return seen === there ? null : `read ${rows.length} of ${portal.blanks().length}`;
    },
    wanted: () => [],
  },
  "delete blank numbers": {
    act: async ({ blanks }) => {
      const rows = await blanks.list(ENDED);
      const { form, fill } = await blanks.deletion(ENDED, rows.slice(0, 1));
      return committed(form, fill, {});
    },
    wanted: (portal) => {
      const [first] = portal.blanks();
      return first ? [{ kind: "deletion", runs: [`${first.track}${first.begin}-${first.end}`] }] : [];
    },
  },
  upload: {
    act: async ({ portal, blanks }) => {
      const { bytes, sha256 } = fileOf(portal);
      const form = await blanks.uploadForm();
      await form.assertComplete();
      if (!(await form.offeredPeriods()).includes(ENDED)) return "the period is not offered";
      const request: UploadRequest = { period: ENDED, file: { name: "空白.csv", bytes } };
      return committed(form, filling(form, request), {
        字軌期別: ENDED,
        檔案上傳路徑: "空白.csv",
        "檔案 SHA-256": sha256,
      });
    },
    wanted: (portal) => [
      { kind: "upload", period: ENDED, name: "空白.csv", sha256: fileOf(portal).sha256, refused: null },
    ],
  },
  "list of uploads": {
    act: async ({ blanks }) => {
      const { length } = await blanks.uploads();
      return length === 1 ? null : `${length} uploads`;
    },
    wanted: () => [],
  },
};

export const PAGE_ACTS = ["sign-in", ...Object.keys(ACTS)];

/** Signs in to a portal of this look and does each act once. */
export async function playPages(host: BrowserHost, look: Look): Promise<PageResult[]> {
  const portal = await startLook(look.habits);
  const opened = await host.newContext();
  const results: PageResult[] = [];
  const tell = (act: string, wrong: string | null, harm = false): void =>
    void results.push({ look: look.name, act, wrong, harm });
  try {
    const page = await opened.context.newPage();
    await page.goto(portal.url);
    const pageContext = onlyWindow(page).main;
    const form = await recogniseSignIn(pageContext, SIGN_IN_MS);
    if (form === null || !("chooseIdentity" in form)) {
      tell("sign-in", "no form");
      return results;
    }
    const refused = await signedIn(form, portal).catch(inWords);
    tell("sign-in", refused);
    if (refused !== null) return results;
    const { runs } = portal.seedTake({ period: ENDED, books: 8 });
    const own = portal.takes().length;
    portal.seedBlanks(ENDED, endsOf(runs, 8));
    const shell = await SignedInPortal.enter(form.design, pageContext);
    const pages = { portal, tracks: await shell.tracks(), blanks: await shell.blankNumbers() };
    for (const [name, { act, wanted }] of Object.entries(ACTS)) {
      const before = portal.ledger().acts.length;
      const expected = JSON.stringify(wanted(portal));
      const wrong = await act({ ...pages, portal: firstTakeIs(portal, own) }).catch(inWords);
      const done = JSON.stringify(portal.ledger().acts.slice(before));
      const isOther = done !== "[]" && done !== expected;
      tell(name, wrong ?? (done === expected ? null : `the ledger says ${done}`), isOther);
    }
    return results;
  } finally {
    await opened.close();
    await portal.close();
  }
}

/** Downloads are counted by the number of the take, of which some were there before. */
function firstTakeIs(portal: LooksPortal, own: number): LooksPortal {
  const shifted = (): ReturnType<LooksPortal["ledger"]> => {
    const ledger = portal.ledger();
    return { ...ledger, downloads: ledger.downloads.map((ids) => ids.map((id) => id - own)) };
  };
  return { ...portal, ledger: shifted };
}

export async function signedIn(form: SignInPage, portal: LooksPortal): Promise<string | null> {
  await form.chooseIdentity("business");
  await form.fill(LOOKS_COMPANY.ubn, LOOKS_COMPANY.account);
  await (await form.passwordField()).fill(LOOKS_COMPANY.password);
  const digits = portal.digitsOf(await form.captchaPicture());
  if (digits === undefined) return "another picture than the portal gave out";
  await (await form.captchaField()).fill(digits);
  const { state, words } = await form.submit();
  return state === "signed-in" ? null : `${state}: ${words}`;
}

function filling<Request>(form: { fill(request: Request): Promise<void> }, request: Request): () => Promise<void> {
  return () => form.fill(request);
}

async function committed(form: SubmissionForm, fill: () => Promise<void>, wanted: Fields): Promise<string | null> {
  await form.state("at-rest");
  await fill();
  const held = await form.readBack();
  const other = Object.entries(wanted).find(([label, value]) => held[label] !== value);
  if (other) return `${other[0]} is read back as ${held[other[0]]}`;
  await aimAt(form.submit);
  await pressOnce(form.submit);
  const confirmation = await form.confirmation();
  if (confirmation !== null) {
    await aimAt(confirmation.confirm);
    await pressOnce(confirmation.confirm);
  }
  const { kind, words } = await form.answer();
  // What is silent is looked up in the portal's list by the engine; here the ledger tells.
  return kind === "refused" ? `refused: ${words}` : null;
}

function fileOf(portal: LooksPortal): { bytes: Uint8Array; sha256: string } {
  const text = portal
    .blanks()
    .map(({ track, begin, end }) => [LOOKS_COMPANY.ubn, ENDED, track, begin, end].join(","))
    .join("\r\n");
  return { bytes: Buffer.from(text), sha256: createHash("sha256").update(text).digest("hex") };
}

function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
