import { type WinnerMailRow, ownPort, type SavedFile, type WaitTiming } from "../robot/engine/flow.ts";
import type { Period } from "../robot/invoicing/values/period.ts";
import type { NotKnown, PickLook } from "../selectors/pages.ts";
import type { LetterTemplate } from "../robot/invoicing/winners/winner-letter.ts";

/*
 * Ports of single jobs: what one of them, or a few, need beside what every flow gets. `robot/app/own-ports.ts` fills them.
 */

/** A mail to a person outside. */
export type WinnerMail = {
  /** What it is about: with company, flow and period its key for ever. */
  readonly reference: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
};

/** Mails to winners, each at most once. */
export interface WinnerMailer {
  /** What the mails say; null where the configuration has no `winningList.notify`, or no mail server. */
  readonly template: LetterTemplate | null;
  /** Whether they go out without a person's yes. */
  readonly withoutAsking: boolean;
  /** Addresses, in small letters, that get no mail. @throws Failure `config-invalid` where the list can't be read */
  optedOut(): Promise<ReadonlySet<string>>;
  /** How far each letter of the company about a period is. */
  letters(period: Period): Promise<readonly WinnerMailRow[]>;
  /**
   * Sends those that were not sent and may be; what became of each, `letters` says. May be called again after a crash at any place: what
   * was cut off in between becomes `unknown` and is not sent.
   * @throws Failure `smtp-unreachable` or `smtp-rejected`, when certainly nothing more was sent
   */
  send(period: Period, letters: readonly WinnerMail[]): Promise<void>;
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

/** What the configuration allows 更正空白號碼 to do without asking a person. */
export interface CorrectionRights {
  readonly withoutAsking: boolean;
}

/** How long what takes hours is waited for, as the configuration says. */
export interface LongWaits {
  /** 配號, after a take. */
  readonly allocation: WaitTiming;
  /** The portal's hourly import of an uploaded file. */
  readonly importWait: WaitTiming;
  /** The value-added platform making a file. */
  readonly fileGenerationWait: WaitTiming;
}

/** What is known of the portal's pages: flows that need one that is not known wait until it is. */
export interface PageStates {
  /** Keeps what a check has found, and wakes the runs that wait for one of them. */
  note(
    pages: readonly { readonly page: string; readonly title: string; readonly problem: string | null }[],
  ): Promise<void>;
}

/** What people have picked on pages that were not as they are known. */
export interface Picks {
  /** Puts on record what a page shows instead of the parts that were looked for. */
  notKnown(page: NotKnown): Promise<void>;
  /** What became of picks that were looked at; says so in lines for people. */
  settle(looks: readonly PickLook[]): Promise<readonly string[]>;
}

export const PICKS = ownPort<Picks>("picks");
export const WINNER_MAILER = ownPort<WinnerMailer>("winner mailer");
export const SEALED_LISTS = ownPort<SealedLists>("sealed lists");
export const CORRECTION_RIGHTS = ownPort<CorrectionRights>("correction rights");
export const PAGE_STATES = ownPort<PageStates>("page states");
export const LONG_WAITS = ownPort<LongWaits>("long waits");
