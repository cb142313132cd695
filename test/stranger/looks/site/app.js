// The way through the site: signing in, what surrounds a page, addresses.
import { button, fields, framed, h, slotted, styled, textField } from "./draw.js";
import { announce, complain, toast, whileLoading } from "./layers.js";
import { blanks, takeForm, todo, tracks } from "./views.js";
import { name } from "./words.js";

const { habits } = window;
const base = document.querySelector("body > div");
const root = habits.shadow ? base.attachShadow({ mode: "open" }) : base;
window.viewRoot = root;
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";
const TRACKS = "電子發票(專用)字軌號碼取號";
const BLANKS = "上傳空白未使用發票號碼";
let token = sessionStorage.getItem("token");
let me;
const pause = (ms) => new Promise((later) => setTimeout(later, ms));

async function call(method, path, body) {
  return whileLoading(async () => {
    await pause(40);
    const request = { method, headers: { "content-type": "application/json", authorization: `Bearer ${token}` } };
    if (body !== undefined) request.body = JSON.stringify(body);
    const response = await fetch(path, request);
    const answer = await response.json();
    if (response.ok) return answer;
    if (response.status === 401) {
      toast(answer.title);
      token = null;
      sessionStorage.removeItem("token");
      if (window.top === window && window.opener === null) setTimeout(() => go("/accounts/login"), 300);
    }
    throw new Error(answer.title);
  });
}

/** Goes to one of the site's addresses. */
function go(path) {
  if (habits.routes === "hash" && window.top === window) {
    location.hash = path;
    return;
  }
  if (window.top !== window) return window.top.postMessage({ go: path }, location.origin);
  history.pushState({}, "", path);
  void show();
}
window.addEventListener("message", ({ data, origin }) => {
  if (origin === location.origin && typeof data?.go === "string") go(data.go);
});

function clear() {
  document.dispatchEvent(new Event("view"));
  for (const one of document.querySelectorAll(".pp")) one.remove();
  root.replaceChildren();
  styled(root);
}

function login(business) {
  clear();
  const ban = textField("統一編號", { id: "ban" });
  const account = textField("帳號", { id: "user_id" });
  const password = textField("密碼", { type: "password", id: "user_password" });
  const captcha = textField("圖形驗證碼", { id: "captcha" });
  const image = h("img", { alt: "圖形驗證碼", width: "150", height: "40", src: PIXEL });
  let captchaToken = "";
  const fresh = async () => {
    image.src = PIXEL;
    captcha.set("");
    const answer = await call("GET", "/data/captcha");
    captchaToken = answer.token;
    image.src = `data:image/png;base64,${answer.image}`;
  };
  captcha.more = [
    h("span", { class: habits.classes === "usual" ? "code_num" : "" }, image),
    h("button", { type: "button", class: "act", "aria-label": "更新圖形驗證碼", onclick: fresh }, "↻"),
    h("button", { type: "button", class: "act", title: "語音播放圖形驗證碼" }, "♪"),
  ];
  const enter = async () => {
    if ([ban, account, password, captcha].some((one) => one.value() === "")) return complain(card, "請輸入完整資料");
    try {
      const answer = await call("POST", "/data/login", {
        ban: ban.value(),
        customId: account.value(),
        password: password.value(),
        captchaToken,
        captcha: captcha.value(),
      });
      token = answer.token;
      setTimeout(() => sessionStorage.setItem("token", token), 500);
      go("/dashboard/btb/btb013w");
      if (habits.render === "late-redirect") setTimeout(() => location.replace("/dashboard/btb/btb013w"), 900);
    } catch (trouble) {
      complain(card, trouble.message);
      await fresh();
    }
  };
  const submit = button("登入", enter, { main: true });
  if (habits.ids === "facts") submit.id = "submitBtn";
  const who = (words, path, on) =>
    h("a", { href: path, class: on ? "t on" : "t", onclick: (event) => (event.preventDefault(), go(path)) }, words);
  const card = h("div", { class: "cd" });
  const all = business ? [ban, account, password, captcha] : [textField("手機號碼"), password, captcha];
  card.append(
    h(
      "div",
      { class: "tb" },
      who("消費者", "/accounts/login", !business),
      who("營業人/扣繳單位", "/accounts/login/b", business),
      who("專業代理人", "/accounts/login", false),
    ),
    h(
      "div",
      { class: "tb" },
      h("div", { class: "t on" }, business ? "帳號" : "手機號碼"),
      h("div", { class: "t" }, "憑證"),
    ),
    habits.twins === "heading" ? h("h2", {}, "登入") : "",
    h("div", { class: "cd" }, fields(all), submit),
  );
  root.append(
    h(
      "div",
      { class: "pg" },
      h("div", { class: "hd" }, "財政部電子發票整合服務平台"),
      h("div", { class: "mn", style: "width: 620px; margin: auto" }, card),
    ),
  );
  void fresh();
}

