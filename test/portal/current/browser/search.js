import { reactive } from "vue";
import { download as fetchFile } from "./parts/download.js";
import { ask, toast } from "./parts/overlay.js";
import { pageView, swallows } from "./parts/page-view.js";
import { pager } from "./parts/pager.js";
import { call } from "./session.js";
import { takeTabs } from "./parts/tabs.js";
import { component } from "./parts/template.js";
import { ticks } from "./parts/ticks.js";

export const search = component("search", {
  components: { pager, takeTabs },
  setup() {
    const options = reactive({ listed: [], open: [], categories: [] });
    const asked = reactive({ from: "", to: "", category: "" });
    const found = reactive({ rows: null, total: 0, rowsPerPage: 10, page: 1 });

    const view = pageView("BTB004W", async () => {
      const answer = await call("/btb/api/btb004w/options");
      if (answer === null) return;
      Object.assign(options, answer);
      [asked.from, asked.to] = answer.open.map(({ value }) => value);
    });
    const { ticked, tick } = ticks(view);

    const query = async (page) => {
      const answer = await call("/btb/api/btb004w/query", { json: { ...asked, page } });
      if (answer === null) return;
      ticked.clear();
      Object.assign(found, answer, { page });
      toast(answer.total === 0 ? "查無資料" : "查詢成功");
    };

    const download = async (ids) => {
      if (ids.length === 0) return toast("請選擇欲下載之資料");
      if (await ask({ text: "下載檔案編碼為UTF-8" })) await fetchFile("/btb/api/btb004w/download", { json: { ids } });
    };

    const submit = () => swallows("swallowsQueryClick") || query(1);
    const show = (row) => ask({ title: "取號資料", no: "關閉", yes: "確定", rows: details(row) });
    return { view, options, asked, found, ticked, tick, query, submit, download, show };
  },
});

function details(row) {
  return [
    ["營業人統編", row.ban],
    ["發票期別", row.period],
    ["發票類別", row.category],
    ["申請編號", row.id],
    ["是否已配號", row.state],
  ];
}
