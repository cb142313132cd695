import type { z } from "zod";
import type { Fields, OpenForm, Portal, RefusalReason, Sites } from "../../selectors/pages.ts";
import type { FailureDetail, FailureCode } from "../failures/failure.ts";
import type { Says } from "../invoicing/ledger/entry.ts";
import type { FileFormats } from "../invoicing/recognise.ts";
import type { Category, NumberRun } from "../invoicing/values/track.ts";
import type { Period } from "../invoicing/values/period.ts";
import type { Ubn } from "../invoicing/values/ubn.ts";
import type { LetterTemplate } from "../invoicing/winners/winner-letter.ts";
import type { Json } from "../lib/json.ts";
import type { LedgerTeaching } from "../invoicing/ledger/teaching.ts";
import type { Words } from "../invoicing/problems/problems.ts";
import type { LetterRow } from "./effects/letter-table.ts";
import type { FormValues, QuestionForm } from "./people/question-form.ts";

export { Failure } from "../failures/failure.ts";
export type { Json } from "../lib/json.ts";
export type { FormValues, QuestionField, QuestionForm } from "./people/question-form.ts";

/** A job of the business at the portal: one file under `flows/`, reading like the job. */
export interface Flow<Input extends FlowInput> {
  /** Name on the command line. */
  readonly name: string;
  /** Name for people. */
  readonly title: string;
  /** Raised whenever steps change, so that a run that was begun with other steps is not continued with these. */
  readonly version: number;
  readonly input: z.ZodType<Input>;
  run(ports: FlowPorts<Input>): Promise<FlowResult>;
}

export type FlowInput = { readonly period?: Period } & { readonly [name: string]: Json | undefined };

/** A flow as the engine sees it, whatever its input: its own schema reads the input. */
export interface AnyFlow {
  readonly name: string;
  readonly title: string;
  readonly version: number;
  /** @throws z.ZodError when the input is not what the flow takes */
  parse(input: unknown): FlowInput;
  perform(input: unknown, ports: <Input>(input: Input) => FlowPorts<Input>): Promise<FlowResult>;
}

export function defineFlow<Input extends FlowInput>(flow: Flow<Input>): AnyFlow {
  return {
    name: flow.name,
    title: flow.title,
    version: flow.version,
    parse: (input) => flow.input.parse(input),
    perform: async (input, ports) => flow.run(ports(flow.input.parse(input))),
  };
}

export type FlowResult = {
  readonly outcome: "done" | "already-done";
  readonly tracks?: readonly TrackResult[];
  /** Books of the period and category: the whole allowance, what was asked for of it with this run, and what is left. */
  readonly quota?: { readonly available: number; readonly taken: number; readonly left: number };
  /** Blank numbers that the portal lists, as far as this run is about them. */
  readonly blanks?: readonly BlankResult[];
  /** How many numbers were allocated, used and left blank, where blank numbers were computed or uploaded. */
  readonly counts?: NumberCounts;
  /** Member carriers that are bound, as far as this run is about them. */
  readonly carriers?: readonly CarrierResult[];
  /** Invoices that the portal says it lacks, and what the invoice ledger says of each; null: it does not know the number. */
  readonly lacked?: readonly { readonly number: string; readonly known: Says | null }[];
  /** The portal's files of winners that were read, and what is in each; amounts are TWD. */
  readonly winning?: readonly WinningResult[];
  /** Winners by how they were told: by mail (now or before), to be told on paper, and left to a person. */
  readonly notified?: { readonly mailed: number; readonly paper: number; readonly person: number };
  readonly files?: readonly SavedFile[];
  /** Lines for people: what is worth knowing although all went well. */
  readonly notes?: readonly string[];
};

export type NumberCounts = { readonly allocated: number; readonly used: number; readonly blank: number };

export type WinningResult = { readonly list: string; readonly winners: number; readonly prizeSum: number };

export type TrackResult = NumberRun & { readonly period: Period; readonly category: Category; readonly books: number };

export type BlankResult = NumberRun & { readonly ubn: Ubn; readonly period: Period; readonly category: Category };

