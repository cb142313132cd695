import { html } from "hono/html";
import { category, categoryNames } from "../../model/company.ts";
import { periodRange } from "../../model/periods.ts";

export type Markup = ReturnType<typeof html>;

/** A link that looks like a button, with its icon. */
export function linkButton(
  text: string,
  icon: "add" | "search" | "mail" | "file" | "save" | "back" | "ok" | "delete",
  attributes: Readonly<Record<string, string>>,
): Markup {
  const given = { href: "javascript:void(0)", ...attributes };
  const written = Object.entries(given).map(([name, value]) => html` ${name}="${value}"`);
  return html`<a class="button"${written}><span class="icon ${icon}" aria-hidden="true"></span>${text}</a>`;
}

/** 頁次 and what stands beside it; choosing another page sends the form. */
export function pager(page: number, perPage: number, total: number): Markup {
  const pages = Array.from({ length: Math.max(1, Math.ceil(total / perPage)) }, (_, index) => index + 1);
  const options = pages.map(
    (number) => html`<option value="${number}" ${number === page ? "selected" : ""}>${number}</option>`,
  );
  return html`<p class="pager">
    頁次 <select name="page" data-sends="yes">${options}</select> 每頁顯示 ${perPage} 筆，總筆數: ${total}
  </p>`;
}

/** 返回, with its red circle. */
export function backButton(to: string): Markup {
  return linkButton("返回", "back", { href: to });
}

/** A line of a grey box. */
export function formRow(label: string, value: Markup | string): Markup {
  return html`<tr>
    <th>${label}</th>
    <td>${value}</td>
  </tr>`;
}

export function option(value: string, text: string, chosen: string): Markup {
  return html`<option value="${value}" ${value === chosen ? "selected" : ""}>${text}</option>`;
}

/** 發票類別. */
export function categoryOptions(chosen: string): Markup[] {
  return category.options.map((one) => option(one, categoryNames[one], chosen));
}

/** The pop-up window of a download: the file follows by itself. */
export function downloadWindow(file: string): Markup {
  return html`<h2>檔案下載</h2>
    <p data-download="${file}">檔案準備中，下載完成後請關閉本視窗。</p>
    <p><a class="button" href="javascript:void(0)" data-do="close-window">關閉視窗</a></p>`;
}

/** 發票期別 of a query. */
export function periodRow(periods: readonly string[], chosen: string): Markup {
  return formRow(
    "發票期別",
    html`<select id="period" name="period">
      ${periods.map((one) => option(one, periodRange(one, { tilde: "tight", year: "roc" }), chosen))}
    </select>`,
  );
}
