import { html } from "hono/html";
import type { BlankCells } from "../../model/blank-numbers/blank-rules.ts";
import { taipeiIso } from "../../model/clock.ts";
import { periodRange } from "../../model/periods.ts";
import { backButton, categoryOptions, formRow, linkButton, type Markup, option, pager } from "./parts.ts";

export const BASE = "/APBTB/blank";

/** A period as these pages print it: `115/11~115/12`. */
function printed(period: string): string {
  return periodRange(period, { tilde: "tight", year: "roc" });
}

const periodOptions = (periods: readonly string[], chosen: string): Markup[] =>
  periods.map((period) => option(period, printed(period), chosen));

const backLine = (to: string): Markup => html`<p class="back">${backButton(to)}</p>`;

/** 查詢. */
export function blankQueryPage(periods: readonly string[], chosen: string): Markup {
  return html`<h2>查詢</h2>
    <form method="post" action="${BASE}/list">
      <table class="form">
        ${formRow(
          "字軌期別",
          html`<select id="period" name="period">
            ${periodOptions(periods, chosen)}
          </select>`,
        )}
      </table>
      <p class="buttons">
        ${linkButton("新增", "add", { href: `${BASE}/add` })}
        ${linkButton("查詢", "search", { "data-do": "post", "data-is-query": "yes" })}
        ${linkButton("匯入字軌", "file", { href: `${BASE}/upload` })}
        ${linkButton("上傳列表", "search", { href: `${BASE}/uploads` })}
      </p>
      <p>如使用【匯入字軌】功能維護『未使用空白發票號碼』，請於上傳後以【上傳列表】功能進行結果確認。</p>
      <p>如需確認資料是否正確請至【查詢】功能。</p>
    </form>
    ${backLine("/APBTB/Main")}`;
}

export interface PageOf<Row> {
  readonly rows: readonly Row[];
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
}

/** A row of the list; `category` is the word that is printed. */
export type BlankRow = BlankCells & { readonly id: string };

/** 列表 of what is listed for one period. */
export function blankListPage(period: string, { rows, page, perPage, total }: PageOf<BlankRow>): Markup {
  const remove = {
    "data-do": "post",
    "data-to": `${BASE}/delete`,
    "data-none": "請勾選欲刪除之資料",
    "data-confirm": "請確認是否刪除所選資料？",
  };
  return html`<h2>列表</h2>
    <form method="post" action="${BASE}/list">
      <input type="hidden" name="period" value="${period}" />
      <table class="list">
        <tr>
          <th>刪除</th>
          <th>總/分支機構統編</th>
          <th>發票類別</th>
          <th>發票年月</th>
          <th>發票字軌</th>
          <th>發票起號</th>
          <th>發票迄號</th>
        </tr>
        ${rows.map(
          (row) =>
            html`<tr>
              <td><input type="checkbox" name="id" value="${row.id}" /></td>
              <td>${row.ban}</td>
              <td>${row.category}</td>
              <td>${printed(row.period)}</td>
              <td>${row.track}</td>
              <td>${row.begin}</td>
              <td>${row.end}</td>
            </tr>`,
        )}
      </table>
      ${pager(page, perPage, total)}
      <p class="buttons">
        ${linkButton("全選", "ok", { "data-do": "tick-all" })} ${linkButton("取消全選", "ok", { "data-do": "tick-none" })}
        ${linkButton("刪除", "delete", remove)} ${backButton(BASE)}
      </p>
    </form>`;
}

