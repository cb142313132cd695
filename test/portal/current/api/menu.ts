import { FILE_PAGES, inGroup } from "../../common/file-pages/index.ts";
import { BLANK_FUNCTION, WINNING_FUNCTION } from "../../model/company.ts";

interface MenuItem {
  readonly title: string;
  readonly href: string;
  /** The function an account must have been granted to see it. */
  readonly code: string | null;
}

interface MenuGroup {
  readonly title: string;
  readonly items: readonly MenuItem[];
}

const elsewhere = (title: string, path: string): MenuItem => ({ title, href: `/dashboard/${path}`, code: null });

const groups: readonly MenuGroup[] = [
  { title: "待辦事項", items: [{ title: "待辦事項", href: "/dashboard/btb/btb013w", code: "BTB013W" }] },
  {
    title: "電子發票字軌號碼",
    items: [
      { title: "電子發票(專用)字軌號碼取號", href: "/dashboard/btb/btb004w/search", code: "BTB004W" },
      elsewhere("總機構上傳分支機構配號檔作業", "btb/branch"),
      elsewhere("加值中心下載電子發票配號紀錄檔", "btb/records"),
    ],
  },
  {
    title: "每單月10日前應辦理事項",
    items: [
      { title: "上傳空白未使用發票號碼", href: "/dashboard/btb/blank/search", code: BLANK_FUNCTION },
      elsewhere("電子發票上傳狀態查詢", "btb/upload-state"),
    ],
  },
  {
    title: "查詢與下載",
    items: [elsewhere("未依限或未據實上傳明細", "btb/late-uploads"), elsewhere("媒體申報檔下載(非即時)", "btb/media")],
  },
  {
    title: "接收方式及授權",
    items: [elsewhere("設定接收方式及授權", "btb/btb007w"), elsewhere("加值中心授權查詢", "btb/authorised")],
  },
  {
    title: "中獎發票",
    items: [{ title: "中獎清冊下載", href: "/dashboard/btb/winning", code: WINNING_FUNCTION }],
  },
  {
    title: "會員職員申請及異動",
    items: [elsewhere("職員帳號管理", "act/staff"), elsewhere("營業人資料維護", "act/company")],
  },
];

/** 營業人功能選單, without what the account was not granted. */
export function menuGroups(functions: readonly string[]): MenuGroup[] {
  return groups
    .map(({ title, items }) => ({
      title,
      items: inGroup(
        FILE_PAGES.filter(({ group }) => group.current === title),
        (page): MenuItem => ({ title: page.title, href: `/dashboard/btb/${page.id}`, code: page.code }),
        items,
      ).filter(({ code }) => code === null || functions.includes(code)),
    }))
    .filter(({ items }) => items.length > 0);
}
