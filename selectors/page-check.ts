import type { Period } from "../robot/invoicing/values/period.ts";

/** The pages that the flows need, in the order in which they are looked at. */
export const CHECKED_PAGES = [
  "tracks-list",
  "take-form",
  "notice-list",
  "blank-list",
  "upload-list",
  "upload-form",
  "missing-uploads",
  "winning-lists",
] as const;
export type CheckedPage = (typeof CHECKED_PAGES)[number];

/** @throws TypeError where it is none of them */
export function parseCheckedPage(text: string): CheckedPage {
  const page = CHECKED_PAGES.find((one) => one === text);
  if (page === undefined) throw new TypeError(`沒有「${text}」這一頁；有 ${CHECKED_PAGES.join("、")}`);
  return page;
}

export type PeriodsToCheck = { readonly ended: Period; readonly running: Period; readonly next: Period };

/** How a page was found to be. */
export type PageCheck = {
  readonly page: CheckedPage;
  /** What people call it. */
  readonly title: string;
  /** What is no longer as it is known, with what is most like it; null where the flows could work on it. */
  readonly problem: string | null;
  /** Every part that was looked for. Not all of them have to be there: pages differ in how many steps and fields they have. */
  readonly parts: readonly {
    /** Its name in `selectors/local.json`. */
    readonly id: string;
    readonly name: string;
    /** As what it was found; null where it was not there. */
    readonly by: string | null;
    /** How many things may be meant. */
    readonly elements: number;
    /** By what this installation says of it in `selectors/local.json`. */
    readonly local: boolean;
    readonly milliseconds: number;
  }[];
};

/** Buttons that change the portal and that are looked for, and not pressed, when the pages are checked. */
export const CHECKED_BUTTONS: readonly string[] = ["take.submit", "notice-list.add", "blank.upload.submit"];

/** What came of a look at one page. */
export type CheckResult = {
  readonly checked: PageCheck;
  /** Where parts were not found: what the page shows instead. */
  readonly notKnown: NotKnown | null;
  /** What people have picked, and nobody had looked at since: whether it was found, and again after the page was opened once more. */
  readonly picks: readonly PickLook[];
};

export type PickLook = {
  readonly id: string;
  /** Why it does not count; null where it does. */
  readonly fault: string | null;
};

/** A way to find a thing again, as `selectors/local.json` has it. */
export type PickedCandidate =
  | { readonly role: string; readonly name: string }
  | { readonly text: string }
  | { readonly label: string }
  | { readonly id: string };

/** Something on the page that a person may point at. */
export type ShownThing = {
  readonly words: string;
  /** 按鈕, 欄位, 欄名. */
  readonly kind: string;
  /** Where it is seen in the window, in CSS pixels. */
  readonly box: readonly [left: number, top: number, width: number, height: number];
  /** By what it would be found again, and nothing else: the steadiest first. */
  readonly candidates: readonly PickedCandidate[];
  /** Which of the parts it may be at all. */
  readonly fits: readonly string[];
};

/** A part that was not found. */
export type UnknownPart = {
  readonly id: string;
  readonly name: string;
  /** What it is for, in words. */
  readonly purpose: string;
  /** Pressing it changes the portal. */
  readonly changesPortal: boolean;
  /** The likeliest first: places in `things`, and why. */
  readonly proposals: readonly { readonly thing: number; readonly why: string }[];
};

/** A page on which parts were not found, for a person who shows where they are now. It holds no value of any field, and no row of a list. */
export type NotKnown = {
  readonly address: string;
  /** Which of the checked pages it is, where they were checked. */
  readonly page: CheckedPage | null;
  readonly width: number;
  readonly height: number;
  readonly parts: readonly UnknownPart[];
  readonly things: readonly ShownThing[];
};
