import { reactive } from "vue";
import { download } from "./download.js";
import { toast } from "./overlay.js";
import { pageView, swallows } from "./page-view.js";
import { call } from "./session.js";
import { component } from "./template.js";

/** 漏上傳資料清冊: what the portal lacks of a period. */
export const missing = component("missing", {
  setup() {
    const state = reactive({ periods: [], period: "", found: null });
    const view = pageView("MISSING", async () => {
      const answer = await call("/btb/api/missing/options");
      if (answer !== null) Object.assign(state, { periods: answer.periods, period: answer.periods[0].value });
    });
    const query = async () => {
      const answer = await call("/btb/api/missing/query", { json: { period: state.period } });
      if (answer === null) return;
      state.found = answer.found;
      toast(answer.found ? "查詢成功" : "查無資料");
    };
    const submit = () => swallows("swallowsQueryClick") || query();
    const save = () => download(`/btb/api/missing/file/${state.period}`);
    return { view, state, submit, save };
  },
});
