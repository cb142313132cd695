import { expect, test } from "vitest";
import { FLOWS } from "../../../flows/index.ts";
import type { CheckedPage } from "../../../selectors/pages.ts";
import { methodsCalledBy } from "../../support/flows/step-ids.ts";

/** By which of a page's own methods a flow works on it. 查詢 of both lists is `list`, and belongs to whichever of them the flow goes to. */
const USES: { readonly [page in CheckedPage]: readonly string[] } = {
  "tracks-list": ["tracks"],
  "take-form": ["takeForm"],
  "notice-list": ["noticeList"],
  "blank-list": ["blankNumbers"],
  "upload-list": ["uploads", "failureDetails"],
  "upload-form": ["uploadForm", "blankNumbers"],
  "missing-uploads": ["missingUploads"],
  "winning-lists": ["winningLists"],
};
const PAGES = Object.keys(USES) as CheckedPage[];
/** Methods that lead to several pages: one of these is needed, not each. */
const SHARED = {
  tracks: ["tracks-list", "take-form", "notice-list"],
  blankNumbers: ["blank-list", "upload-list", "upload-form"],
} as const;

/** What a flow says it needs and does not work on, or works on and does not say. */
function wrongNeeds(called: ReadonlySet<string>, mayNeed: readonly CheckedPage[]): string[] {
  const pages = PAGES.flatMap((page) => {
    const uses = USES[page].filter((method) => called.has(method));
    const own = uses.filter((method) => !Object.hasOwn(SHARED, method));
    const isNeeded = mayNeed.includes(page);
    if (isNeeded && uses.length === 0) return [`${page} is not worked on`];
    return own.length > 0 && !isNeeded ? [`${page} is missing: ${own.join(", ")}`] : [];
  });
  const groups = Object.entries(SHARED).flatMap(([method, some]) =>
    called.has(method) && !mayNeed.some((page) => some.some((one) => one === page)) ? [`${method}: none`] : [],
  );
  return [...pages, ...groups];
}

test("the pages that each flow says it needs are those that it works on", () => {
  const wrong = FLOWS.map(({ name, mayNeed }) => [name, wrongNeeds(methodsCalledBy(name), mayNeed)]);
  expect(wrong).toEqual(FLOWS.map(({ name }) => [name, []]));
  // Otherwise nothing would be found.
  expect(wrongNeeds(methodsCalledBy("take-tracks"), ["tracks-list", "winning-lists"])).toEqual([
    expect.stringContaining("take-form is missing"),
    expect.stringContaining("notice-list is missing"),
    "winning-lists is not worked on",
  ]);
});

test("a flow that works on pages of the portal needs some, and one that does not needs none", () => {
  const needs = Object.fromEntries(FLOWS.map(({ name, mayNeed }) => [name, mayNeed.length]));
  expect(needs).toMatchObject({
    "take-tracks": 3,
    "keep-notice-list": 1,
    "check-pages": 0,
    "platform-winning-list": 0,
  });
  const platform = FLOWS.find(({ name }) => name === "platform-blank-numbers");
  expect(platform?.needs({ period: "11510", upload: false })).toEqual([]);
  expect(platform?.needs({ period: "11510", upload: true })).toHaveLength(4);
});
