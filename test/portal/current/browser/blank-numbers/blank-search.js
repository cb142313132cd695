import { reactive } from "vue";
import { ask, toast } from "../parts/overlay.js";
import { pageView, swallows } from "../parts/page-view.js";
import { pager } from "../parts/pager.js";
import { call } from "../session.js";
import { blankTabs } from "../parts/tabs.js";
import { component } from "../parts/template.js";
import { ticks } from "../parts/ticks.js";

/** 查詢 of blank numbers: the list, and 刪除 of its rows. */
export const blankSearch = component("blank-search", {
  components: { blankTabs, pager },
  setup() {
    const state = reactive({ listed: [], period: "", busy: false });
    const found = reactive({ rows: null, total: 0, rowsPerPage: 15, page: 1 });

    const view = pageView("BLANK", async () => {
      const answer = await call("/btb/api/blank/options");
      if (answer !== null) Object.assign(state, { listed: answer.listed, period: answer.listed[0].value });
    });
    const { ticked, tick } = ticks(view);

    const query = async (page) => {
      const answer = await call("/btb/api/blank/query", { json: { period: state.period, page } });
      if (answer === null) return;
      ticked.clear();
      Object.assign(found, answer, { page });
      toast(answer.total === 0 ? "查無資料" : "查詢成功");
    };

    const tickAll = (on) => {
      ticked.clear();
      if (on) for (const { id } of found.rows) ticked.add(id);
    };

    const remove = async () => {
      const ids = [...ticked];
      if (ids.length === 0) return toast("請選擇欲刪除之資料");
      if (!(await ask({ text: `請確認是否刪除所選之 ${ids.length} 筆資料？` }))) return;
      state.busy = true;
      const answer = await call("/btb/api/blank/delete", { json: { ids } });
      state.busy = false;
      if (answer === null) return;
      toast(answer.message);
      await query(1);
    };

    const submit = () => swallows("swallowsQueryClick") || query(1);
    const back = () => Object.assign(found, { rows: null });
    return { view, state, found, ticked, tick, tickAll, query, submit, remove, back };
  },
});
