// The business pages, each described once and drawn in the habits of this look.
import { choice } from "./choices.js";
import { button, fields, folded, framed, h, textField, waitFor } from "./draw.js";
import { filePicker } from "./files.js";
import { ask, box, complain, passwordAgain, receipt, toast } from "./layers.js";
import { list, tick, toolsFor } from "./lists.js";
import { notices } from "./notices.js";
import { books as counted, period as printed } from "./words.js";

const { habits } = window;
const CATEGORIES = [
  { code: "07", text: "一般稅額計算" },
  { code: "08", text: "特種稅額計算" },
];
const options = (codes) => codes.map((code) => ({ code, text: printed(code) }));
const split = (text) => {
  const at = text.search(/年|\//) + 1;
  return at > 0 ? [text.slice(0, at), text.slice(at)] : [text.slice(0, -2), text.slice(-2)];
};

/** BTB013W, with what has not been confirmed. */
export function todo(place) {
  place.append(
    h("div", { class: "ti" }, "尚未接收確認"),
    list({
      columns: [
        { key: "job", words: "作業名稱" },
        { key: "count", words: "尚未接收筆數" },
      ],
      rows: [
        { job: "存證開立發票", count: 0 },
        { job: "配號檔下載", count: 2 },
      ],
    }),
  );
}

/** Saves what the reader is given, as a file. */
function save(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = href;
  link.download = name;
  link.click();
}

export function tracks(card, tab, tools) {
  return { search: searchTakes, apply: takeForm, mail: notices, rows: takesAlone }[tab](card, tools);
}

function searchTakes(card, { call, me }) {
  const from = choice("發票期別（起）", options(me.searchable), me.searchable.at(-2), { id: "period_from" });
  const to = choice("發票期別（迄）", options(me.searchable), me.searchable.at(-1), { id: "period_to" });
  const category = choice("發票類別", [{ code: "", text: "全部" }, ...CATEGORIES], "", { id: "category" });
  const result = h("div", {});
  const search = async () => {
    const query = new URLSearchParams({ from: from.value(), to: to.value(), category: category.value() });
    if (habits.frame === "list") return framed(result, `/list/btb004w/rows?${query}`);
    const rows = await call("GET", `/data/takes?${query}`);
    const shown = takesList(rows, call);
    result.replaceChildren(shown.node);
    toast("查詢成功", habits.toastOverButton && shown.tool ? { over: shown.tool } : {});
  };
  const heading = habits.twins === "heading" ? h("h2", {}, "查詢") : "";
  conditions(card, heading, fields([from, to, category]), button("查詢", search, { main: true, tool: true }), result);
}

/** What is searched by, and where the result goes: below, or in the place of all of it; it may have to be opened first. */
function conditions(card, heading, asked, press, result) {
  const form = h("div", {}, heading, asked, h("div", { class: "rw" }, press));
  if (habits.results === "page") new MutationObserver(() => form.remove()).observe(result, { childList: true });
  if (habits.filter !== "collapsed") return card.append(form, result);
  form.className = "gone";
  const opener = h(
    "button",
    {
      type: "button",
      class: "act",
      "aria-expanded": "false",
      onclick: () => opener.setAttribute("aria-expanded", String(!form.classList.toggle("gone"))),
    },
    "查詢條件 ▾",
  );
  card.append(opener, form, result);
}

async function takesAlone(card, { call }) {
  card.append(takesList(await call("GET", `/data/takes${location.search}`), call).node);
}

function takesList(rows, call) {
  const ticks = new Map(rows.map((row) => [row.id, tick()]));
  const download = async (ids) => {
    if (ids.length === 0) return toast("請勾選欲下載之資料");
    if ((await box("系統訊息", "下載檔案編碼為UTF-8", ["是", "否"])) !== "是") return;
    const file = await call("GET", `/data/file?ids=${ids.join(",")}`);
    save(file.name, file.text);
  };
  const tool = button("下載", () => download(rows.filter((row) => ticks.get(row.id).checked).map(({ id }) => id)), {
    tool: true,
  });
  tool.title = "下載";
  const columns = [
    { key: "ubn", words: "營業人統編" },
    { key: "months", words: "發票期別", split: ["發票年度", "發票月份"], cut: split },
    { key: "categoryText", words: "發票類別" },
    { key: "books", words: "取用本數" },
    { key: "extra", words: "增加本數" },
    { key: "allocated", words: "已配本數" },
    { key: "state", words: habits.columns === "extra" ? "配號狀態" : "是否已配號" },
    { key: "stopped", words: "停止使用" },
  ];
  const shown = list({
    columns,
    rows: rows.map((row) => ({
      ...row,
      months: printed(row.period),
      books: counted(row.books),
      extra: counted(row.extra),
      allocated: counted(row.allocated),
      stopped: "否",
    })),
    sums: { months: "合計", books: counted(rows.reduce((sum, row) => sum + row.books, 0)) },
    tick: (row) => ticks.get(row.id),
    acts: (row) => button("下載", () => download([row.id]), { kind: "icon", tool: true }),
  });
  return { node: h("div", {}, toolsFor([...ticks.values()], [tool]), shown), tool };
}

export async function takeForm(card, { call, me, go }) {
  const line = h("p", {});
  let asked = 0;
  const known = async () => {
    line.textContent = "";
    if (period.value() === "" || category.value() === "") return;
    const turn = (asked += 1);
    const query = new URLSearchParams({ period: period.value(), category: category.value() });
    const { available, taken } = await call("GET", `/data/quota?${query}`);
    if (turn !== asked) return;
    line.textContent = `狀態：正常　可取用本數：${counted(available)}　已取用本數：${counted(taken)}`;
    if (habits.render === "late-figure") setTimeout(() => books.set("9"), 600);
  };
  const period = choice("發票期別", options(me.takeable), undefined, { id: "invoice_period", reloads: true });
  const category = choice("發票類別", CATEGORIES, undefined, { id: "invoice_category" });
  const stop = h("input", { type: "checkbox" });
  period.more = h("label", {}, stop, "停止使用");
  period.changed = () => void known();
  category.changed = () => void known();
  const books = textField("取用本數", { start: habits.validity === "always" ? "0" : "" });
  const extra = textField("增加本數", { start: "0" });
  const submit = async () => {
    if (period.value() === "") return complain(card, "請選擇發票期別");
    if (category.value() === "") return complain(card, "請選擇發票類別");
    const wish = {
      period: period.value(),
      category: category.value(),
      books: Number(books.value()),
      extra: Number(extra.value()),
      stop: stop.checked,
    };
    const details = [
      ["發票期別", printed(wish.period)],
      ["發票類別", CATEGORIES.find(({ code }) => code === wish.category).text],
      ["取用本數", String(wish.books)],
      ["增加本數", String(wish.extra)],
    ];
    if (!(await ask("是否確定提交取號？", ["確認", "取消"], card, details))) return;
    if (habits.reauthenticate === "takes" && !(await passwordAgain(call, card))) return;
    try {
      await call("POST", "/data/takes", wish);
      await receipt(card, "提交取號成功，配號結果將以電子郵件通知", () =>
        habits.applyIn === "window"
          ? card.replaceChildren(h("p", {}, "提交取號成功，配號結果將以電子郵件通知"))
          : go("/dashboard/btb/btb004w/search"),
      );
    } catch (trouble) {
      complain(card, trouble.message);
    }
  };
  const who = h("p", {}, `營業人統編：${me.ubn}　營業人名稱：${me.name}　配號註記：期配`);
  const note = h("p", { class: "nt" }, "取號前，請先透過取號電子郵件信箱維護，建立通知配號結果之電子郵件信箱。");
  const send = button(habits.submit, submit, { main: true });
  const again = habits.twins === "buttons" ? button(habits.submit, submit, { main: true }) : "";
  const heading = habits.twins === "heading" ? h("h2", {}, habits.submit) : "";
  const clear = button("清除", () => go("/dashboard/btb/btb004w/apply"));
  if (habits.steps === "two") {
    const first = h("div", {}, h("p", {}, "步驟 1／2 選擇期別"), fields([period, category]));
    const second = h("div", {}, h("p", {}, "步驟 2／2 填寫本數"), fields([books, extra]), line, send, clear);
    first.append(
      button("下一步", () => {
        if (period.value() === "" || category.value() === "") return complain(card, "請選擇發票期別及發票類別");
        first.replaceWith(second);
      }),
    );
    card.append(who, first, note);
    return;
  }
  waitFor([period, category, books], [send]);
  if (habits.steps === "panels") {
    card.append(
      who,
      folded("1　選擇期別及類別", [fields([period, category])], true),
      folded("2　填寫本數", [fields([books, extra]), line, h("div", { class: "rw" }, send, clear)]),
      note,
    );
    return;
  }
  card.append(
    heading,
    who,
    again,
    fields([period, category, books, extra]),
    line,
    h("div", { class: "rw" }, send, clear),
    note,
  );
  if (habits.choices === "reload") await known();
}

export function blanks(card, tab, tools) {
  return { search: searchBlanks, import: importForm, uploads, rows: blanksAlone }[tab](card, tools);
}

function searchBlanks(card, { call, me, go }) {
  const period = choice("字軌期別", options(me.reportable), me.reportable[0], { id: "blank_period" });
  const result = h("div", {});
  const search = async () => {
    if (habits.frame === "list") return framed(result, `/list/unused/rows?period=${period.value()}`);
    showBlanks(result, await call("GET", `/btb/blanks?period=${period.value()}`), { call, search, go });
  };
  const heading = habits.twins === "heading" ? h("h2", {}, "查詢") : "";
  conditions(card, heading, fields([period]), button("查詢", search, { main: true, tool: true }), result);
}

async function blanksAlone(card, { call, go }) {
  const show = async () =>
    showBlanks(card, await call("GET", `/btb/blanks${location.search}`), { call, search: show, go });
  await show();
}

function showBlanks(result, rows, { call, search, go }) {
  const ticks = new Map(rows.map((row) => [row.id, tick()]));
  const remove = async () => {
    const gone = rows.filter((row) => ticks.get(row.id).checked);
    if (gone.length === 0) return complain(holder, "請勾選欲刪除之資料");
    if (
      !(await ask(
        "請確認是否刪除勾選之資料？",
        ["是", "否"],
        holder,
        gone.map((row) => ["發票起號", `${row.track}${row.begin}`]),
      ))
    )
      return;
    if (habits.reauthenticate === "deletions" && !(await passwordAgain(call, holder))) return;
    try {
      await call("POST", "/btb/blanks/remove", { ids: gone.map(({ id }) => id) });
      await receipt(holder, "刪除成功", search);
    } catch (trouble) {
      complain(holder, trouble.message);
    }
  };
  const columns = [
    { key: "ubn", words: "總/分支機構統編" },
    { key: "category", words: "發票類別" },
    { key: "period", words: "發票年月", split: ["發票年度", "發票月份"], cut: split },
    { key: "track", words: "發票字軌" },
    { key: "begin", words: "發票起號" },
    { key: "end", words: "發票迄號" },
  ];
  const holder = h(
    "div",
    {},
    list({
      columns,
      rows: rows.map((row) => ({ ...row, period: printed(row.period) })),
      tick: (row) => ticks.get(row.id),
      head: "刪除",
    }),
    toolsFor([...ticks.values()], rows.length > 0 ? [button("刪除", remove, { tool: true })] : []),
    h(
      "div",
      { class: "rw" },
      button("返回", () => go("/dashboard/btb/unused/search")),
    ),
  );
  result.replaceChildren(holder);
}

function importForm(card, { call, me, go }) {
  const period = choice("字軌期別", options(me.reportable), undefined, { id: "blank_period", reloads: true });
  const file = filePicker("檔案上傳路徑");
  const send = async () => {
    if (period.value() === "") return complain(card, "請選擇字軌期別");
    const chosen = file.file();
    if (chosen === undefined) return complain(card, "請選擇檔案上傳路徑");
    const details = [
      ["字軌期別", printed(period.value())],
      ["檔案上傳路徑", chosen.name],
    ];
    if (!(await ask(`是否確定上傳檔案 ${chosen.name}？`, ["確認", "取消"], card, details))) return;
    if (habits.reauthenticate === "uploads" && !(await passwordAgain(call, card))) return;
    const bytes = new Uint8Array(await chosen.arrayBuffer());
    const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    try {
      await call("POST", "/btb/blanks/upload", { period: period.value(), name: chosen.name, base64 });
      await receipt(card, "檔案上傳完成，匯入作業每一小時執行一次", () => go("/dashboard/btb/unused/import"));
    } catch (trouble) {
      complain(card, trouble.message);
    }
  };
  const upload = button("上傳", send, { main: true });
  const heading = habits.twins === "heading" ? h("h2", {}, "上傳") : "";
  waitFor([period, file], [upload]);
  card.append(
    heading,
    fields([period, file]),
    h(
      "div",
      { class: "rw" },
      upload,
      button("範例下載", () => save("範例檔.csv", "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\n"), {
        tool: true,
      }),
      button("說明檔下載", () => save("說明檔.txt", "請使用記事本開啟\n"), { tool: true }),
    ),
    h(
      "p",
      { class: "nt" },
      "注意：請於次期10日前上傳空白未使用發票檔。上傳完成後請至【上傳列表】確認結果，不得重複上傳。",
    ),
  );
}

async function uploads(card, { call }) {
  const rows = await call("GET", "/btb/blanks/uploads");
  const details = async (row) => {
    const file = await call("GET", `/btb/blanks/details?name=${row.name}`);
    save(file.name, file.text);
  };
  card.append(
    list({
      columns: [
        { key: "time", words: "匯入時間" },
        { key: "name", words: "匯入檔名" },
        { key: "state", words: "處理狀態" },
      ],
      rows,
      acts: (row) => (row.state === "處理失敗" ? button("下載", () => details(row), { kind: "anchor" }) : ""),
      actsHead: "失敗明細",
    }),
  );
}
