import { html, raw } from "hono/html";

/** The value-added platform's pages (portal facts, section 9), as seeds 000 and 001 show them. */

export type Markup = ReturnType<typeof html>;

interface Shell {
  readonly content: Markup;
  /** What is said with `alert()` when the page has been shown. */
  readonly says?: string;
  /** Whether somebody is signed in: then there is a menu. */
  readonly isInside?: boolean;
}

const STYLE = `
  body { font-family: sans-serif; margin: 1em; }
  nav ul { list-style: none; margin: 0; padding: 0; }
  nav > ul > li { display: inline-block; vertical-align: top; margin-right: 2em; }
  [hidden] { display: none; }
  a.button { border: 1px solid #999; padding: 4px 12px; color: #000; text-decoration: none; background: #eee; }
  table { border-collapse: collapse; margin-top: 8px; }
  th, td { border: 1px solid #bbb; padding: 4px 8px; }
  tr.row:hover { background: #f4f4e0; }
  tr.row.chosen { background: #9fb4cc; }
  .modal { position: fixed; top: 80px; left: 80px; background: #fff; border: 2px solid #666; padding: 16px; }
`;

/** Rows are chosen by a click, and turn blue-grey. */
const SCRIPT = `
  for (const group of document.querySelectorAll("a.group")) group.addEventListener("click", (event) => {
    event.preventDefault();
    group.nextElementSibling.hidden = !group.nextElementSibling.hidden;
  });
  for (const row of document.querySelectorAll("tr.row")) row.addEventListener("click", () => row.classList.toggle("chosen"));
  const chosenRows = () => [...document.querySelectorAll("tr.row.chosen")].map((row) => row.dataset.id);
  addEventListener("load", () => {
    const { says } = document.body.dataset;
    if (says) setTimeout(() => alert(says), 0);
  });
`;

export function shell({ content, says = "", isInside = true }: Shell): Markup {
  return html`<!doctype html>
    <html lang="zh-Hant-TW">
      <head>
        <meta charset="utf-8" />
        <title>雲端發票加值平台</title>
        <style>${raw(STYLE)}</style>
      </head>
      <body data-says="${says}">
        <h1>雲端發票加值平台</h1>
        <p>演練用，非財政部網站</p>
        ${isInside ? menu() : ""}
        ${content}
        <script>${raw(SCRIPT)}</script>
      </body>
    </html>`;
}

function menu(): Markup {
  return html`<nav>
    <ul>
      <li><a class="group" href="#">發票功能 ▾</a>
        <ul hidden>
          <li><a href="/batch">批次作業</a></li>
          <li><a href="/machines">發票機管理</a></li>
        </ul>
      </li>
      <li><a class="group" href="#">其他功能 ▾</a>
        <ul hidden>
          <li><a href="/winners">會員載具中獎發票清冊</a></li>
          <li><a href="/deliveries">查詢發票寄送歷程</a></li>
        </ul>
      </li>
      <li><a href="/sign-out">登出</a></li>
    </ul>
  </nav>`;
}

/** A table whose rows can be chosen. */
export function rowsTable(
  headers: readonly string[],
  rows: readonly { readonly id: string; readonly cells: readonly string[] }[],
): Markup {
  return html`<table>
    <thead><tr>${headers.map((header) => html`<th>${header}</th>`)}</tr></thead>
    <tbody>
      ${rows.map(({ id, cells }) => html`<tr class="row" data-id="${id}">${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
    </tbody>
  </table>`;
}

/** 字軌期別 as the platform prints it: `103年 11-12月`. */
export function periodWords(period: string): string {
  const month = Number(period.slice(3));
  const two = (one: number): string => String(one).padStart(2, "0");
  return `${period.slice(0, 3)}年 ${two(month - 1)}-${two(month)}月`;
}

export function periodSelect(periods: readonly string[], chosen: string): Markup {
  return html`<p>請選擇字軌期別</p>
    <p><select name="period">
      ${periods.map((period) => html`<option value="${period}" ${period === chosen ? "selected" : ""}>${periodWords(period)}</option>`)}
    </select></p>`;
}

export function signInContent(): Markup {
  return html`<h2>登入</h2>
    <form method="post" action="/sign-in">
      <p>帳號 <input name="account" autocomplete="off" /></p>
      <p>密碼 <input name="password" type="password" /></p>
      <p><button>登入</button></p>
    </form>`;
}
