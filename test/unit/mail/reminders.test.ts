import { describe, expect, test } from "vitest";
import { mailTask } from "../../../robot/mail/reminders.ts";

function asked(subject: string, text = ""): { task: string; urgent: boolean } | null {
  return mailTask({ subject, text });
}

describe("what a mail of the portal asks for", () => {
  test.each([
    ["尚有電子發票未上傳", "", ["電子發票"], ["空白", "配號檔"]],
    [
      "尚有電子發票未上傳",
      "營業人 12345675 115年9-10月尚未上傳空白未使用字軌號碼。",
      ["空白未使用"],
      ["漏傳", "配號檔"],
    ],
    ["尚有電子發票未上傳", "貴營業人尚未上傳總分支機構配號檔。", ["總分支機構配號檔"], ["空白", "漏傳"]],
    [
      "尚有電子發票未上傳",
      "尚有電子發票 3 張未上傳。\r\n空白未使用電子發票字軌號碼未上傳。\r\n總分支機構配號檔未上傳。",
      ["漏傳的電子發票", "空白未使用", "總分支機構配號檔"],
      [],
    ],
    ["通知：總分支機構配號檔尚未上傳", "", ["總分支機構配號檔"], ["空白"]],
    ["空白未使用發票號碼逾期未傳送", "", ["空白未使用"], ["配號檔"]],
    ["電子發票整合服務平台通知", "您 115年9-10月 尚有空白發票號碼未上傳。", ["空白未使用"], ["配號檔"]],
  ])("「%s」 with 「%s」", (subject, text, named, unnamed) => {
    const found = asked(subject, text);
    expect(found?.urgent).toBe(false);
    for (const words of named) expect(found?.task).toContain(words);
    for (const words of unnamed) expect(found?.task).not.toContain(words);
  });

  test.each([
    ["使用非當期字軌通知", ""],
    ["電子發票異常通知", "貴營業人開立之發票字軌 AB 非本期字軌。"],
    ["電子發票字軌期別不符通知", ""],
    ["使用未經核配之字軌號碼通知", ""],
    ["電子發票異常通知", "營業人 12345675 上傳之發票 AB00000001，該字軌號碼未配號。"],
    ["開立未配號發票通知", ""],
    ["電子發票異常通知", "貴公司開立的發票號碼從未配給貴公司"],
  ])("「%s」 with 「%s」 needs a person on the same day", (subject, text) => {
    expect(asked(subject, text)?.urgent).toBe(true);
  });

  test.each([
    ["電子發票配號結果通知", "配號完成。請勿使用非當期字軌。未配號之字軌不得使用。"],
    ["取號成功", "尚未上傳空白號碼者請依期限上傳。"],
    ["系統維護公告", "12 月 18 日停機。"],
    ["電子發票宣導", "如有使用非當期字軌，將以未依規定開立論處。"],
    ["您的申請尚未配號", "申請處理中。"],
  ])("「%s」 with 「%s」 asks for nothing", (subject, text) => {
    expect(asked(subject, text)).toBeNull();
  });

  test("a centre's announcement is told as before", () => {
    expect(asked("空白發票通知")?.task).toContain("加值中心將在下個月 6 日上傳");
  });
});