/** Opens a page of the menu, in a window of its own where this look has it so. */
function enter(path) {
  if (habits.opens === "windows") window.open(path, "_blank", "width=1100,height=800");
  else go(path);
}

function menu() {
  const groups = [
    { words: "待辦事項", items: [["待辦事項", "/dashboard/btb/btb013w"]] },
    { words: "接收方式及授權", items: [["設定接收方式及授權"]] },
    { words: "電子發票字軌號碼", items: [[TRACKS, "/dashboard/btb/btb004w/search"]] },
    { words: "每單月10日前應辦理事項", items: [[BLANKS, "/dashboard/btb/unused/search"]] },
    { words: "查詢與下載", items: [["漏上傳資料清冊"], ["未依限或未據實上傳明細"], ["媒體申報檔下載(非即時)"]] },
  ];
  const always = habits.menu === "open" || habits.menu === "drawer";
  const drawn = groups.map(({ words, items }) => {
    const below = h(
      "div",
      { class: always ? "" : "no" },
      items.map(([text, path]) => {
        const on = habits.titles === "none" && path !== undefined && pathNow().startsWith(path.replace(/search$/, ""));
        return h("div", { class: on ? "gi on" : "gi", onclick: () => path && enter(path) }, text);
      }),
    );
    return h(
      "div",
      {},
      h("div", { class: "gt", onclick: () => !always && below.classList.toggle("no") }, always ? words : `${words} ▾`),
      below,
    );
  });
  if (habits.menu === "root") {
    const below = h("div", { class: "no" }, drawn);
    return h(
      "nav",
      { class: "sd" },
      h("div", { class: "gt", onclick: () => below.classList.toggle("no") }, "營業人功能選單 ▸"),
      below,
    );
  }
  if (habits.menu !== "drawer") return h("nav", { class: "sd" }, drawn);
  const side = h(
    "nav",
    { class: "sd over" },
    h("button", { type: "button", class: "xx", title: "收合選單", onclick: () => side.classList.add("no") }, "✕"),
    drawn,
  );
  return side;
}

/** What surrounds a page; returns the place where its own things go. */
function surround(crumbs, title) {
  clear();
  const content = h("div", {});
  const out = async (event) => {
    event.preventDefault();
    await call("POST", "/data/logout", {});
    token = null;
    me = undefined;
    sessionStorage.removeItem("token");
    go("/accounts/login");
  };
  const side = menu();
  root.append(
    h(
      "div",
      { class: "pg" },
      h(
        "div",
        { class: "hd" },
        habits.menu === "drawer"
          ? h(
              "button",
              { type: "button", title: "選單", class: "act", onclick: () => side.classList.toggle("no") },
              "☰",
            )
          : "",
        "財政部電子發票整合服務平台",
        h("span", {}, `歡迎 ${me.name}(${me.ubn})`),
        h("a", { href: "#", onclick: out }, name("登出")),
      ),
      h(
        "div",
        { class: "fr" },
        side,
        h(
          "main",
          { class: "mn" },
          habits.titles === "none" ? "" : [h("div", {}, `::: ${crumbs}`), h("div", { class: "ti" }, title)],
          content,
        ),
      ),
    ),
  );
  return content;
}

/** Draws in stages, or a second time, where this look has it so. */
async function draw(place, make) {
  if (habits.render === "stages") {
    await pause(300);
    place.append(h("div", { class: "cd" }, h("p", {}, "　")));
    await pause(400);
    place.replaceChildren();
  }
  await make(place);
  if (habits.render !== "redraw") return;
  await pause(400);
  document.dispatchEvent(new Event("view"));
  for (const one of document.querySelectorAll(".pp")) one.remove();
  place.replaceChildren();
  await make(place);
}

function tabbed(place, base, tabs, current, view) {
  const tab = ([path, said]) => {
    let words = said;
    const act = (event) => (
      event.preventDefault(),
      path === "apply" && habits.applyIn === "window"
        ? window.open("/window/apply", "_blank", "width=820,height=640")
        : go(`${base}/${path}`)
    );
    const cls = path === current ? "t on" : "t";
    words = habits.words === "english" ? name(words) : words;
    if (habits.tabs === "links") return h("a", { href: "#", class: cls, onclick: act }, words);
    if (habits.tabs === "buttons") return h("button", { type: "button", class: cls, onclick: act }, words);
    return h("div", { class: cls, role: "tab", onclick: act }, words);
  };
  const card = h("div", { class: "cd" });
  place.append(h("div", { class: "tb", role: "tablist" }, tabs.map(tab)));
  return draw(place.appendChild(h("div", {})), async (into) => {
    if (habits.frame === "form" && current !== "search" && !location.pathname.startsWith("/card/"))
      return framed(into, `/card${base}/${current}`);
    const inner = card.cloneNode();
    into.append(habits.slots ? slotted(inner) : inner);
    await view(inner);
  });
}

