import { describe, expect, test } from "vitest";
import type { Control, PageReading } from "../../../selectors/dom/reading/reading.ts";
import { signedOutIn } from "../../../selectors/portal/sign-in/sign-in.ts";
import { controlOf, readingOf } from "../../support/kit/control.ts";

function control(kind: Control["kind"], text: string): Control {
  return controlOf(text, { id: text.length, kind });
}

function page(...controls: readonly Control[]): PageReading {
  return readingOf({ address: "https://portal.example/accounts/login", title: "平台", controls });
}

describe("a session that has ended without a word is known by", () => {
  test.for([
    ["a form to sign in by", [control("password", "密碼")]],
    ["a way to it", [control("link", "登入")]],
  ] as const)("%s, and nothing to sign out by", ([, controls]) => {
    expect(signedOutIn(page(...controls))).toContain("已經不在登入狀態");
  });

  test.for([
    ["where one can sign out, whatever is asked for", [control("password", "密碼"), control("link", "登出")]],
    ["on a page that has neither", [control("button", "查詢")]],
  ] as const)("but not %s", ([, controls]) => {
    expect(signedOutIn(page(...controls))).toBeNull();
  });
});