export type CarrierResult = {
  readonly link: string;
  /** 卡號 at the member site. */
  readonly card: string;
  /** The 手機條碼 to which it is bound; null for 自然人憑證. */
  readonly barcode: string | null;
  readonly status: "confirmed" | "already-done";
  /** 歸戶時間 and 歸戶狀態 as the member site prints them. */
  readonly boundAt: string | null;
  readonly stateText: string;
};

/** The company a run works for, as far as a flow may know it. */
export interface CompanyFacts {
  readonly name: string;
  readonly ubn: Ubn;
  /** The address that must be on the portal's list for notices, whether or not the robot reads its mail; null where none is configured. */
  readonly noticeAddress: string | null;
  /**
   * Who shall be on the portal's list for notices; `whole`: and nobody else. Without `whole` the configuration names some of them
   * only.
   */
  readonly notified: { readonly addresses: readonly string[]; readonly whole: boolean };
  /** 分支機構 for which this company reports, by their UBNs. */
  readonly branches: readonly Ubn[];
  /** Who else reports the company's blank numbers, and on which day of the odd month; exactly one party may do it. */
  readonly blanksReportedBy: { readonly name: string; readonly day: number } | null;
}

/** All that a flow gets. */
export interface FlowPorts<Input> {
  readonly input: Input;
  readonly company: CompanyFacts;
  /** How this installation's files look where they differ from what is usual. */
  readonly formats: FileFormats;
  /** What the configuration allows without asking a person. */
  readonly allowed: { readonly correctBlankNumbers: boolean };
  readonly timing: {
    readonly allocation: WaitTiming;
    /** Waiting for the portal's hourly import of an uploaded file. */
    readonly imported: WaitTiming;
    /** Waiting for the value-added platform to have made a file. */
    readonly made: WaitTiming;
    /** For reading what the portal has already been asked for: passing trouble is not the end of the run. */
    readonly retry: Again;
  };
  /**
   * Does repeatable work and keeps its result: after a crash a finished step is not done again, an unfinished one is.
   * Never retried, unless `again` says on which failures.
   */
  readonly step: <T extends Json>(name: string, work: () => Promise<T>, again?: Again) => Promise<T>;
  /** An irreversible act, at most once. */
  readonly effect: <Before extends Json>(name: string, spec: EffectSpec<Before>) => Promise<EffectResult<Before>>;
  /** An irreversible act somewhere else than on the signed-in portal. */
  readonly effectAt: <Kind extends keyof Sites, Before extends Json>(
    door: Door<Kind>,
    name: string,
    spec: EffectSpec<Before, Sites[Kind]>,
  ) => Promise<EffectResult<Before>>;
  /**
   * Holds an act that was confirmed against what the portal shows of it later. Where it shows something else than was asked a person decides.
   * @throws Failure `done-differently` where the person leaves it at that
   */
  readonly hold: <Before extends Json, Site>(
    name: string,
    spec: EffectSpec<Before, Site>,
    seen: { readonly before: Before; readonly after: Before },
  ) => Promise<void>;
  /** Waits durably: no browser, no timer that dies with the process. Null when nobody answered until `giveUp`. */
  readonly wait: <Answer extends Json>(name: string, spec: WaitSpec<Answer>) => Promise<WaitResult<Answer> | null>;
  /** The portal, signed in. One visit serves all steps until the next wait, then it is signed out. */
  readonly visit: <T>(work: (portal: Portal) => Promise<T>) => Promise<T>;
  /** The same somewhere else. Only one visit is open at a time: going through another door ends the one before. */
  readonly visitAt: <Kind extends keyof Sites, T>(
    door: Door<Kind>,
    work: (site: Sites[Kind]) => Promise<T>,
  ) => Promise<T>;
  /** Asks a person and suspends until the answer. Returns the chosen answer. */
  readonly person: (name: string, question: Question) => Promise<string>;
  /** The same where something has to be filled in with the answer. */
  readonly personsForm: (name: string, question: Question) => Promise<FilledAnswer>;
  readonly mailbox: Mailbox;
  readonly files: Files;
  readonly ledgerTeachings: LedgerTeachings;
  readonly sealedLists: SealedLists;
  readonly winnerPost: WinnerPost;
  /** A line of the run's timeline; with `picture` and an open page also a picture of it. */
  readonly record: (line: string, about?: { readonly data?: Json; readonly picture?: boolean }) => Promise<void>;
}

