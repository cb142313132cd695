import { html } from "hono/html";
import type { PageView } from "../../common/page-view.ts";
import type { Session } from "../../model/sign-in.ts";
import { menuTree } from "./menu.ts";
import { backButton, type Markup } from "./parts.ts";

/** What every page says, so that nobody takes it for the real one. */
const PRACTICE = html`<p class="practice-note">演練用，非財政部網站</p>`;

/** A page of the business, or (without a session) the front page. */
export interface Shell {
  readonly title: string;
  /** Where the 返回 above 現在位置 leads; null where there is none. */
  readonly back: string | null;
  /** The parts of 現在位置 / … */
  readonly crumbs: readonly string[];
  readonly session: Session | null;
  readonly path: string;
  readonly view: PageView;
  /** Texts for `alert()`, one after the other, when the page has been shown. */
  readonly says: readonly string[];
}

/** Everything down to the content: it is on the screen while a late page is still on its way. */
export function pageTop({ title, back, crumbs, session, path, view, says }: Shell): Markup {
  return html`<!doctype html>
    <html lang="zh-Hant-TW">
      ${head(title)}
      <body
        class="${view.menuCoversTable ? "menu-covers" : ""}"
        data-says="${JSON.stringify(says)}"
        data-swallows-menu="${view.swallowsMenuClick ? "yes" : ""}"
        data-swallows-query="${view.swallowsQueryClick ? "yes" : ""}"
        data-late-figure="${view.lateFigure === null ? "" : JSON.stringify(view.lateFigure)}"
        data-tick-undone="${view.tickUndone ?? ""}"
      >
        <div id="header">
          <a href="/index" class="logo">財政部電子發票整合服務平台</a>
          <span class="tools"><a href="/index">回首頁</a> | <a href="/index">網站導覽</a> | Language ▾</span>
        </div>
        ${PRACTICE}
        <div class="wrap">
          ${session === null ? "" : menuTree(session, path)}
          <div id="content">
            ${back === null ? "" : html`<p class="back">${backButton(back)}</p>`}
            ${crumbs.length === 0 ? "" : html`<p class="crumbs">▶ 現在位置 / ${crumbs.join(" > ")}</p>`}
            <p class="loading">資料載入中…</p>`;
}

/** The content and what closes the page. */
export function pageRest({ view: { announcement } }: Shell, content: Markup): Markup {
  return html`<style>
              .loading {
                display: none;
              }
            </style>
            ${content}
          </div>
        </div>
        ${announcement === null ? "" : notice(announcement)}
        <script src="/classic/classic.js"></script>
      </body>
    </html>`;
}

/** A page without header and menu: a pop-up window, an outage, a page that only says something and leads elsewhere. */
export function barePage(page: {
  title: string;
  content: Markup;
  says?: string;
  /** Where the browser goes when what it says has been read. */
  leads?: string;
}): Markup {
  const { title, content, says, leads } = page;
  return html`<!doctype html>
    <html lang="zh-Hant-TW">
      ${head(title)}
      <body class="bare" data-says="${JSON.stringify(says === undefined ? [] : [says])}" data-leads="${leads ?? ""}">
        <div class="bare-box">${content}</div>
        ${PRACTICE}
        <script src="/classic/classic.js"></script>
      </body>
    </html>`;
}

function head(title: string): Markup {
  return html`<head>
    <meta charset="utf-8" />
    <title>${title}</title>
    <link rel="stylesheet" href="/classic/classic.css" />
  </head>`;
}

function notice(text: string): Markup {
  return html`<div id="notice">
    <h3>公告</h3>
    <p>${text}</p>
    <p><a class="button" href="javascript:void(0)" data-do="close-notice">關閉</a></p>
  </div>`;
}
