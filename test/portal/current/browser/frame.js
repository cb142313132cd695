import { onMounted, reactive } from "vue";
import { swallows, view } from "./parts/page-view.js";
import { go, route } from "./router.js";
import { call, session } from "./session.js";
import { component } from "./parts/template.js";

const titles = {
  BTB013W: ["待辦事項", "待辦事項"],
  BTB004W: ["電子發票字軌號碼", "電子發票(專用)字軌號碼取號"],
  BLANK: ["每單月10日前應辦理事項", "上傳空白未使用發票號碼"],
  ACT101W: ["會員職員申請及異動", "資料設定"],
};

/** Header, menu, breadcrumb and footer around every page of the business. */
export const frame = component("frame", {
  setup() {
    const state = reactive({ user: null, groups: [], blankCode: null, hidden: false });
    onMounted(async () => {
      const menu = await call("/ptl/api/menu");
      if (menu !== null) Object.assign(state, menu);
    });
    const open = (href) => swallows("swallowsMenuClick") || go(href);
    const crumbs = () => {
      const [group, title] = titles[view.code] ?? [];
      if (group === undefined) return [];
      const printed = view.code === "BLANK" ? state.blankCode : view.code;
      return [group, printed === null ? title : `${title}(${printed})`];
    };
    return { state, view, route, open, crumbs, signOut: () => session.signOut() };
  },
});