/** Retries as data: on these failures only, so many times, after this many milliseconds. */
export interface Again {
  readonly on: readonly FailureCode[];
  readonly times: number;
  readonly after: number;
}

/** What leads to each kind of site. */
export interface Doors {
  /** Signing in as the run's company. */
  readonly portal: null;
  readonly carrier: CarrierDoor;
  /** Signing in as the run's company at its value-added platform. */
  readonly platform: null;
}

/** The link to one carrier at its member site, whose holder's 驗證碼 may be typed there. */
export type CarrierDoor = {
  readonly link: string;
  /** 手機號碼 of the holder: the 驗證碼 is kept under it. Null where none is needed. */
  readonly phone: string | null;
  /** Only a person can do it, with a card of theirs, in the window on this machine. */
  readonly needsPerson: boolean;
};

export type Door<Kind extends keyof Sites> = { readonly kind: Kind; readonly to: Doors[Kind] };

export interface EffectSpec<Before extends Json, Site = Portal> {
  /** What kind of act it is, in kebab-case: its name in the configuration's `approve`, whatever the words for people are. */
  readonly id: string;
  /** What a person who has to agree is shown, besides the fields of the form. */
  readonly approval?: ApprovalTopic;
  /** The business coordinates of the act; with company, flow and id they are its key for ever. */
  readonly coordinates: readonly string[];
  /** What is asked, by the labels of the form: compared with what the form holds before anything is pressed. */
  readonly wanted: Fields;
  /** Reads what the portal itself knows: the baseline before, the proof afterwards. */
  look(site: Site): Promise<Before>;
  /**
   * From the baseline: go on, already as wanted, or impossible.
   * @param proved this very act was proved in an earlier run
   */
  judge(before: Before, proved: boolean): Judgement;
  /** Opens, and knows, every page that the rest of the job needs: nothing is begun that could not be finished. Presses nothing. */
  readonly laterPages?: (site: Site) => Promise<unknown>;
  /** What the portal lacks once this is done and the rest of the job is not, and the last day to make up for it. */
  readonly leaves?: { readonly missing: string; readonly until?: string };
  /** Opens the form; it is filled once its state before is known. */
  open(site: Site): Promise<OpenForm>;
  /** What the portal's confirming view has to show, all of it, before it is agreed to. Else only what it shows of `wanted` is compared. */
  confirmed?(before: Before): Fields;
  /**
   * What the portal's own list says now, held against the baseline and every field that was asked. After the press this alone tells
   * what became of the act, whatever the page says.
   */
  proof(before: Before, after: Before): Proof;
  /**
   * When the portal's list shows the act: at once, or perhaps later. What is accepted and not on a list that shows it at once is not known to be
   * done; where it may come later the flow looks again and holds what it then finds against what was asked (`hold`).
   */
  readonly listed: "at-once" | "later";
  /** What each reason for which the portal may refuse is called. */
  readonly refusals: { readonly [reason in RefusalReason]: FailureCode };
  /**
   * The act sets a state that anybody may set otherwise at any time, such as an address on a list. Where it was done once and is so no
   * longer, it is done again; every other act is then a person's decision.
   */
  readonly mayRecur?: true;
}

export interface ApprovalTopic {
  /** What is odd about it, each a sentence with its figures. Whoever agrees ticks each. */
  readonly odd?: readonly Words[];
  readonly shown?: Shown;
  /** SHA-256 of the file that is sent. */
  readonly file?: string;
}

/** What a person reads before deciding: parts with a title, line by line. */
export type Shown = readonly { readonly title: string; readonly lines: readonly string[] }[];
/**
 * What the portal's list proves: the act happened exactly once and as asked; it happened otherwise; it did not happen; or nothing of it can
 * be said.
 */
export type Proof = "as-asked" | { readonly differs: readonly Difference[] } | "absent" | "unclear";

/** One field that the portal shows otherwise than was asked. */
export type Difference = { readonly label: string; readonly asked: string; readonly found: string };

