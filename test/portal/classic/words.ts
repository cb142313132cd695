import type { MailboxListRefusal } from "../common/mailbox-list.ts";
import type { BlankRefusal, SignInRefusal, TakeRefusal } from "../model/ledger.ts";

/** What the pages of the classic design say with `alert()`. */

export const signInRefusals: Readonly<Record<SignInRefusal, string>> = {
  captcha: "圖形驗證碼輸入錯誤",
  credentials: "使用者帳號或密碼錯誤",
  locked: "帳號因密碼錯誤次數過多已鎖定，請洽貴公司系統管理員或客服專線",
  "wrong-identity": "使用者帳號或密碼錯誤",
  "login-challenge": "登入資料錯誤，請重新登入",
};

export const takeRefusals: Readonly<Record<TakeRefusal, string>> = {
  "mailbox-list-missing": "取號前，請先透過取號Email維護，建立通知配號結果之Email",
  "not-in-window": "僅可取用本期及下期發票號碼，您選擇之發票期別非開放取號期間",
  "beyond-quota": "取用本數合計已超過可取用本數，請重新輸入",
  "already-taken": "該發票期別及發票類別已取號，如需增加請填寫增加本數",
  "allocation-pending": "該發票期別及發票類別前次取號尚未配號完成，請稍後再試",
  "nothing-asked": "取用本數及增加本數不可同時為0",
  "company-suspended": "營業人狀態非正常，不得取號",
};

export const mailboxRefusals: Readonly<Record<MailboxListRefusal, string>> = {
  "not-an-address": "Email格式錯誤",
  "listed-already": "Email已存在",
  "not-listed": "查無此Email",
  "list-full": "Email已達筆數上限",
};

export const blankRefusals: Readonly<Record<BlankRefusal, string>> = {
  "no-file": "請選擇檔案上傳路徑",
  "not-csv": "檔案格式錯誤，僅接受副檔名為.csv之檔案",
  "period-closed": "您選擇之字軌期別非開放上傳期間",
};

export const SESSION_EXPIRED = "Session has expired, please try again.";
export const NOT_GRANTED = "您無此功能之使用權限，請洽貴公司系統管理員";
export const NOTHING_FOUND = "查無資料";
