// What lies over the page: boxes, announcements, messages, cookie bars, and what shows that it loads.
import { button, fields, h, overlay, textField } from "./draw.js";
import { said } from "./words.js";

const { habits } = window;
const cls = (usual, own) => (habits.classes === "usual" ? `${usual} ${own}` : own);

/** A box over the page; resolves with the words that were pressed, or null for the cross. */
export function box(title, content, words, { cross = false, place, native = false } = {}) {
  return new Promise((pressed) => {
    const end = (word) => {
      mask.remove();
      pressed(word);
    };
    const boxed = h(
      "div",
      { class: cls("modal", place ? "pn" : "bx"), role: "dialog" },
      h("div", { class: "bh" }, title),
      cross ? h("button", { type: "button", class: "xx", onclick: () => end(null) }, "✕") : undefined,
      h("div", {}, content),
      h(
        "div",
        { class: "bf" },
        words.map((word, index) =>
          button(word, () => end(word), {
            main: index === 0,
            kind: habits.buttons === "icon" ? "button" : habits.buttons,
          }),
        ),
      ),
    );
    const mask = native ? h("dialog", {}, [...boxed.childNodes]) : place ? boxed : h("div", { class: "mk" }, boxed);
    if (place) place.append(boxed);
    else overlay(mask);
    if (native) mask.showModal();
  });
}

/** Asks in the way of this look; true where somebody agrees or nobody is asked. `details` are [words, value]. */
export async function ask(text, [yes, no], card, details = []) {
  switch (habits.confirm) {
    case "none":
      return true;
    case "browser":
      return window.confirm(text);
    case "dialog":
      return (await box("系統訊息", text, [yes, no], { native: true })) === yes;
    case "reversed":
      return (await box("系統訊息", text, [no, yes])) === yes;
    case "yes-no":
      return (await box("系統訊息", text, ["是", "否"])) === "是";
    case "panel":
      return (await box("請確認", text, [yes, no], { place: card })) === yes;
    case "review": {
      const kept = [...card.childNodes];
      const agreed = await new Promise((pressed) =>
        card.replaceChildren(
          h("h2", {}, "請確認下列資料"),
          ...details.map(([words, value]) =>
            h("div", { class: "rw" }, h("span", { class: "lb" }, `${words}：`), h("span", {}, value)),
          ),
          h("p", {}, text),
          button("確認送出", () => pressed(true), { main: true, kind: "button" }),
          button("返回修改", () => pressed(false), { kind: "button" }),
        ),
      );
      card.replaceChildren(...kept);
      return agreed;
    }
    default:
      return (await box("系統訊息", text, [yes, no])) === yes;
  }
}

/** Asks for the password of the sign-in once more. True where the portal took it. */
export async function passwordAgain(call, card) {
  const password = textField("密碼", { type: "password" });
  const content = h("div", {}, h("p", {}, "請輸入登入密碼以確認授權"), fields([password]));
  const pressed = await (habits.reauthenticateIn === "page"
    ? inPlaceOf(card, "驗證密碼", content, ["確認授權", "取消"])
    : box("驗證密碼", content, ["確認授權", "取消"]));
  if (pressed !== "確認授權") return false;
  try {
    await call("POST", "/data/password", { password: password.value() });
    return true;
  } catch (trouble) {
    complain(document.body, trouble.message);
    return false;
  }
}

/** Asks in the place of the page, which is there again afterwards. */
async function inPlaceOf(card, title, content, words) {
  const kept = [...card.childNodes];
  const pressed = await new Promise((answer) =>
    card.replaceChildren(
      h("h2", {}, title),
      content,
      ...words.map((word) => button(word, () => answer(word), { kind: "button" })),
    ),
  );
  card.replaceChildren(...kept);
  return pressed;
}

/** A passing message of the portal. */
export function toast(text, { over } = {}) {
  if (habits.messages === "live") return live(text);
  const stack = document.querySelector(".ts") ?? overlay(h("div", { class: cls("toast_box", "ts") }));
  const id = Math.floor(Math.random() * 0xffffffff).toString(16);
  const body = h(
    "div",
    { class: cls("toast-body", "tt") },
    h("b", {}, "系統訊息"),
    h("div", {}, said(text)),
    h("small", {}, `Support id: ${id}`),
  );
  if (over) {
    const at = over.getBoundingClientRect();
    body.style.cssText = `position: fixed; left: ${at.left - 10}px; top: ${at.top - 10}px; width: 330px; height: ${at.height + 40}px; z-index: 95`;
  }
  stack.append(body);
  setTimeout(() => body.remove(), habits.messages === "brief" ? 800 : over ? 2500 : 5000);
}

/** Messages that only a live region says, at the foot of the window. */
function live(text) {
  const region =
    document.querySelector(".lv") ?? overlay(h("div", { class: "lv", "aria-live": "polite", "aria-atomic": "true" }));
  region.textContent = said(text);
}

