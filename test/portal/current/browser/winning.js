import { reactive } from "vue";
import { download } from "./parts/download.js";
import { toast } from "./parts/overlay.js";
import { pageView, swallows } from "./parts/page-view.js";
import { call } from "./session.js";
import { component } from "./parts/template.js";

/** 中獎清冊下載: the lists of winners of a period. */
export const winning = component("winning", {
  setup() {
    const state = reactive({ periods: [], period: "", rows: null, total: 0 });
    const view = pageView("WINNING", async () => {
      const answer = await call("/btb/api/winning/options");
      if (answer !== null) Object.assign(state, { periods: answer.periods, period: answer.periods[0]?.value ?? "" });
    });
    const query = async () => {
      const answer = await call("/btb/api/winning/query", { json: { period: state.period } });
      if (answer === null) return;
      Object.assign(state, answer);
      toast(answer.total > 0 ? "查詢成功" : "查無資料");
    };
    const submit = () => swallows("swallowsQueryClick") || query();
    const save = ({ name }) => download(`/btb/api/winning/file/${name}`);
    return { view, state, submit, save };
  },
});