/** 上傳: 匯入字軌's form. */
export function blankUploadPage(periods: readonly string[], chosen: string, asks: boolean): Markup {
  const upload = {
    "data-do": "post",
    "data-check": "file",
    ...(asks ? { "data-confirm": "請確認是否上傳空白未使用發票檔？" } : {}),
  };
  const popup = (what: string): Record<string, string> => ({
    "data-do": "popup",
    "data-to": `${BASE}/download/${what}`,
  });
  return html`<h2>上傳</h2>
    <form method="post" action="${BASE}/import" enctype="multipart/form-data">
      <table class="form">
        ${formRow(
          "字軌期別",
          html`<select id="period" name="period">
            ${periodOptions(periods, chosen)}
          </select>`,
        )}
        ${formRow("檔案上傳路徑", html`<input type="file" id="file" name="file" size="40" />`)}
      </table>
      <p class="buttons">
        ${linkButton("上傳", "save", upload)} ${linkButton("範例下載", "file", popup("sample"))}
        ${linkButton("說明檔下載", "file", popup("guide"))}
      </p>
    </form>
    <p class="notes-head">注意：</p>
    <p class="notes">
      1.請於次期<b class="red">10日</b>前上傳空白未使用發票檔<br />2.詳細使用規則請參考範例檔案說明<br />3.檔案匯入作業，每一小時執行一次
    </p>
    <p class="notes-head">範例檔使用說明：</p>
    <p class="notes">
      1.下載範例檔後請務必使用電腦程式裡的附屬應用程式 <b>記事本</b> 開啟編輯檔案<br />2.範例檔中表頭(中文說明)皆需清空後再編輯檔案<br />3.編輯完成後以
      <b>.csv</b>檔 另存新檔
    </p>
    ${backLine(BASE)}`;
}

export interface UploadRow {
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly name: string;
  readonly state: string;
  readonly failed: boolean;
}

/** 上傳列表. */
export function blankUploadsPage({ rows, page, perPage, total }: PageOf<UploadRow>): Markup {
  const details = (name: string): Markup =>
    html`<a href="javascript:void(0)" data-do="popup" data-to="${BASE}/download/${name}">下載</a>`;
  return html`<h2>上傳列表</h2>
    <form method="post" action="${BASE}/uploads">
      <table class="list">
        <tr>
          <th>匯入時間</th>
          <th>匯入檔名</th>
          <th>處理狀態</th>
          <th>失敗明細</th>
        </tr>
        ${rows.map(
          ({ receivedAt, name, state, failed }) =>
            html`<tr>
              <td>${taipeiIso(receivedAt).slice(0, 19).replace("T", " ")}</td>
              <td>${name}</td>
              <td>${state}</td>
              <td>${failed ? details(name) : ""}</td>
            </tr>`,
        )}
      </table>
      ${pager(page, perPage, total)}
    </form>
    <p class="notes-head">處理說明：</p>
    <p class="notes">
      (1) 已完成：至 <b>[查詢]</b> 功能，確認上傳成功清單資訊是否無誤。<br />(2) 處理失敗：請點選失敗明細之
      <b>[下載]</b>，依照下載取得的錯誤訊息內容進行調整。
    </p>
    ${backLine(BASE)}`;
}

/** 新增: one run by hand. */
export function blankAddPage(bans: readonly string[], periods: readonly string[], typed: BlankCells): Markup {
  const select = (name: string, options: Markup[]): Markup =>
    html`<select id="${name}" name="${name}">
      ${options}
    </select>`;
  const text = (name: string, size: number, value: string): Markup =>
    html`<input type="text" id="${name}" name="${name}" maxlength="${size}" size="12" value="${value}" />`;
  return html`<h2>新增</h2>
    <form method="post" action="${BASE}/save">
      <table class="form">
        ${formRow(
          "總/分支機構統編",
          select(
            "ban",
            bans.map((ban) => option(ban, ban, typed.ban)),
          ),
        )}
        ${formRow("字軌期別", select("period", periodOptions(periods, typed.period)))}
        ${formRow("發票類別", select("category", categoryOptions(typed.category)))}
        ${formRow("發票字軌", text("track", 2, typed.track))} ${formRow("發票起號", text("begin", 8, typed.begin))}
        ${formRow("發票迄號", text("end", 8, typed.end))}
      </table>
      <p class="buttons">${linkButton("儲存", "ok", { "data-do": "post" })}</p>
    </form>
    ${backLine(BASE)}`;
}
