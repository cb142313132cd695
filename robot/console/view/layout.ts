import { html, type Markup } from "../../lib/html.ts";
import { ROLE_NAMES } from "../access/roles.ts";
import type { Session } from "../access/sessions.ts";
import { STYLES } from "../http/static-files.ts";
import { icon, SPRITE } from "./icons.ts";

/** The parts of the console, in the order of its menu. */
const SECTIONS = [
  { key: "overview", path: "/", title: "總覽", icon: "grid" },
  { key: "start", path: "/start", title: "執行", icon: "play" },
  { key: "questions", path: "/questions", title: "待處理", icon: "person" },
  { key: "runs", path: "/runs", title: "紀錄", icon: "list" },
  { key: "settings", path: "/settings", title: "設定", icon: "gear" },
] as const;

export type Section = (typeof SECTIONS)[number]["key"];

export interface PageParts {
  readonly title: string;
  readonly section: Section | null;
  readonly session: Session;
  /** Questions that wait for a person. */
  readonly open: number;
  readonly body: Markup;
  /** What the page is told of as it happens; null for a page that stands still. */
  readonly live: string | null;
  /** What was just done, in a sentence. */
  readonly notice?: string | null;
}

/** A whole page of the console. */
export function page({ title, section, session, open, body, live, notice = null }: PageParts): string {
  return whole(
    title,
    html`<a class="skip" href="#main">跳到內容</a>
${SPRITE}
<div class="frame">
<header class="side">
<a class="brand" href="/"><span class="mark" aria-hidden="true">票</span><span>電子發票機器人</span></a>
<nav aria-label="主選單"><ul>${SECTIONS.map((one) => navItem(one, section, open))}</ul></nav>
<div class="who"><span><strong>${session.person}</strong><span class="soft">${ROLE_NAMES[session.role]}</span></span>
<form method="post" action="/sign-out">${csrfField(session)}<button class="quiet">登出</button></form></div>
</header>
<main id="main" tabindex="-1"${live === null ? null : html` data-live="${live}"`}>
${notice === null ? null : html`<p class="notice good" role="status">${icon("done")}${notice}</p>`}
<p class="notice warn" id="offline" role="status" hidden>${icon("warn")}和主控台的連線斷了，畫面可能不是最新的；恢復後會自動更新。</p>
${body}
</main>
</div>`,
  );
}

function navItem(one: (typeof SECTIONS)[number], section: Section | null, open: number): Markup {
  const here = one.key === section ? html` aria-current="page"` : null;
  const count =
    one.key === "questions" && open > 0
      ? html`<span class="count">${open}<span class="unseen"> 件</span></span>`
      : null;
  return html`<li id="nav-${one.key}" data-fresh><a href="${one.path}"${here}>${icon(one.icon)}<span>${one.title}</span>${count}</a></li>`;
}

/** The hidden field that every form carries. */
export function csrfField({ csrf }: Session): Markup {
  return html`<input type="hidden" name="csrf" value="${csrf}">`;
}

/** A page for a person who is not signed in, or whose request was refused. */
export function bareDocument(title: string, body: Markup): string {
  return whole(title, html`${SPRITE}<main id="main" class="alone">${body}</main>`);
}

function whole(title: string, body: Markup): string {
  return html`<!doctype html>
<html lang="zh-Hant-TW">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}｜電子發票機器人</title>
<link rel="icon" href="/static/icon.svg" type="image/svg+xml">
${STYLES.map((name) => html`<link rel="stylesheet" href="/static/${name}.css">`)}
<script src="/static/console.js" defer></script>
</head>
<body>
${body}
</body>
</html>
`.toString();
}
