import type { Page } from "playwright";
import { beforeAll, describe, expect, test } from "vitest";
import { submitButton } from "../../../selectors/dom/locator-spec.ts";
import { questionOnPage, standing } from "../../../selectors/dom/reading/over.ts";
import { readPage } from "../../../selectors/dom/reading/read-page.ts";
import { TERMS } from "../../../selectors/dom/reading/vocabulary.ts";
import { monitorDialogs } from "../../../selectors/dom/windows/dialogs.ts";
import { pressOnce } from "../../../selectors/submit/press-once.ts";
import { Submission } from "../../../selectors/submit/submission.ts";
import { smallPage } from "../../support/kit/small-page.ts";

// Pages that ask for the password again, and pages that look like one. They share one browser.

const small = smallPage();
let page: Page;
beforeAll(() => {
  page = small();
});

const submit = submitButton("again.submit", TERMS.takeSubmit, { purpose: /取號/, fields: [TERMS.books] });
const FORM = `<h1>取號</h1><label>取用本數<input></label>`;
const VERIFY = `<p>現在位置 / 驗證密碼</p><b>驗證密碼</b>
  <form onsubmit="parent.typed(this.pwd.value); return false"><table><tr><td>密碼</td><td><input type=password name=pwd></td></tr></table>
  <input type=button value="取消"> <input type=submit value="確認授權"></form>`;

test("a whole page in a frame that asks for it after the browser's own question is answered once, there, for the act that was pressed", async () => {
  const content = `${FORM}<button onclick="if (confirm('是否確定提交取號？')) parent.ask()">提交取號</button>`;
  await page.setContent(`<script>
    window.sent = [];
    window.ask = () => { document.querySelector("iframe").srcdoc = ${JSON.stringify(VERIFY)}; };
    window.typed = (value) => { window.sent.push(value); alert("取號資料已提交"); };
  </script><iframe srcdoc='${content.replaceAll("'", "&#39;")}'></iframe>`);
  const submission = new Submission(page, monitorDialogs(page), { accepted: /已提交/, refused: /錯誤/, reasons: [] });
  await pressOnce(submission.button(submit));
  const question = await submission.confirmation(() => ({}));
  expect(question).toMatchObject({ words: "是否確定提交取號？", asksPassword: false });
  if (question !== null) await pressOnce(question.confirm);

  const box = await submission.passwordBox();

  expect(box).toMatchObject({ asksPassword: true, words: expect.stringContaining("驗證密碼") });
  await (await box?.passwordField?.())?.fill("right-pass");
  if (box !== null) await pressOnce(box.confirm);
  expect(await submission.answer()).toEqual({ kind: "accepted", words: "取號資料已提交" });
  expect(await page.evaluate("window.sent")).toEqual(["right-pass"]);
});

describe("a page is no question about the act that was pressed where it", () => {
  const buttons = `<button>取消</button><button>確認</button>`;
  test.for([
    ["wants a new password", `<h1>請變更密碼</h1><p>密碼驗證</p><label>新密碼<input type=password></label>${buttons}`],
    ["has two fields for passwords", `<h1>驗證密碼</h1><input type=password><input type=password>${buttons}`],
    ["wants an account too", `<h1>驗證密碼</h1><label>帳號<input></label><input type=password>${buttons}`],
    ["does not say what for", `<h1>歡迎</h1><label>密碼<input type=password></label>${buttons}`],
    ["can't be declined", `<h1>驗證密碼</h1><label>密碼<input type=password></label><button>確認</button>`],
  ])("%s", async ([, html = ""]) => {
    await page.setContent(`${FORM}<button>提交取號</button>`);
    const before = await readPage(page);
    const pressed = before.controls.find(({ kind }) => kind === "button");
    await page.setContent(html);
    const reading = await readPage(page);
    expect(reading.controls.some(({ kind }) => kind === "password")).toBe(true);
    expect(pressed && questionOnPage(reading, standing(before), pressed)).toBeNull();
  });
});
