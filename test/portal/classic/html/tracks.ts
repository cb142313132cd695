import { html } from "hono/html";
import { categoryNames, type CompanyConfig, type Entry } from "../../model/company.ts";
import { periodParts, periodRange } from "../../model/periods.ts";
import { backButton, categoryOptions, formRow, linkButton, type Markup, option, pager } from "./parts.ts";

const BASE = "/APBTB/BTB004W";

/** A period as the classic design prints it: `115/11 ~ 115/12`. */
export function printedPeriod(period: string): string {
  return periodRange(period, { tilde: "spaced", year: "roc" });
}

export interface TrackCriteria {
  readonly from: string;
  readonly to: string;
  /** Empty for 全部. */
  readonly category: string;
}

/** 查詢: two years and two pairs of months, 發票類別, and the link-buttons. */
export function queryPage(criteria: TrackCriteria, years: readonly string[]): Markup {
  const { from, to } = criteria;
  return html`<h2>查詢</h2>
    <form method="post" action="${BASE}/list">
      <table class="form">
        <tr>
          <th>發票期別</th>
          <td>${periodSelects("From", from, years)} ~ ${periodSelects("To", to, years)}</td>
        </tr>
        <tr>
          <th>發票類別</th>
          <td>
            <select id="category" name="category">
              ${option("", "全部", criteria.category)}${categoryOptions(criteria.category)}
            </select>
          </td>
        </tr>
      </table>
      <p class="buttons">
        ${linkButton("取號", "add", { href: `${BASE}/take` })}
        ${linkButton("查詢", "search", { "data-do": "post", "data-is-query": "yes" })}
        ${linkButton("取號Email維護", "mail", { href: `${BASE}/mail` })}
      </p>
      <p class="red">取號前，請先透過取號Email維護，建立通知配號結果之Email.</p>
    </form>`;
}

/** 列表: the box to tick is there only where the numbers can be downloaded. */
export function listPage(
  criteria: TrackCriteria,
  { rows, page, perPage, total }: { rows: readonly Entry[]; page: number; perPage: number; total: number },
): Markup {
  const kept = { from: criteria.from, to: criteria.to, category: criteria.category };
  return html`<h2>列表</h2>
    <form method="post" action="${BASE}/list">
      ${Object.entries(kept).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
      <table class="list">
        <tr>
          <th><input type="checkbox" data-ticks-all="yes" /></th>
          <th>營業人統編</th>
          <th>發票期別</th>
          <th>發票類別</th>
          <th>取用本數</th>
          <th>增加本數</th>
          <th>已配本數</th>
          <th>是否已配號</th>
          <th>停止使用</th>
        </tr>
        ${rows.map(listRow)}
      </table>
      ${pager(page, perPage, total)}
      <p class="buttons">
        ${linkButton("取號", "add", { href: `${BASE}/take` })}
        ${linkButton("下載", "save", { "data-do": "popup", "data-to": `${BASE}/download`, "data-none": "請勾選欲下載之資料" })}
        ${backButton(BASE)}
      </p>
    </form>
    <p class="notes-head">注意事項:</p>
    <ol class="notes">
      <li>若是否已配號顯示為“已配號，檢核中”，代表號碼已配妥，但尚待檢核；檢核無誤後即以Email通知配號結果，並開放查詢與下載。</li>
      <li>下載之字軌檔案請以“記事本”開啟；若以Microsoft Excel開啟，字軌起號/迄號前面之0會被清除。</li>
    </ol>`;
}

export interface TakeFormState {
  readonly company: CompanyConfig;
  /** Periods that can be taken now. */
  readonly open: readonly string[];
  readonly period: string;
  readonly category: string;
  readonly books: string;
  readonly extraBooks: string;
  /** 狀態：… 可取用本數：… 已取用本數：… */
  readonly status: string;
  readonly ask: "confirm" | "alert" | "nothing";
}

