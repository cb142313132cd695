import { html } from "hono/html";
import { FILE_PAGES, inGroup } from "../../common/file-pages/index.ts";
import { BLANK_FUNCTION, WINNING_FUNCTION } from "../../model/company.ts";
import type { Session } from "../../model/sign-in.ts";
import type { Markup } from "./parts.ts";

interface Node {
  readonly title: string;
  /** A leaf's address; pages below it belong to it. */
  readonly href?: string;
  /** The function an account must have been granted to see it. */
  readonly code?: string;
  readonly children?: readonly Node[];
}

const elsewhere = (title: string, name: string): Node => ({ title, href: `/APBTB/none/${name}` });

const tree: readonly Node[] = [
  { title: "營業人功能選單", href: "/APBTB/Main" },
  elsewhere("請領案件進度管控", "progress"),
  {
    title: "電子發票專用字軌號碼取號",
    children: [
      { title: "電子發票專用字軌號碼取號(營業人)", href: "/APBTB/BTB004W", code: "BTB004W" },
      {
        title: "電子發票上傳作業",
        children: [
          elsewhere("總機構上傳分支機構配號檔作業", "branch"),
          { title: "上傳空白未使用發票號碼", href: "/APBTB/blank", code: BLANK_FUNCTION },
          elsewhere("未依限或未據實上傳明細", "late-uploads"),
        ],
      },
      elsewhere("加值中心下載電子發票配號紀錄檔", "records"),
    ],
  },
  {
    title: "中獎發票作業",
    children: [{ title: "中獎清冊下載", href: "/APBTB/winning", code: WINNING_FUNCTION }],
  },
  elsewhere("TURNKEY傳輸作業", "turnkey"),
  elsewhere("會員職員申請及異動", "members"),
];

/** The left column: nested lists that open on a click; the branch of the page that is shown is open. */
export function menuTree({ company, account }: Session, path: string): Markup {
  return html`<div id="menu">
    <p class="hide"><a href="javascript:void(0)" data-do="hide-menu">隱藏選單</a></p>
    <p class="welcome">歡迎: ${account.name}（${company.ban}）</p>
    <ul class="tree">
      ${tree.map((node) => branch(node, account.functions, path))}
      <li class="leaf"><a href="/Logout">登出</a></li>
    </ul>
  </div>`;
}

function branch(node: Node, functions: readonly string[], path: string): Markup {
  const { title, href, code, children } = node;
  if (code !== undefined && !functions.includes(code)) return html``;
  if (href !== undefined) {
    return html`<li class="leaf ${holds(node, path) ? "here" : ""}"><a href="${href}">${title}</a></li>`;
  }
  return html`<li class="node ${holds(node, path) ? "open" : ""}">
    <a href="javascript:void(0)" data-do="toggle">${title}</a>
    <ul>
      ${withFilePages(title, children ?? []).map((child) => branch(child, functions, path))}
    </ul>
  </li>`;
}

/** What is in a group: its own entries, and the pages of files that are there. */
function withFilePages(title: string, children: readonly Node[]): Node[] {
  return inGroup(
    FILE_PAGES.filter(({ group }) => group.classic === title),
    (page): Node => ({ title: page.title, href: `/APBTB/${page.id}`, code: page.code }),
    children,
  );
}

function holds({ href, children, title }: Node, path: string): boolean {
  return href === undefined
    ? withFilePages(title, children ?? []).some((child) => holds(child, path))
    : path === href || path.startsWith(`${href}/`);
}
