import { blankView } from "./blanks.js";
import { loginPage } from "./login.js";
import { announce, ask, box, button, complaints, dropdown, field, h, save, table, tick, toast } from "./ui.js";

const habits = window.habits;
const root = document.getElementById("root");
const FUNCTION = "電子發票(專用)字軌號碼取號";
const BLANKS = "上傳空白未使用發票號碼";
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
let token = sessionStorage.getItem("token");
let me;

async function call(method, path, body) {
  await pause(120);
  const request = { method, headers: { "content-type": "application/json", authorization: `Bearer ${token}` } };
  if (body !== undefined) request.body = JSON.stringify(body);
  const response = await fetch(path, request);
  const answer = await response.json();
  if (response.ok) return answer;
  if (response.status === 401) {
    leave();
    toast(answer.title);
  }
  throw new Error(answer.title.startsWith("Image verification code") ? "圖形驗證碼驗證失敗" : answer.title);
}

function go(path) {
  history.pushState({}, "", path);
  void show();
}

function leave() {
  token = null;
  me = undefined;
  sessionStorage.removeItem("token");
  go("/accounts/login");
}

function clearPage() {
  for (const popper of document.querySelectorAll(".el-popper")) popper.remove();
  root.replaceChildren();
}

function showLogin(business) {
  clearPage();
  root.append(...loginPage(business, { call, go, entered }));
}

function entered(answer) {
  token = answer.token;
  setTimeout(() => token !== null && sessionStorage.setItem("token", token), 1800);
  go(answer.redirectTo);
}

// ---- the frame after signing in

function frame(crumbs, title, content) {
  const group = (words, items) => {
    const list = h(
      "div",
      { class: "grp_items shut" },
      items.map(([text, path]) => h("div", { class: "item", onclick: () => path && go(path) }, text)),
    );
    return h(
      "div",
      { class: "grp" },
      h("div", { class: "grp_t", onclick: () => list.classList.toggle("shut") }, `${words} ▾`),
      list,
    );
  };
  const logout = async (event) => {
    event.preventDefault();
    await call("POST", "/act/login/api/client/logout", {});
    leave();
  };
  clearPage();
  root.append(
    h(
      "div",
      { class: "hd" },
      h("span", { class: "brand" }, "財政部電子發票整合服務平台"),
      h("span", {}, `歡迎 ${me.name}(${me.ubn})`),
      h("a", { href: "#", onclick: logout }, "登出"),
    ),
    h(
      "div",
      { class: "frame" },
      h(
        "div",
        { class: "side" },
        group("待辦事項", [["待辦事項", "/dashboard/btb/btb013w"]]),
        group("接收方式及授權", [["設定接收方式及授權"]]),
        group("電子發票字軌號碼", [[FUNCTION, "/dashboard/btb/btb004w/search"]]),
        group("每單月10日前應辦理事項", [[BLANKS, "/dashboard/btb/unused/search"]]),
      ),
      h(
        "div",
        { class: "main" },
        h("div", { class: "crumb" }, `::: ${crumbs}`),
        h("div", { class: "page_title" }, title),
        content,
      ),
    ),
  );
}

function showTodo() {
  frame("營業人功能選單 / 待辦事項(BTB013W)", "待辦事項", h("div", { class: "card" }, "目前沒有待辦事項"));
}

/** A page with tabs: its breadcrumb, its title, its tabs, and an empty card for the one that is open. */
function tabbed(crumbs, title, base, tabs, name) {
  const listy = habits.table === "split";
  const bar = h(
    listy ? "ul" : "div",
    { class: "tabs" },
    tabs.map(([path, words]) =>
      h(listy ? "li" : "div", { class: path === name ? "tab on" : "tab", onclick: () => go(`${base}/${path}`) }, words),
    ),
  );
  const card = h("div", { class: "card" });
  frame(crumbs, title, h("div", {}, bar, card));
  return card;
}