const PASSING = new Set(["toast", "brief", "live", "swal2"]);

/** Where this look says that something was wrong. */
export function complain(card, text) {
  card.querySelector(":scope > .wr")?.remove();
  switch (habits.messages) {
    case "toast":
    case "brief":
    case "live":
      return toast(text);
    case "swal2":
      return overlay(swal(text));
    default: {
      const at = {
        "role-alert": "wr",
        alert: "alert alert-danger wr",
        "invalid-feedback": "invalid-feedback wr",
        plain: "wr",
      }[habits.messages];
      const line = h("div", { class: at }, said(text));
      if (habits.messages === "role-alert") line.setAttribute("role", "alert");
      card.append(line);
    }
  }
}

function swal(text) {
  const mask = h("div", { class: "swal2-container mk" });
  mask.append(
    h(
      "div",
      { class: "swal2-popup bx" },
      h("div", { class: "swal2-html-container" }, said(text)),
      h(
        "div",
        { class: "bf" },
        h("button", { type: "button", class: "swal2-confirm act main", onclick: () => mask.remove() }, "OK"),
      ),
    ),
  );
  return mask;
}

/** What the portal says after something has worked that changes it. `back` leads to where one goes on. */
export async function receipt(card, text, back) {
  switch (habits.receipt) {
    case "box":
      await box("系統訊息", text, ["確認"], { cross: true });
      return back();
    case "alert":
      window.alert(text);
      return back();
    case "page":
      card.replaceChildren(h("h2", {}, text), button("返回", back));
      return;
    default:
      if (PASSING.has(habits.messages)) toast(text);
      await back();
      if (!PASSING.has(habits.messages)) {
        const line = h("div", { class: habits.messages === "alert" ? "alert alert-success" : "" }, said(text));
        if (habits.messages === "role-alert") line.setAttribute("role", "alert");
        (document.querySelector(".cd") ?? window.viewRoot.querySelector(".cd") ?? card).prepend(line);
      }
  }
}

let loads = 0;
const layer = h("div", { class: "ld" }, "資料載入中…");
/** Shows that something loads while it does. */
export async function whileLoading(work) {
  if (habits.loading === "none") return work();
  loads += 1;
  overlay(layer);
  try {
    await new Promise((later) => setTimeout(later, 250));
    return await work();
  } finally {
    loads -= 1;
    if (loads === 0) layer.remove();
  }
}

/** Lies over the page after the sign-in until it is closed. */
export function announce(call) {
  if (habits.cookies && sessionStorage.getItem("cookies") === null) {
    const bar = h(
      "div",
      { class: "ck" },
      h("p", {}, "本網站使用 Cookie 以提供更好的瀏覽體驗。"),
      button("我知道了", () => (sessionStorage.setItem("cookies", "1"), bar.remove()), { kind: "button" }),
    );
    overlay(bar);
  }
  if (habits.announcement === "none" || sessionStorage.getItem("announced") !== null) return;
  const text = "本平台將於週日 02:00 至 06:00 進行系統升級維護，期間暫停服務，造成不便敬請見諒。";
  const close = () => {
    sessionStorage.setItem("announced", "1");
    mask.remove();
  };
  const cross = h("button", { type: "button", class: "xx", "aria-label": "關閉", onclick: close }, "✕");
  const title = h("div", { class: "bh" }, "重要公告");
  const inner = {
    "two-closes": () => [
      title,
      cross,
      h("div", {}, text),
      h("div", { class: "bf" }, button("關閉", close, { kind: "button" })),
    ],
    "unknown-class": () => [title, h("div", {}, text), h("div", { class: "bf" }, button("我知道了", close))],
    cross: () => [title, h("span", { class: "xx", onclick: close }, "✕"), h("div", {}, text)],
    dialog: () => [title, h("div", {}, text), h("div", { class: "bf" }, button("關閉", close, { kind: "button" }))],
    consent: () => [
      h("div", { class: "bh" }, "個人資料蒐集、處理及利用同意書"),
      h("div", {}, "本人同意財政部及其受託機構蒐集、處理及利用本人之個人資料。請詳閱後按「同意」繼續使用本平台。"),
      h(
        "div",
        { class: "bf" },
        button("同意", async () => (await call("POST", "/data/consent", {}), close()), { kind: "button", main: true }),
        button("不同意", () => location.assign("/accounts/login"), { kind: "button" }),
      ),
    ],
  }[habits.announcement]();
  const isDialog = habits.announcement === "dialog";
  const mask = isDialog ? h("dialog", {}, inner) : h("div", { class: "mk" }, h("div", { class: "bx" }, inner));
  overlay(mask);
  if (isDialog) mask.showModal();
}
