/* eslint-disable no-undef */
kit.Carrier = {
  components: { ElCaptcha: kit.Captcha, ElFloat: kit.Float, ElCheck: kit.Check },
  data: () => ({ mobile: "", code: "", captcha: "", token: "", agreed: false, why: "", shown: null, done: false }),
  computed: {
    parcel: () => location.pathname.split("/").at(-1),
  },
  methods: {
    async query() {
      this.why = "";
      if (!this.agreed) {
        this.why = "請勾選同意事項";
        return;
      }
      const answer = await kit.call("carrier/query", {
        parcel: this.parcel,
        mobile: this.mobile,
        captcha: this.captcha,
        captchaToken: this.token,
        code: this.code,
      });
      if (answer.title) {
        this.why = answer.title;
        this.captcha = "";
        this.$refs.picture.draw();
        return;
      }
      this.shown = answer;
    },
    async confirm() {
      const answer = await kit.call("carrier/bind", {
        parcel: this.parcel,
        mobile: this.mobile,
        code: this.code,
        agreed: this.agreed,
      });
      if (answer.title) {
        this.shown = null;
        this.why = answer.title;
        return;
      }
      this.done = true;
    },
  },
  template: `<div class="login-card"><h2>會員載具歸戶</h2><div v-if="why" class="invalid-feedback alert">{{ why }}</div>
<template v-if="done"><h3>歸戶完成</h3><p>會員載具歸戶成功</p></template>
<template v-else-if="shown"><p>請確認資料是否正確</p><dl class="card"><dt>手機條碼</dt><dd>{{ shown.barcode }}</dd><dt>載具類別</dt><dd>{{ shown.kind }}</dd><dt>載具編號</dt><dd>{{ shown.card }}</dd></dl><button type="button" class="el-button" @click="shown = null"><span>返回</span></button><button type="button" class="el-button el-button--primary" @click="confirm"><span>確認</span></button></template>
<template v-else><el-float v-model="mobile" label="手機號碼或手機條碼"/><el-float v-model="code" type="password" label="驗證碼"/><el-float v-model="captcha" label="圖形驗證碼"/><el-captcha ref="picture" @token="token = $event"/><p><el-check v-model="agreed">本人已閱讀並同意個人資料蒐集、處理及利用告知事項</el-check></p><p><button type="button" class="el-button el-button--primary" style="width:100%" @click="query"><span>查詢</span></button></p></template></div>`,
};