/** The fields that differ; null where all are as asked. Fields that the portal does not show are not compared. */
export function differences(asked: Fields, found: { readonly [label: string]: string | undefined }): Proof | null {
  const differs = Object.entries(asked).flatMap(([label, value]) => {
    const seen = found[label];
    return seen === undefined || seen === value ? [] : [{ label, asked: value, found: seen }];
  });
  return differs.length === 0 ? null : { differs };
}

/** The codes for refusals of one kind of act: one for all reasons, but for those that have a name of their own. */
export function refusedAs(
  other: FailureCode,
  named: { readonly [reason in RefusalReason]?: FailureCode } = {},
): { readonly [reason in RefusalReason]: FailureCode } {
  return {
    quota: other,
    window: other,
    "notice-list": other,
    already: other,
    bound: other,
    credentials: other,
    other,
    ...named,
  };
}

export type Judgement =
  | { readonly go: true }
  | { readonly already: string }
  | { readonly refuse: FailureCode; readonly detail: FailureDetail };

export type EffectResult<Before> = {
  readonly status: "confirmed" | "already-done";
  /** The portal's words, or how it was found out. */
  readonly proof: string;
  readonly before: Before;
};

/** Milliseconds. */
export interface LookTiming {
  readonly first: number;
  readonly every: number;
  /**
   * Where the portal does something regularly: looks are placed so long after each full `every` of the clock (Taipei's hours
   * begin with everybody's), and none in between.
   */
  readonly justAfter?: number | undefined;
}

export interface WaitTiming {
  /** Which sources may answer: both, or one of them alone. */
  readonly source: "first" | "mail" | "list";
  readonly mail: LookTiming;
  readonly list: LookTiming;
  readonly giveUp: number;
}

export interface WaitSpec<Answer extends Json> {
  /** Sources that may answer; the first answer that is not null wins. */
  readonly look: { readonly mail?: () => Promise<Answer | null>; readonly list?: () => Promise<Answer | null> };
  readonly timing: WaitTiming;
}

export type WaitResult<Answer> = { readonly by: "mail" | "list"; readonly answer: Answer };

/** What a question is about, where it is shown or answered in a way of its own. */
export type QuestionTopic = "approval" | "ledger-columns" | "ledger-words";

export type Question = {
  readonly topic?: QuestionTopic;
  readonly text: string;
  /** What has to be filled in together with one of the answers. */
  readonly form?: QuestionForm;
  /** Where in the record a picture of what it is about is. */
  readonly picture?: string;
  /** Possible answers: key and what it means. */
  readonly choices: { readonly [answer: string]: string };
  readonly context?: Json;
};

export type FilledAnswer = {
  readonly answer: string;
  /** What was filled in, by field. */
  readonly values: FormValues;
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
};

/** A place in a mailbox: everything at or after it is new. Null where no mailbox is configured. */
export type MailMark = { readonly uidValidity: string; readonly uidNext: number } | null;

export type NoticeMail = { readonly subject: string; readonly from: string; readonly date: string | null };

/** A reminder and what it asks for, in a sentence for people. */
export type Reminder = NoticeMail & { readonly task: string };

export interface Mailbox {
  mark(): Promise<MailMark>;
  /** The portal's notice of allocation among mails newer than the mark, or null. */
  allocationNotice(since: MailMark): Promise<NoticeMail | null>;
  /** The newest mails that remind of something to do, of the portal and of value-added centres; none without a mailbox. */
  reminders(): Promise<readonly Reminder[]>;
  /** Mails that came back, as mail servers report it; none without a mailbox. */
  bounces(): Promise<readonly Bounce[]>;
}

/** A mail that could not be delivered. */
export type Bounce = { readonly messageId: string; readonly words: string };

export type SavedFile = { readonly name: string; readonly path: string; readonly sha256: string };

/** What somebody said of a layout of ledgers. */
export type KnownTeaching = {
  readonly ubn: string;
  readonly teaching: LedgerTeaching;
  readonly by: string;
  /** UTC, ISO 8601. */
  readonly at: string;
};

