import { onMounted, reactive } from "vue";
import { swallows, view } from "./page-view.js";
import { go, route } from "./router.js";
import { call, session } from "./session.js";
import { component } from "./template.js";

const titles = {
  BTB013W: ["待辦事項", "待辦事項(BTB013W)"],
  BTB004W: ["電子發票字軌號碼", "電子發票(專用)字軌號碼取號(BTB004W)"],
  ACT101W: ["會員職員申請及異動", "資料設定(ACT101W)"],
};

/** Header, menu, breadcrumb and footer around every page of the business. */
export const frame = component("frame", {
  setup() {
    const state = reactive({ user: null, groups: [], hidden: false });
    onMounted(async () => {
      const menu = await call("/ptl/api/menu");
      if (menu !== null) Object.assign(state, menu);
    });
    const open = (href) => swallows("swallowsMenuClick") || go(href);
    const crumbs = () => titles[view.code] ?? [];
    return { state, view, route, open, crumbs, signOut: () => session.signOut() };
  },
});