function showTracks(name) {
  const tabs = [
    ["search", "查詢"],
    ["apply", "＋取號"],
    ["mail", "取號電子郵件信箱維護"],
  ];
  const crumbs = `營業人功能選單 / 電子發票字軌號碼 / ${FUNCTION}(BTB004W)`;
  const card = tabbed(crumbs, FUNCTION, "/dashboard/btb/btb004w", tabs, name);
  if (name === "apply") showApply(card);
  else if (name === "mail") void showMail(card);
  else showSearch(card);
}

function showBlanks(name) {
  const tabs = [
    ["search", "查詢"],
    ["import", "匯入字軌"],
    ["uploads", "上傳列表"],
  ];
  const crumbs = `營業人功能選單 / 每單月10日前應辦理事項 / ${BLANKS}(BTB999W)`;
  blankView(name, tabbed(crumbs, BLANKS, "/dashboard/btb/unused", tabs, name), { call, me, again: showBlanks });
}

const CATEGORIES = [
  { code: "07", text: "一般稅額計算" },
  { code: "08", text: "特種稅額計算" },
];

function showSearch(card) {
  const from = dropdown("發票期別", me.periods, me.periods[0].code);
  const to = dropdown("發票期別", me.periods, me.periods[1].code);
  const category = dropdown("發票類別", [{ code: "", text: "全部" }, ...CATEGORIES], "");
  const result = h("div", {});
  const search = async () => {
    const query = new URLSearchParams({ from: from.code(), to: to.code(), category: category.code() });
    const rows = await call("GET", `/btb/takes?${query}`);
    toast("查詢成功");
    showRows(result, rows);
  };
  const caption = habits.labels === "placeholder" ? h("div", {}, "發票期別") : undefined;
  card.append(
    h("div", {}, caption, field("發票期別", from, "period_from", [" ～ ", to])),
    field("發票類別", category, "category"),
    h(
      "div",
      { class: "acts" },
      button("查詢", search, "primary"),
      button("清除", () => showTracks("search")),
    ),
    result,
  );
}

function showRows(result, rows) {
  const ticks = rows.map((row) => tick(row.state === "是"));
  const chosen = () => rows.filter((_, index) => (ticks[index]?.hold ?? ticks[index])?.checked);
  const icon = (row) =>
    row.state === "是"
      ? h("button", { type: "button", class: "btn icon", title: "下載", onclick: () => download([row]) }, "⤓")
      : undefined;
  const heads = [
    "",
    "營業人統編",
    "發票期別",
    "發票類別",
    "取用本數",
    "增加本數",
    "已配本數",
    "是否已配號",
    "停止使用",
    "功能",
  ];
  const cells = rows.map((row, index) => [
    ticks[index],
    row.ubn,
    row.period,
    row.category,
    row.books,
    row.extra,
    row.allocated,
    row.state,
    "否",
    icon(row),
  ]);
  const toolbar = button("下載", () => download(chosen()));
  toolbar.title = "下載";
  result.replaceChildren(
    h("div", { class: "tools" }, toolbar),
    table(heads, cells),
    h("p", {}, `共 ${rows.length} 筆`),
  );
}

async function download(rows) {
  if (rows.length === 0) return toast("請勾選欲下載之資料");
  if ((await box("下載檔案編碼為UTF-8", ["是", "否"])) !== "是") return;
  const file = await call("GET", `/btb/file?ids=${rows.map((row) => row.id).join(",")}`);
  save(file.name, file.text);
}

