import { reactive } from "vue";
import { toast } from "../parts/overlay.js";
import { pageView } from "../parts/page-view.js";
import { go } from "../router.js";
import { call } from "../session.js";
import { blankTabs } from "../parts/tabs.js";
import { component } from "../parts/template.js";

/** 新增: one run of blank numbers by hand. */
export const blankAdd = component("blank-add", {
  components: { blankTabs },
  setup() {
    const options = reactive({ open: [], categories: [], bans: [] });
    const form = reactive({ ban: "", period: "", category: "", track: "", begin: "", end: "" });
    const state = reactive({ busy: false });

    const view = pageView("BLANK", async () => {
      const answer = await call("/btb/api/blank/options");
      if (answer === null) return;
      Object.assign(options, answer);
      [form.ban] = answer.bans;
    });

    const save = async () => {
      if (Object.values(form).includes("")) return toast("請輸入必填欄位");
      state.busy = true;
      const answer = await call("/btb/api/blank/add", { json: { ...form } });
      state.busy = false;
      if (answer === null) return;
      Object.assign(form, { track: "", begin: "", end: "" });
      toast(answer.message);
    };

    return { view, options, form, state, save, go };
  },
});
