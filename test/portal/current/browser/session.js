import { go } from "./router.js";
import { toast } from "./parts/overlay.js";

const KEY = "token";

/** Calls an API and answers its JSON, or null when it refused: then a toast has told the reader why. */
export async function call(path, options = {}) {
  const response = await send(path, options);
  return response === null ? null : response.json();
}

/** The same, for answers that are not JSON. */
export async function send(path, { method, json, form, quiet } = {}) {
  const token = session.token();
  const headers = {
    ...(token ? { Authorization: `Bearer ${token}` } : {}),
    ...(json === undefined ? {} : { "Content-Type": "application/json" }),
  };
  let response;
  try {
    response = await fetch(path, {
      method: method ?? (json === undefined && form === undefined ? "GET" : "POST"),
      headers,
      body: json === undefined ? form : JSON.stringify(json),
    });
  } catch {
    if (!quiet) toast("網路連線異常，請稍後再試");
    return null;
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({ title: "系統發生錯誤，請稍後再試" }));
  if (!quiet) toast(wording(problem.title), problem.supportId);
  if (response.status === 401 && token) session.lose();
  return null;
}

const wordings = [
  ["Image verification code verification failed.", "圖形驗證碼驗證失敗"],
  ["The username or password is incorrect", "使用者帳號或密碼錯誤"],
  ["The account has been locked.", "帳號因密碼錯誤次數過多已鎖定，請洽貴公司系統管理員或客服專線"],
];

function wording(title) {
  return wordings.find(([start]) => title.startsWith(start))?.[1] ?? title;
}

/** The sign-in lives in this tab's session storage and nowhere else. */
export const session = {
  token: () => sessionStorage.getItem(KEY),

  /** Exchanges the code of a sign-in for the token. */
  async redeem(code) {
    const answer = await call("/act/login/api/client/token", { json: { code } });
    if (answer !== null) sessionStorage.setItem(KEY, answer.token);
    return answer !== null;
  },

  async signOut() {
    await send("/act/api/logout", { method: "POST", quiet: true });
    sessionStorage.removeItem(KEY);
    go("/accounts/login");
  },

  lose() {
    if (!session.token()) return;
    sessionStorage.removeItem(KEY);
    setTimeout(() => go("/accounts/login"), 2500);
  },
};
