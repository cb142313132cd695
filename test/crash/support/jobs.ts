import { allocatedRuns, ENDED, lastOf, putFile, uploadLines } from "../../support/kit/jobs/blanks.ts";
import { bindings, newCard } from "../../support/kit/jobs/carriers.ts";
import type { CompanySetup, Installation, InstallationOptions } from "../../support/kit/installation/installation.ts";
import { ledgerOf, NEXT } from "../../support/kit/installation/portal.ts";
import { lettersOf, leaveUnused, recipientLines, winnerOf, withPlatform } from "../../support/kit/jobs/platform.ts";
import type { Json } from "../../../robot/lib/json.ts";

/** A job whose effects are drilled: what is run, and how often each of its acts has happened at the portal. */
export interface Job {
  readonly flow: string;
  readonly company: CompanySetup;
  /** 驗證碼 that the robot's vault has. */
  readonly codes?: InstallationOptions["codes"];
  /** What a person answers who is asked for a yes before an act, by the question's name. */
  readonly agrees?: { readonly [question: string]: string };
  /** Puts there what the job needs, and says what the flow's input is. */
  readonly prepare: (installation: Installation) => Promise<{ readonly [name: string]: Json }>;
  /** By name of the effect. An effect that is not named here makes the crash run fail: somebody has to say how it is counted. */
  readonly happened: { readonly [effect: string]: (installation: Installation) => number };
  /** The job whose effects these are: performed by the same function, so drilled there in each run of the tests. */
  readonly repeats?: string;
}

const hasTaken = { taken: [{ period: "previous" as const, books: 2 }] };

/** The last numbers of what was allocated. */
async function blankFile(installation: Installation): Promise<{ path: string; sha256: string }> {
  const blank = lastOf(await allocatedRuns(installation), 20);
  return putFile(installation, uploadLines(installation.ubn, blank));
}

const uploads = ({ portal, ubn }: Installation): number =>
  ledgerOf(portal, "blank-upload", ubn).filter(({ accepted, by }) => accepted && by === "own").length;

const listChanges =
  (wanted: "add" | "delete") =>
  ({ portal, ubn }: Installation): number =>
    ledgerOf(portal, "mailbox-list", ubn).filter(({ action }) => action === wanted).length;

const WINNER = winnerOf("KK12351158");

/** Every flow that changes the portal. */
export const JOBS: readonly Job[] = [
  {
    flow: "take-tracks",
    company: {},
    prepare: () => Promise.resolve({ period: NEXT, category: "07", books: 3 }),
    happened: {
      登錄通知信箱: ({ portal, ubn }) =>
        ledgerOf(portal, "mailbox-list", ubn).filter(({ action }) => action === "add").length,
      提交取號: ({ portal, ubn }) => ledgerOf(portal, "take-submitted", ubn).filter(({ accepted }) => accepted).length,
    },
  },
  {
    flow: "upload-blank-numbers",
    company: { portal: hasTaken },
    prepare: async (installation) => ({ period: ENDED, file: await blankFile(installation) }),
    happened: { 匯入字軌: uploads },
  },
  {
    flow: "correct-blank-numbers",
    // What is listed is all wrong: it is deleted, and the right numbers are uploaded.
    company: {
      portal: { ...hasTaken, blank: [{ period: "previous", track: "ZZ", begin: "00000010", end: "00000049" }] },
    },
    prepare: async (installation) => ({ period: ENDED, file: await blankFile(installation) }),
    happened: {
      刪除空白號碼: ({ portal, ubn }) => ledgerOf(portal, "blank-deleted", ubn).length,
      匯入字軌: uploads,
    },
  },
  {
    flow: "keep-notice-list",
    company: {
      portal: { mailboxList: ["keeps@office.test", "leaves@office.test"] },
      configured: { noticeAddress: "keeps@office.test", noticeList: ["joins@office.test"] },
    },
    prepare: () => Promise.resolve({}),
    happened: {
      "新增通知信箱 joins@office.test": listChanges("add"),
      "刪除通知信箱 leaves@office.test": listChanges("delete"),
    },
  },
  {
    flow: "bind-carrier",
    company: {},
    codes: { "0912345678": "Drill-holder-1" },
    prepare: (installation) => {
      const holder = { phone: "0912345678", barcode: "/CRASH_RUN+1", code: "Drill-holder-1" };
      installation.portal.carriers.addHolder(holder);
      return Promise.resolve({ link: newCard(installation).link, phone: holder.phone, barcode: holder.barcode });
    },
    happened: { 歸戶: (installation) => bindings(installation).length },
  },
  {
    flow: "platform-blank-numbers",
    company: withPlatform(),
    prepare: async (installation) => {
      await leaveUnused(installation);
      return { period: ENDED, upload: true };
    },
    repeats: "upload-blank-numbers",
    happened: { 匯入字軌: uploads },
  },
  {
    flow: "platform-winning-list",
    company: withPlatform({ winners: [WINNER] }),
    agrees: { "mail-prizes": "yes" },
    prepare: async (installation) => ({
      period: ENDED,
      recipients: await putFile(installation, recipientLines([WINNER.number]), "recipients.csv"),
    }),
    happened: { [`郵寄 ${WINNER.number}`]: (installation) => lettersOf(installation).length },
  },
];

/** Flows that only read: no effect may turn up in them. */
export const READING: readonly string[] = [
  "download-tracks",
  "verify-blank-numbers",
  "download-failure-details",
  "learn-file-formats",
  "check-missing-uploads",
  "fetch-winning-list",
];

/** Flows that mail to people outside: killed, and counted at the mail server, in notify-winners.test.ts; searched for leaks there as well. */
export const MAILING: readonly string[] = ["notify-winners"];
