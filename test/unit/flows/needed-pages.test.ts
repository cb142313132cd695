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

test.for(FLOWS.map(({ name, mayNeed }) => ({ name, mayNeed })))(
  "the pages that $name says it needs are those that it works on",
  ({ name, mayNeed }) => {
    const called = methodsCalledBy(name);
    for (const page of PAGES) {
      const uses = USES[page].filter((method) => called.has(method));
      if (mayNeed.includes(page)) expect([page, uses]).not.toEqual([page, []]);
      const own = uses.filter((method) => !Object.hasOwn(SHARED, method));
      if (own.length > 0) expect([page, mayNeed]).toEqual([page, expect.arrayContaining([page])]);
    }
    for (const [method, pages] of Object.entries(SHARED)) {
      if (called.has(method)) expect(mayNeed.some((page) => pages.some((one) => one === page))).toBe(true);
    }
  },
);

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
