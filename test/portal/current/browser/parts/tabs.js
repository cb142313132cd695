import { go, route } from "../router.js";
import { component } from "./template.js";

const tabBar = (label, tabs) => component("tabs", { setup: () => ({ label, tabs, route, go }) });

/** The tabs of 電子發票(專用)字軌號碼取號. */
export const takeTabs = tabBar("取號功能", [
  { title: "查詢", path: "/dashboard/btb/btb004w/search" },
  { title: "＋取號", path: "/dashboard/btb/btb004w/apply" },
  { title: "取號電子郵件信箱維護", path: "/dashboard/btb/btb004w/mail" },
]);

/** The tabs of 上傳空白未使用發票號碼. */
export const blankTabs = tabBar("空白未使用發票號碼功能", [
  { title: "查詢", path: "/dashboard/btb/blank/search" },
  { title: "新增", path: "/dashboard/btb/blank/add" },
  { title: "匯入字軌", path: "/dashboard/btb/blank/upload" },
  { title: "上傳列表", path: "/dashboard/btb/blank/uploads" },
]);