/** 取用: the form of 取號. */
export function takePage(state: TakeFormState): Markup {
  const { company, open, period, category: chosen, books, extraBooks, status, ask } = state;
  const submit = {
    "data-do": "post",
    "data-check": "books",
    ...(ask === "nothing" ? {} : { [`data-${ask}`]: "是否確定提交取號？" }),
  };
  return html`<h2>取用</h2>
    <form method="post" action="${BASE}/submit">
      <table class="form">
        ${formRow("營業人統編", company.ban)} ${formRow("稅籍編號", company.taxId)} ${formRow("營業人名稱", company.name)}
        ${formRow("配號註記", "期配")}
        ${formRow(
          "發票期別",
          html`<select id="period" name="period" data-status="yes">
              ${open.map((one) => option(one, printedPeriod(one), period))}
            </select>
            <label class="stop"><input type="checkbox" name="stop" value="Y" />停止使用</label>`,
        )}
        ${formRow(
          "發票類別",
          html`<select id="category" name="category" data-status="yes">
            ${categoryOptions(chosen)}
          </select>`,
        )}
        ${formRow("*Email", html`<input type="text" name="email" size="40" readonly value="${company.mailboxList.join(";")}" />`)}
        ${formRow("取用本數", html`<input type="text" id="books" name="books" size="6" maxlength="4" value="${books}" />`)}
        ${formRow("增加本數", html`<input type="text" id="extraBooks" name="extraBooks" size="6" maxlength="4" value="${extraBooks}" />`)}
      </table>
      <p class="status" id="status">${status}</p>
      <p class="buttons">
        ${linkButton("提交取號", "ok", submit)} ${linkButton("查詢歷程記錄", "search", { href: `${BASE}/history` })}
        ${backButton(BASE)}
      </p>
    </form>
    <ol class="notes">
      <li>具年配資格之營業人，請於年底前提交新年度字軌申請，申請時僅需填寫開始啟用之期別，平台將自動配號到當年底。</li>
      <li>
        具期配資格之營業人：<br />(1) 僅可取用本期及下期發票號碼。<br />(2)
        平台於雙月18號進行下期發票字軌配號，並以本期最後已取用本數，做為下期取用本數之依據。<br />(3)
        下期取用本數需進行調整者，請於本期雙月18號前提出申請。
      </li>
    </ol>`;
}

/** 查詢歷程記錄: what was asked for, the newest first. */
export function historyPage(entries: readonly Entry[]): Markup {
  return html`<h2>查詢歷程記錄</h2>
    <table class="list">
      <tr>
        <th>申請編號</th>
        <th>發票期別</th>
        <th>發票類別</th>
        <th>取用本數</th>
        <th>增加本數</th>
        <th>配號方式</th>
      </tr>
      ${entries.toReversed().map(
        ({ id, period, category, books, extraBooks, by }) =>
          html`<tr>
            <td>${id}</td>
            <td>${printedPeriod(period)}</td>
            <td>${categoryNames[category]}</td>
            <td>${books}</td>
            <td>${extraBooks}</td>
            <td>${by === "automatic" ? "平台配號" : "營業人取號"}</td>
          </tr>`,
      )}
    </table>
    <p class="back">${backButton(`${BASE}/take`)}</p>`;
}

/** 取號Email維護. @param inInputs whether the addresses stand in fields */
export function mailPage(addresses: readonly string[], inInputs: boolean, asksPassword: boolean): Markup {
  const vouched = asksPassword ? { "data-vouch": "yes" } : {};
  const listed = addresses.map(
    (address) =>
      html`<tr>
        <td>${inInputs ? html`<input type="text" name="listed" size="40" value="${address}" />` : address}</td>
        <td>
          <form method="post" action="${BASE}/mail/delete">
            <input type="hidden" name="email" value="${address}" />
            ${linkButton("刪除", "delete", {
              "data-do": "post",
              "data-confirm": `請確認是否刪除「${address}」？`,
              ...vouched,
            })}
          </form>
        </td>
      </tr>`,
  );
  return html`<h2>取號Email維護</h2>
    <form method="post" action="${BASE}/mail/add">
      <table class="form">
        ${formRow("*Email", html`<input type="text" id="email" name="email" size="40" value="" />`)}
      </table>
      <p class="buttons">${linkButton("新增", "add", { "data-do": "post", ...vouched })}</p>
    </form>
    <table class="list">
      <tr>
        <th>Email</th>
        <th>刪除</th>
      </tr>
      ${listed}
    </table>
    <p class="back">${backButton(BASE)}</p>`;
}

function listRow(entry: Entry): Markup {
  const { id, ban, period, category, books, extraBooks, allocatedBooks, state, stopped } = entry;
  return html`<tr>
    <td>${state === "是" ? html`<input type="checkbox" name="id" value="${id}" />` : ""}</td>
    <td>${ban}</td>
    <td>${printedPeriod(period)}</td>
    <td>${categoryNames[category]}</td>
    <td>${books}</td>
    <td>${extraBooks}</td>
    <td>${allocatedBooks}</td>
    <td>${state}</td>
    <td>${stopped ? "是" : "否"}</td>
  </tr>`;
}

function periodSelects(side: "From" | "To", period: string, years: readonly string[]): Markup {
  const { year, months } = periodParts(period);
  const pairs = ["02", "04", "06", "08", "10", "12"].map((even) => periodParts(`000${even}`).months);
  return html`<select id="year${side}" name="year${side}">
      ${years.map((one) => option(one, one, year))}
    </select>
    /
    <select id="months${side}" name="months${side}">
      ${pairs.map((one) => option(one, one, months))}
    </select>`;
}
