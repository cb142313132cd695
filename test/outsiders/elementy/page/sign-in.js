/* eslint-disable no-undef */
const BLANK = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

kit.Captcha = {
  emits: ["token"],
  data: () => ({ src: BLANK }),
  methods: {
    async draw() {
      this.src = BLANK;
      const drawn = await kit.call("captcha");
      await kit.later(300);
      this.src = `data:image/png;base64,${drawn.image}`;
      this.$emit("token", drawn.token);
    },
  },
  mounted() {
    this.draw();
  },
  template: `<div style="display:flex;align-items:center;gap:8px"><span class="code_num"><img alt="圖形驗證碼" :src="src" style="width:150px;height:40px"></span><span class="el-icon" title="更新圖形驗證碼" @click="draw" style="cursor:pointer">⟳</span><span class="el-icon" title="語音播放圖形驗證碼" style="cursor:pointer">🔊</span></div>`,
};

kit.Float = {
  props: ["modelValue", "label", "type"],
  emits: ["update:modelValue"],
  data: () => ({ on: false }),
  template: `<div class="float" :class="{up: on || modelValue}"><input :type="type || 'text'" autocomplete="off" :value="modelValue" @focus="on = true" @blur="on = false" @input="$emit('update:modelValue', $event.target.value)"><span class="lb">{{ label }}</span></div>`,
};

kit.SignIn = {
  components: { ElCaptcha: kit.Captcha, ElFloat: kit.Float },
  data: () => ({
    who: "mw",
    ban: "",
    user: "",
    password: "",
    captcha: "",
    token: "",
    busy: false,
    why: "",
    ready: false,
  }),
  computed: {
    whole() {
      return this.ban && this.user && this.password && this.captcha.length === 5;
    },
  },
  async mounted() {
    await kit.later(500);
    if (sessionStorage.getItem("token")) {
      await kit.later(1500);
      kit.go("/dashboard/btb/btb013w");
      return;
    }
    history.replaceState({}, "", "/accounts/login/mw");
    this.ready = true;
  },
  methods: {
    choose(who) {
      this.who = who;
      history.replaceState({}, "", `/accounts/login/${who}`);
    },
    async submit() {
      this.busy = true;
      this.why = "";
      const answer = await kit.call("doLogin", {
        loginType: "U",
        userType: "B",
        ban: this.ban,
        customId: this.user,
        password: this.password,
        captchaToken: this.token,
        captcha: this.captcha,
      });
      if (answer.title) {
        this.busy = false;
        this.why = answer.title;
        this.captcha = "";
        this.$refs.picture.draw();
        return;
      }
      kit.go("/dashboard/btb/btb013w");
      setTimeout(() => {
        sessionStorage.setItem("token", answer.token);
        kit.state.me = { ban: this.ban };
      }, 1200);
    },
  },
  template: `<div class="login-card"><h2>登入</h2><div v-if="!ready" class="boot">載入中…</div><template v-else><div class="login-tabs"><a v-for="[id, words] in [['mw','消費者'],['b','營業人/扣繳單位'],['a','專業代理人'],['g','政府機關．學校']]" :href="'/accounts/login/' + id" :class="{on: who === id}" @click.prevent="choose(id)">{{ words }}</a></div>
<template v-if="who === 'b'"><div class="login-tabs" style="margin-top:14px"><a class="on" href="#" @click.prevent>帳號</a><a href="#" @click.prevent>憑證</a></div><div v-if="why" role="alert" class="alert">{{ why }}</div>
<el-float v-model="ban" label="統一編號"/><el-float v-model="user" label="帳號"/><el-float v-model="password" type="password" label="密碼"/><el-float v-model="captcha" label="圖形驗證碼"/><el-captcha ref="picture" @token="token = $event"/>
<p><button id="submitBtn" type="button" class="el-button el-button--primary" style="width:100%" :disabled="!whole || busy" @click="submit">登入</button></p></template>
<template v-else><el-float model-value="" label="手機號碼"/><el-float model-value="" type="password" label="密碼"/><p><button type="button" class="el-button el-button--primary" style="width:100%" disabled>登入</button></p></template></template></div>`,
};
