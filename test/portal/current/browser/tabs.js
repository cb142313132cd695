import { go, route } from "./router.js";
import { component } from "./template.js";

const tabs = [
  { title: "查詢", path: "/dashboard/btb/btb004w/search" },
  { title: "＋取號", path: "/dashboard/btb/btb004w/apply" },
  { title: "取號電子郵件信箱維護", path: "/dashboard/btb/btb004w/mail" },
];

/** The tabs of 電子發票(專用)字軌號碼取號. */
export const takeTabs = component("take-tabs", { setup: () => ({ tabs, route, go }) });
