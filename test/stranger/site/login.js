// Signing in, in the habits of this variant.
import { complaints, field, h } from "./ui.js";

const habits = window.habits;
const PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

function identities(business, go) {
  const link = (words, path, on) =>
    h("a", { href: path, class: on ? "on" : "", onclick: (event) => (event.preventDefault(), go(path)) }, words);
  return h(
    "div",
    { class: "who_tabs" },
    link("消費者", "/accounts/login", !business),
    link("營業人/扣繳單位", "/accounts/login/b", business),
    link("專業代理人", "/accounts/login", false),
  );
}

function captchaField(call) {
  const image = h("img", { alt: "圖形驗證碼", src: PIXEL });
  const input = h("input", { type: "text", autocomplete: "off", maxlength: "5" });
  const fresh = async () => {
    image.src = PIXEL;
    input.value = "";
    const answer = await call("GET", "/act/login/api/act002i/captcha");
    image.src = `data:image/png;base64,${answer.image}`;
    input.dataset.token = answer.token;
  };
  const row = field("圖形驗證碼", input, "captcha", [
    h("span", { class: "x code_num" }, image),
    h("button", { type: "button", class: "btn icon", "aria-label": "更新圖形驗證碼", onclick: fresh }, "↻"),
    h("button", { type: "button", class: "btn icon", title: "語音播放圖形驗證碼" }, "♪"),
  ]);
  void fresh();
  return { input, row, fresh };
}

/** `entered` is told the answer of the server once somebody is in. Returns the parts of the page. */
export function loginPage(business, { call, go, entered }) {
  const who = h("input", { type: "text", autocomplete: "off" });
  const account = h("input", { type: "text", autocomplete: "off" });
  const password = h("input", { type: "password", autocomplete: "off" });
  const captcha = captchaField(call);
  const wrong = complaints();
  const submit = async () => {
    wrong.clear();
    if (!business) return wrong.say("消費者登入不在此示範範圍");
    if (who.value === "" || account.value === "" || password.value === "" || captcha.input.value === "")
      return wrong.say("請輸入完整資料");
    try {
      const answer = await call("POST", "/act/login/api/client/doLogin", {
        loginType: "U",
        userType: "B",
        loginChallenge: Math.random().toString(36),
        ban: who.value,
        customId: account.value,
        password: password.value,
        captchaToken: captcha.input.dataset.token,
        captcha: captcha.input.value,
      });
      entered(answer);
    } catch (trouble) {
      wrong.say(trouble.message);
      await captcha.fresh();
    }
  };
  const enter = h("button", { type: "button", class: "btn primary", onclick: submit }, "登入");
  if (habits.labels === "ids") enter.id = "submitBtn";
  return [
    h("div", { class: "hd" }, h("span", { class: "brand" }, "財政部電子發票整合服務平台")),
    h(
      "div",
      { class: "login" },
      identities(business, go),
      h(
        "div",
        { class: "card" },
        h(
          "div",
          { class: "modes" },
          h("div", { class: "tab on" }, business ? "帳號" : "手機號碼"),
          h("div", { class: "tab" }, "憑證"),
        ),
        business
          ? [field("統一編號", who, "ban"), field("帳號", account, "user_id")]
          : field("手機號碼", who, "mobile_phone"),
        field("密碼", password, business ? "user_password" : "password"),
        captcha.row,
        wrong,
        enter,
      ),
    ),
  ];
}
