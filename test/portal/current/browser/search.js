import { nextTick, reactive } from "vue";
import { ask, toast } from "./overlay.js";
import { pageView, swallows } from "./page-view.js";
import { call, send } from "./session.js";
import { takeTabs } from "./tabs.js";
import { component } from "./template.js";

export const search = component("search", {
  components: { takeTabs },
  setup() {
    const options = reactive({ listed: [], open: [], categories: [] });
    const asked = reactive({ from: "", to: "", category: "" });
    const found = reactive({ rows: null, total: 0, rowsPerPage: 10, page: 1 });
    const ticked = reactive(new Set());

    const view = pageView("BTB004W", async () => {
      const answer = await call("/btb/api/btb004w/options");
      if (answer === null) return;
      Object.assign(options, answer);
      [asked.from, asked.to] = answer.open.map(({ value }) => value);
    });

    const query = async (page) => {
      const answer = await call("/btb/api/btb004w/query", { json: { ...asked, page } });
      if (answer === null) return;
      ticked.clear();
      Object.assign(found, answer, { page });
      toast(answer.total === 0 ? "查無資料" : "查詢成功");
    };

    const tick = async (row, event) => {
      const { checked } = event.target;
      if (checked) ticked.add(row.id);
      else ticked.delete(row.id);
      const undone = view.tickUndone === "real" || (view.tickUndone === "synthetic" && !event.isTrusted);
      if (!undone) return;
      if (event.isTrusted) view.tickUndone = "synthetic";
      await nextTick();
      ticked.delete(row.id);
      event.target.checked = false;
    };

    const download = async (ids) => {
      if (ids.length === 0) return toast("請選擇欲下載之資料");
      if (!(await ask({ text: "下載檔案編碼為UTF-8" }))) return;
      const response = await send("/btb/api/btb004w/download", { json: { ids } });
      if (response === null) return;
      const name = /filename="(.+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "invnoapply.csv";
      save(await response.blob(), name);
    };

    const pages = () => Math.max(1, Math.ceil(found.total / found.rowsPerPage));
    const submit = () => swallows("swallowsQueryClick") || query(1);
    const show = (row) => ask({ title: "取號資料", no: "關閉", yes: "確定", rows: details(row) });
    return { view, options, asked, found, ticked, tick, query, submit, download, pages, show };
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

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
