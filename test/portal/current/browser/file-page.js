import { reactive } from "vue";
import { download } from "./parts/download.js";
import { toast } from "./parts/overlay.js";
import { pageView, swallows } from "./parts/page-view.js";
import { call } from "./session.js";
import { component } from "./parts/template.js";

/** A page on which a period is chosen and a file is downloaded. */
export const filePage = ({ id, title, code, button }) => {
  const api = `/btb/api/file-page/${id}`;
  return component("file-page", {
    setup() {
      const state = reactive({ periods: [], period: "", found: null });
      const view = pageView(code, async () => {
        const answer = await call(`${api}/options`);
        if (answer !== null) Object.assign(state, { periods: answer.periods, period: answer.periods[0].value });
      });
      const query = async () => {
        const answer = await call(`${api}/query`, { json: { period: state.period } });
        if (answer === null) return;
        state.found = answer.found;
        toast(answer.found ? "查詢成功" : "查無資料");
      };
      const submit = () => swallows("swallowsQueryClick") || query();
      const save = () => download(`${api}/file/${state.period}`);
      return { id, title, button, view, state, submit, save };
    },
  });
};