function showApply(card) {
  const line = h("p", {});
  const wrong = complaints();
  const known = async () => {
    if (period.code() === "" || category.code() === "") return;
    const query = new URLSearchParams({ period: period.code(), category: category.code() });
    const answer = await call("GET", `/btb/quota?${query}`);
    line.textContent = `狀態：正常　可取用本數：${answer.available}　已取用本數：${answer.taken}`;
  };
  const period = dropdown("發票期別", me.periods, undefined, () => void known());
  const category = dropdown("發票類別", CATEGORIES, habits.labels === "ids" ? "07" : undefined, () => void known());
  const start = habits.labels === "placeholder" ? "" : "0";
  const books = h("input", { type: "text", value: start });
  const extra = h("input", { type: "text", value: start });
  const submit = async () => {
    wrong.clear();
    if (period.code() === "") return wrong.say("請選擇發票期別");
    if (category.code() === "") return wrong.say("請選擇發票類別");
    if (![books, extra].every((input) => /^\d{0,3}$/.test(input.value))) return wrong.say("本數請輸入數字");
    if (!(await ask("是否確定提交取號？", ["確認", "取消"]))) return;
    const wish = {
      period: period.code(),
      category: category.code(),
      books: Number(books.value),
      extra: Number(extra.value),
    };
    try {
      await call("POST", "/btb/takes", wish);
      toast("提交取號成功，配號結果將以電子郵件通知");
      if (habits.confirm === "none") go("/dashboard/btb/btb004w/search");
      else showTracks("apply");
    } catch (trouble) {
      wrong.say(trouble.message);
    }
  };
  card.append(
    h(
      "div",
      { class: "who" },
      h("span", {}, `營業人統編：${me.ubn}`),
      h("span", {}, `營業人名稱：${me.name}`),
      h("span", {}, "配號註記：期配"),
    ),
    field("發票期別", period, "invoice_period"),
    field("發票類別", category, "invoice_category"),
    field("取用本數", books, "apply_books"),
    field("增加本數", extra, "extra_books"),
    line,
    wrong,
    h(
      "div",
      { class: "acts" },
      button("提交取號", submit, "primary"),
      button("清除", () => showTracks("apply")),
    ),
    h("p", { class: "note" }, "取號前，請先透過取號電子郵件信箱維護，建立通知配號結果之電子郵件信箱。"),
  );
}

async function showMail(card) {
  const list = h("div", {});
  const wrong = complaints();
  const email = h("input", { type: "text" });
  const draw = (boxes) =>
    list.replaceChildren(
      table(
        ["項次", "電子郵件信箱"],
        boxes.map((one, index) => [String(index + 1), one]),
      ),
    );
  const add = async () => {
    wrong.clear();
    try {
      draw(await call("POST", "/btb/mailboxes", { email: email.value }));
      email.value = "";
      toast("新增成功");
    } catch (trouble) {
      wrong.say(trouble.message);
    }
  };
  card.append(
    field("電子郵件信箱", email, "email"),
    wrong,
    h("div", { class: "acts" }, button("新增", add, "primary")),
    list,
  );
  draw(await call("GET", "/btb/mailboxes"));
}

// ---- addresses

async function show() {
  const path = location.pathname;
  if (path.startsWith("/accounts/login")) return showLogin(path === "/accounts/login/b");
  if (token === null) return leave();
  if (me === undefined) {
    me = await call("GET", "/btb/me");
    setTimeout(() => announce(), 400);
  }
  const tracks = /^\/dashboard\/btb\/btb004w(?:\/(\w+))?$/.exec(path);
  const blanks = /^\/dashboard\/btb\/unused\/(\w+)$/.exec(path);
  if (tracks !== null) showTracks(tracks[1] ?? "search");
  else if (blanks !== null) showBlanks(blanks[1]);
  else showTodo();
}

window.addEventListener("popstate", () => void show());
await pause(250);
if (location.pathname === "/accounts/login/b") history.replaceState({}, "", "/accounts/login");
if (location.pathname.startsWith("/dashboard") && habits.links === "menu")
  history.replaceState({}, "", "/dashboard/btb/btb013w");
await show();
if (location.pathname.startsWith("/accounts/login") && token !== null)
  setTimeout(() => go("/dashboard/btb/btb013w"), 1500);
