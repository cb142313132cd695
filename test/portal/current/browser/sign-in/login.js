import { computed, reactive, watch } from "vue";
import { toast } from "../parts/overlay.js";
import { pageView } from "../parts/page-view.js";
import { go, replace, route } from "../router.js";
import { call, session } from "../session.js";
import { component } from "../parts/template.js";

const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

const identities = [
  { key: "mw", title: "消費者" },
  { key: "b", title: "營業人/扣繳單位" },
  { key: "agent", title: "專業代理人" },
  { key: "donee", title: "受贈團體" },
  { key: "gov", title: "政府機關·學校" },
];

// Opened from outside, every identity's address falls back to the consumer's: only a click on its link leads there.
if (/^\/accounts\/login\/(?!mw$)./.test(location.pathname)) replace("/accounts/login");

export const login = component("login", {
  setup() {
    const form = reactive({ ban: "", account: "", password: "", captcha: "" });
    const state = reactive({ mode: "account", picture: BLANK, token: "", challenge: "", busy: false, shown: false });
    const identity = computed(() => route.path.slice("/accounts/login/".length) || "mw");

    const refresh = async () => {
      Object.assign(state, { picture: BLANK, token: "" });
      form.captcha = "";
      const captcha = await call("/act/login/api/act002i/captcha");
      if (captcha !== null) {
        Object.assign(state, { picture: `data:image/png;base64,${captcha.image}`, token: captcha.token });
      }
    };

    const view = pageView("LOGIN", async () => {
      const answer = await call("/act/login/api/act002i/challenge");
      state.challenge = answer?.loginChallenge ?? "";
      await refresh();
      if (session.token()) await jumpIfAlive();
    });
    watch(identity, () => view.ready && refresh());

    const submit = async () => {
      if (!form.ban || !form.account || !form.password || !form.captcha) return toast("請輸入必填欄位");
      state.busy = true;
      const answer = await call("/act/login/api/client/doLogin", {
        json: {
          loginType: "U",
          userType: identity.value === "b" ? "B" : identity.value.toUpperCase(),
          loginChallenge: state.challenge,
          ban: form.ban,
          customId: form.account,
          password: form.password,
          captchaToken: state.token,
          captcha: form.captcha,
        },
      });
      state.busy = false;
      if (answer === null) await refresh();
      else location.assign(answer.redirectTo);
    };

    const speak = () => toast("目前無法提供語音播放，請稍後再試");
    return { form, state, identity, identities, view, refresh, submit, speak, go };
  },
});

/** A session that still lives needs no form: the page notices a little late. */
async function jumpIfAlive() {
  const answer = await call("/act/login/api/client/session", { quiet: true });
  if (answer?.alive) setTimeout(() => go("/dashboard"), answer.jumpDelayMs);
}
