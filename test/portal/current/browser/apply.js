import { reactive, watch } from "vue";
import { ask, toast } from "./parts/overlay.js";
import { pageView } from "./parts/page-view.js";
import { go } from "./router.js";
import { call } from "./session.js";
import { takeTabs } from "./parts/tabs.js";
import { component } from "./parts/template.js";

export const apply = component("apply", {
  components: { takeTabs },
  setup() {
    const options = reactive({ open: [], categories: [] });
    const form = reactive({ period: "", category: "", books: "", extraBooks: "0" });
    const state = reactive({ quota: null, receipt: null, busy: false });

    const view = pageView("BTB004W", async () => {
      const answer = await call("/btb/api/btb004w/options");
      if (answer !== null) Object.assign(options, answer);
    });

    watch(
      () => [form.period, form.category],
      async ([period, category]) => {
        state.quota = null;
        if (period === "" || category === "") return;
        state.quota = await call(`/btb/api/btb004w/status?${new URLSearchParams({ period, category })}`);
        const { lateFigure } = view;
        if (lateFigure) setTimeout(() => (form.books = String(lateFigure.books)), lateFigure.ms);
      },
    );

    const submit = async () => {
      if (form.period === "" || form.category === "") return toast("請選擇發票期別及發票類別");
      if (!/^\d{1,4}$/.test(form.books) || !/^\d{1,4}$/.test(form.extraBooks)) {
        return toast("取用本數及增加本數請輸入數字");
      }
      const text = (list, value) => list.find((one) => one.value === value)?.text ?? "";
      const rows = [
        ["發票期別", text(options.open, form.period)],
        ["發票類別", text(options.categories, form.category)],
        ["取用本數", form.books],
        ["增加本數", form.extraBooks],
      ];
      if (!(await ask({ text: "請確認以下取號資料，確認後即提交取號", rows, no: "取消", yes: "確認" }))) return;
      state.busy = true;
      const answer = await call("/btb/api/btb004w/apply", {
        json: {
          period: form.period,
          category: form.category,
          books: Number(form.books),
          extraBooks: Number(form.extraBooks),
        },
      });
      state.busy = false;
      if (answer === null) return;
      toast(answer.message);
      state.receipt = { ...answer, rows };
    };

    return { view, options, form, state, submit, go };
  },
});