const TRACK_TABS = [
  ["search", "查詢"],
  ["apply", "＋取號"],
  ["mail", "取號電子郵件信箱維護"],
];
const BLANK_TABS = [
  ["search", "查詢"],
  ["import", "匯入字軌"],
  ["uploads", "上傳列表"],
];

function inside(path) {
  const tools = { call, me, go };
  const [, area, tab] = /\/(btb004w|unused)(?:\/(\w+))?$/.exec(path) ?? [];
  if (area === "btb004w")
    return {
      crumbs: `電子發票字軌號碼 / ${TRACKS}(BTB004W)`,
      title: TRACKS,
      make: (place) =>
        tabbed(place, "/dashboard/btb/btb004w", TRACK_TABS, tab ?? "search", (card) =>
          tracks(card, tab ?? "search", tools),
        ),
    };
  if (area === "unused")
    return {
      crumbs: `每單月10日前應辦理事項 / ${BLANKS}(BTB999W)`,
      title: BLANKS,
      make: (place) =>
        tabbed(place, "/dashboard/btb/unused", BLANK_TABS, tab ?? "search", (card) =>
          blanks(card, tab ?? "search", tools),
        ),
    };
  return { crumbs: "待辦事項(BTB013W)", title: "待辦事項", make: (place) => Promise.resolve(todo(place)) };
}

const pathNow = () =>
  habits.routes === "hash" && window.top === window && !location.pathname.startsWith("/window/")
    ? location.hash.slice(1) || "/accounts/login"
    : location.pathname;

async function show() {
  const path = pathNow();
  if (path.startsWith("/accounts/login")) return login(path === "/accounts/login/b");
  if (token === null) {
    await pause(300);
    token = sessionStorage.getItem("token");
    if (token === null) return go("/accounts/login");
  }
  me ??= await call("GET", "/data/me");
  if (path.startsWith("/window/")) {
    clear();
    const card = h("div", { class: "cd" });
    root.append(h("div", { class: "pg mn" }, h("div", { class: "ti" }, `${TRACKS} — 取號`), card));
    return takeForm(card, { call, me, go });
  }
  if (path.startsWith("/card/") || path.startsWith("/list/")) {
    clear();
    const place = h("div", { class: "pg cd" });
    root.append(place);
    const view = path.includes("btb004w") ? tracks : blanks;
    return view(place, path.split("/").at(-1), { call, me, go });
  }
  if (path.startsWith("/outer/")) {
    clear();
    return framed(root, `/inner${path.slice("/outer".length)}`);
  }
  if (path.startsWith("/inner/")) {
    clear();
    const place = h("div", { class: "pg" });
    root.append(place);
    return inside(path.slice("/inner".length)).make(place);
  }
  const { crumbs, title, make } = inside(path);
  const place = surround(`營業人功能選單 / ${crumbs}`, title);
  announce(call);
  if (habits.footer) root.append(h("div", { class: "sf" }, "財政部財政資訊中心　客服專線 0800-521-988"));
  if (habits.frame === "content" || habits.frame === "nested") {
    const frame = document.createElement("iframe");
    frame.src = `${habits.frame === "nested" ? "/outer" : "/inner"}${path}`;
    place.append(frame);
    return;
  }
  await make(place);
}

window.addEventListener(habits.routes === "hash" ? "hashchange" : "popstate", () => void show());
styled(document.head);
await pause(120);
if (location.pathname === "/accounts/login/b") history.replaceState({}, "", "/accounts/login");
if (location.pathname.startsWith("/dashboard") && habits.links === "menu")
  history.replaceState({}, "", "/dashboard/btb/btb013w");
// An address of another way to write them leads to the first page.
if (habits.routes === "hash" && /^\/(accounts|dashboard)/.test(location.pathname)) {
  const first = token === null ? "/accounts/login" : "/dashboard/btb/btb013w";
  history.replaceState({}, "", `/#${location.hash.slice(1) || first}`);
}
await show();
if (pathNow().startsWith("/accounts/login") && token !== null) setTimeout(() => go("/dashboard/btb/btb013w"), 900);
