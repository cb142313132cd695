// 上傳空白未使用發票號碼, in the habits of this variant.
import { ask, button, complaints, dropdown, field, filePicker, h, pages, save, table, tick, toast } from "./ui.js";

/** `call` asks the server; `me` is who is signed in; `again` shows one of the views of these pages anew. */
export function blankView(name, card, { call, me, again }) {
  const views = { search: showSearch, import: showImport, uploads: showUploads };
  void (views[name] ?? showSearch)(card, { call, me, again });
}

function showSearch(card, { call, me, again }) {
  const period = dropdown("字軌期別", me.blankPeriods, me.blankPeriods[0].code);
  const result = h("div", {});
  const search = async () => {
    const rows = await call("GET", `/btb/blanks?period=${period.code()}`);
    showRows(result, rows, { call, search, again });
  };
  card.append(
    field("字軌期別", period, "blank_period"),
    h("div", { class: "acts" }, button("查詢", search, "primary")),
    result,
  );
}

function showRows(result, rows, { call, search, again }) {
  const chosen = new Map(rows.map((row) => [row, tick(true)]));
  const isTicked = (row) => (chosen.get(row).hold ?? chosen.get(row)).checked;
  const wrong = complaints();
  const remove = async () => {
    wrong.clear();
    const ids = rows.filter(isTicked).map(({ id }) => id);
    if (ids.length === 0) return wrong.say("請勾選欲刪除之資料");
    if (!(await ask("請確認是否刪除勾選之資料？", ["否", "是"]))) return;
    try {
      await call("POST", "/btb/blanks/remove", { ids });
      toast("刪除成功");
      await search();
    } catch (trouble) {
      wrong.say(trouble.message);
    }
  };
  const heads = ["刪除", "總/分支機構統編", "發票類別", "發票年月", "發票字軌", "發票起號", "發票迄號"];
  result.replaceChildren(
    ...pages(rows, (shown) =>
      table(
        heads,
        shown.map((row) => [chosen.get(row), row.ubn, row.category, row.months, row.track, row.begin, row.end]),
      ),
    ),
    wrong,
    h(
      "div",
      { class: "acts" },
      button("刪除", remove),
      button("返回", () => again("search")),
    ),
  );
}

function showImport(card, { call, me }) {
  const period = dropdown("字軌期別", me.blankPeriods, undefined);
  const picker = filePicker();
  const wrong = complaints();
  const upload = async () => {
    wrong.clear();
    const [file] = picker.hold.files;
    if (period.code() === "") return wrong.say("請選擇字軌期別");
    if (file === undefined) return wrong.say("請選擇檔案上傳路徑");
    if (!(await ask(`是否確定上傳檔案 ${file.name}？`, ["確認", "取消"]))) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    try {
      await call("POST", "/btb/blanks/upload", { period: period.code(), name: file.name, base64 });
      toast("檔案上傳完成，匯入作業每一小時執行一次");
    } catch (trouble) {
      wrong.say(trouble.message);
    }
  };
  card.append(
    field("字軌期別", period, "blank_period"),
    field("檔案上傳路徑", picker, "blank_file"),
    wrong,
    h(
      "div",
      { class: "acts" },
      button("上傳", upload, "primary"),
      button("範例下載", () => save("範例檔.csv", "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\n")),
      button("說明檔下載", () => save("說明檔.txt", "請使用記事本開啟\n")),
    ),
    h(
      "p",
      { class: "note" },
      "注意：請於次期10日前上傳空白未使用發票檔。上傳完成後請至【上傳列表】確認結果，不得重複上傳。",
    ),
  );
}

async function showUploads(card, { call }) {
  const rows = await call("GET", "/btb/blanks/uploads");
  const details = async ({ name }) => {
    const file = await call("GET", `/btb/blanks/details?name=${name}`);
    save(file.name, file.text);
  };
  const cells = (row) => [
    row.time,
    row.name,
    row.state,
    row.state === "處理失敗"
      ? h("a", { href: "#", onclick: (event) => (event.preventDefault(), details(row)) }, "下載")
      : "",
  ];
  card.append(...pages(rows, (shown) => table(["匯入時間", "匯入檔名", "處理狀態", "失敗明細"], shown.map(cells))));
}
