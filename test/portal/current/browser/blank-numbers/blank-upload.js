import { reactive, useTemplateRef } from "vue";
import { download } from "../parts/download.js";
import { ask, toast } from "../parts/overlay.js";
import { pageView } from "../parts/page-view.js";
import { go } from "../router.js";
import { call } from "../session.js";
import { blankTabs } from "../parts/tabs.js";
import { component } from "../parts/template.js";

/** 匯入字軌: uploads a file of blank numbers for the hourly import. */
export const blankUpload = component("blank-upload", {
  components: { blankTabs },
  setup() {
    const options = reactive({ open: [], confirmUpload: true });
    const state = reactive({ period: "", busy: false });
    const chooser = useTemplateRef("chooser");

    const view = pageView("BLANK", async () => {
      const answer = await call("/btb/api/blank/options");
      if (answer !== null) Object.assign(options, answer);
    });

    const confirmed = (file) => {
      const period = options.open.find(({ value }) => value === state.period)?.text ?? "";
      const rows = [
        ["字軌期別", period],
        ["檔案名稱", file.name],
      ];
      return ask({ text: "請確認是否上傳空白未使用發票檔？", rows });
    };

    const upload = async () => {
      const [file] = chooser.value.files;
      if (state.period === "") return toast("請選擇字軌期別");
      if (file === undefined) return toast("請選擇欲上傳之檔案");
      if (options.confirmUpload && !(await confirmed(file))) return;
      const form = new FormData();
      form.set("period", state.period);
      form.set("file", file);
      state.busy = true;
      const answer = await call("/btb/api/blank/upload", { form });
      state.busy = false;
      if (answer === null) return;
      chooser.value.value = "";
      toast(answer.message);
    };

    const sample = () => download("/btb/api/blank/sample");
    const guide = () => download("/btb/api/blank/guide");
    return { view, options, state, upload, sample, guide, go };
  },
});
