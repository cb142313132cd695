import { reactive } from "vue";
import { toast } from "../parts/overlay.js";
import { pageView } from "../parts/page-view.js";
import { go } from "../router.js";
import { call } from "../session.js";
import { component } from "../parts/template.js";

/** 資料設定: the page a forced change of the password leads to. */
export const password = component("password", {
  setup() {
    const form = reactive({ old: "", fresh: "", again: "" });
    const save = async () => {
      if (form.fresh !== form.again) return toast("新驗證碼（密碼）與確認驗證碼（密碼）不一致");
      const answer = await call("/act/api/password", { json: { old: form.old, fresh: form.fresh } });
      if (answer === null) return;
      toast("資料設定完成");
      go("/dashboard/btb/btb013w");
    };
    return { view: pageView("ACT101W"), form, save };
  },
});