/** What people said of ledgers whose layout or words the robot did not know, by company and layout. */
export interface LedgerTeachings {
  /** What was said for this company, and what was said for others, newest first: that is offered and never applied unasked. */
  find(layout: string): Promise<{ readonly own: KnownTeaching | null; readonly others: readonly KnownTeaching[] }>;
  keep(layout: string, teaching: LedgerTeaching, by: string): Promise<void>;
}

/** A mail to somebody outside. */
export type OutgoingLetter = {
  /** What it is about: with company, flow and period its key for ever. */
  readonly reference: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

/** Mails to winners, each at most once. */
export interface WinnerPost {
  /** What the mails say; null where the configuration has no `winningList.notify`, or no mail server. */
  readonly template: LetterTemplate | null;
  /** Whether they go out without a person's yes. */
  readonly withoutAsking: boolean;
  /** Addresses, in small letters, that get no mail. @throws Failure `config-invalid` where the list can't be read */
  optedOut(): Promise<ReadonlySet<string>>;
  /** How far each letter of the company about a period is. */
  letters(period: Period): Promise<readonly LetterRow[]>;
  /**
   * Sends those that were not sent and may be; what became of each, `letters` says. May be called again after a crash at any place: what
   * was cut off in between becomes `unknown` and is not sent.
   * @throws Failure `smtp-unreachable` or `smtp-rejected`, when certainly nothing more was sent
   */
  send(period: Period, letters: readonly OutgoingLetter[]): Promise<void>;
  /** A person's word on letters that are `unknown`. */
  settle(period: Period, references: readonly string[], verdict: "sent" | "not-sent"): Promise<void>;
}

/** The portal's lists of winners come encrypted; only the ministry's own tool opens them. */
export interface SealedLists {
  /** Whether the configuration names that tool. */
  readonly hasTool: boolean;
  /**
   * Opens a kept list with the tool. Nothing of what was opened stays on the disk.
   * @throws Failure `decrypt-failed`
   */
  open(list: SavedFile): Promise<Uint8Array>;
  /** Where a person who has opened it with the tool by hand puts the text file. */
  placeOf(list: SavedFile): string;
  /** What a person has put there; null while nothing is. */
  openedByHand(list: SavedFile): Promise<Uint8Array | null>;
}

/**
 * What a saved file is, so that a later run finds it: a track file, an uploaded file of blank numbers (of all categories), a list of
 * winners and what was made of it (by the name of the portal's file).
 */
export type FileKind =
  | {
      readonly kind: "winning-list" | "winning-csv" | "winning-xlsx";
      readonly period: Period;
      readonly category: string;
    }
  | { readonly kind: "tracks"; readonly period: Period; readonly category: Category }
  | { readonly kind: "blank-upload"; readonly period: Period; readonly category: "all" };

/** A file that somebody gives to a run: where it is, and what it was when the run was ordered. */
export type GivenFile = { readonly path: string; readonly sha256: string };

export interface Files {
  /**
   * Takes a file that was given to the run into its record.
   * @throws Failure `file-invalid` when it is gone, or no longer what it was when the run was ordered
   */
  bring(given: GivenFile, about?: { readonly personal?: true }): Promise<SavedFile>;
  /**
   * Keeps the bytes untouched, with their SHA-256 and where they came from or go to. `personal`: it names people, and is deleted after the
   * time that `recordings.retention.personalAfter` says.
   */
  save(
    name: string,
    bytes: Uint8Array,
    about: { readonly origin: string; readonly direction?: "in" | "out"; readonly personal?: true },
  ): Promise<SavedFile>;
  /** Notes what a kept file is, once it has been found right. */
  know(file: SavedFile, is: FileKind): Promise<void>;
  /** The newest uploads of blank numbers of each period before this one that were proved, newest period first. */
  uploadsBefore(
    period: Period,
    atMost: number,
  ): Promise<readonly { readonly period: Period; readonly file: SavedFile }[]>;
  /** The newest kept files of winners of a period as CSV, one of each of the portal's files. */
  winnersOf(period: Period): Promise<readonly SavedFile[]>;
  /** The newest kept file of this kind for the company whose bytes are still as they were; null when there is none. */
  find(kind: FileKind): Promise<SavedFile | null>;
  read(file: SavedFile): Promise<Uint8Array>;
}
