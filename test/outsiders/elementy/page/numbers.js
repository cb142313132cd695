/* eslint-disable no-undef */
const parts = {
  ElSelect: kit.Select,
  ElMonth: kit.Month,
  ElAmount: kit.Amount,
  ElItem: kit.Item,
  ElTable: kit.Table,
  ElCheck: kit.Check,
};

function thisPeriod(add) {
  const now = new Date();
  const month = now.getMonth() + 1;
  const even = month + (month % 2) + add;
  return even > 12
    ? `${now.getFullYear() + 1}-${String(even - 12).padStart(2, "0")}`
    : `${now.getFullYear()}-${String(even).padStart(2, "0")}`;
}

kit.Take = {
  components: parts,
  props: ["periods"],
  emits: ["done", "close"],
  data: () => ({ period: "", kind: "", books: "", extra: 0, quota: null, busy: false, error: {} }),
  watch: {
    async period() {
      await this.look();
    },
    async kind() {
      await this.look();
    },
  },
  methods: {
    async look() {
      this.quota = null;
      if (this.period && this.kind) {
        await kit.later(250);
        this.quota = await kit.call("quota", { period: this.period, kind: this.kind });
      }
    },
    async submit() {
      this.error = {
        period: this.period ? "" : "請選擇發票期別",
        kind: this.kind ? "" : "請選擇發票類別",
        books: Number(this.books) > 0 ? "" : "請輸入取用本數",
      };
      if (Object.values(this.error).some(Boolean)) return;
      const label = this.periods.take.find((one) => one.value === this.period).label;
      if ((await kit.ask("系統訊息", `確定提交 ${label} 取號 ${this.books} 本？`, ["取消", "確認"])) !== "確認") return;
      this.busy = true;
      const answer = await kit.call("take", {
        period: this.period,
        kind: this.kind,
        books: Number(this.books),
        extra: Number(this.extra),
      });
      this.busy = false;
      if (answer.title) return kit.toast(answer.title);
      await kit.ask("系統訊息", answer.message, ["確認"]);
      this.$emit("done");
    },
  },
  template: `<Teleport to="body"><div class="el-overlay"><div class="el-drawer"><header class="el-message-box__title"><span>電子發票字軌號碼取號</span><button type="button" class="el-close" @click="$emit('close')">✕</button></header>
<el-item label="發票期別" :required="true" :error="error.period"><el-select v-model="period" :options="periods.take"/></el-item>
<el-item label="發票類別" :required="true" :error="error.kind"><el-select v-model="kind" :options="periods.kinds"/></el-item>
<el-item label="取用本數" :required="true" :error="error.books"><el-amount v-model="books"/></el-item><el-item label="增加本數"><el-amount v-model="extra"/></el-item>
<el-item label="狀態"><span v-if="quota">正常　可取用本數：{{ quota.left }}　已取用本數：{{ quota.taken }}</span><span v-else>－</span></el-item>
<div style="text-align:right"><button type="button" class="el-button" @click="$emit('close')"><span>取消</span></button><button type="button" class="el-button el-button--primary" :disabled="busy" @click="submit"><span>提交取號</span></button></div></div></div></Teleport>`,
};

kit.Notices = {
  components: parts,
  data: () => ({ rows: [""], asking: false, password: "", wrong: "" }),
  async mounted() {
    const kept = (await kit.call("notices")).addresses;
    this.rows = kept.length ? [...kept] : [""];
  },
  methods: {
    async confirm() {
      const { right } = await kit.call("password", { password: this.password });
      this.password = "";
      if (!right) {
        this.wrong = "密碼錯誤";
        return;
      }
      this.asking = false;
      const answer = await kit.call("notices/save", { addresses: this.rows });
      kit.toast(answer.title || answer.message);
    },
  },
  template: `<div><p>最多可設定五組通知信箱</p><div v-for="(row, at) in rows" class="el-form-item"><label class="el-form-item__label">電子郵件信箱{{ at + 1 }}</label><div class="el-input__wrapper"><input class="el-input__inner" v-model="rows[at]" placeholder="請輸入電子郵件"></div><button type="button" class="el-button" title="移除" @click="rows.splice(at, 1)">－</button></div>
<p><button type="button" class="el-button" :disabled="rows.length >= 5" @click="rows.push('')">＋ 新增信箱</button><button type="button" class="el-button el-button--primary" @click="asking = true; wrong = ''"><span>儲存</span></button></p>
<Teleport to="body"><div v-if="asking" class="el-overlay" style="z-index:2600"><div class="el-dialog"><div class="el-message-box__title"><span>驗證密碼</span></div><p>為保障您的權益，請再次輸入登入密碼</p><div class="el-input__wrapper"><input class="el-input__inner" type="password" v-model="password" placeholder="密碼" autocomplete="off"></div><div class="el-form-item__error">{{ wrong }}</div><div class="el-message-box__btns"><button type="button" class="el-button" @click="asking = false"><span>取消</span></button><button type="button" class="el-button el-button--primary" :disabled="!password" @click="confirm"><span>確認授權</span></button></div></div></div></Teleport></div>`,
};

kit.Numbers = {
  components: { ...parts, TakeDrawer: kit.Take, NoticeList: kit.Notices },
  data: () => ({
    tab: "search",
    taking: false,
    periods: { take: [], kinds: [] },
    from: thisPeriod(0),
    to: thisPeriod(2),
    kind: "",
    rows: null,
    ticks: [],
    loading: false,
    columns: [
      { title: "營業人統編", key: "ban" },
      { title: "發票期別", key: "period" },
      { title: "發票類別", key: "kind" },
      { title: "取用本數", key: "books" },
      { title: "增加本數", key: "extra" },
      { title: "已配本數", key: "given" },
      { title: "是否已配號", key: "state" },
      { title: "停止使用", slot: "stop" },
      { title: "功能", slot: "act" },
    ],
  }),
  async mounted() {
    this.periods = await kit.call("periods");
  },
  methods: {
    async search() {
      this.loading = true;
      this.ticks = [];
      const { rows } = await kit.call("applications", { from: this.from, to: this.to, kind: this.kind });
      kit.toast("查詢成功");
      await kit.later(450);
      this.rows = rows;
      this.loading = false;
    },
    async download(ids) {
      if (ids.length === 0) return kit.toast("請先勾選資料");
      if ((await kit.ask("系統訊息", "下載檔案編碼為UTF-8", ["否", "是"])) !== "是") return;
      const file = await kit.call("tracks", { ids });
      kit.save(file.name, file.text);
    },
  },
  template: `<div class="el-tabs"><div class="el-tabs__nav"><div class="el-tabs__item" :class="{'is-active': tab === 'search'}" @click="tab = 'search'">查詢</div><div class="el-tabs__item" @click="taking = true">＋取號</div><div class="el-tabs__item" :class="{'is-active': tab === 'mail'}" @click="tab = 'mail'">取號電子郵件信箱維護</div></div>
<div v-if="tab === 'search'"><el-item label="發票期別"><el-month v-model="from" placeholder="起始月份"/> 至 <el-month v-model="to" placeholder="結束月份"/></el-item><el-item label="發票類別"><el-select v-model="kind" :options="[{value:'',label:'全部'}, ...periods.kinds]"/></el-item>
<p><button type="button" class="el-button el-button--primary" @click="search"><span>查詢</span></button></p>
<template v-if="rows || loading"><p><button type="button" class="el-button" title="下載" @click="download(ticks)"><span>下載</span></button></p>
<el-table :columns="columns" :rows="rows || []" :loading="loading" :ticks="ticks" :fixed="true" :tickable="row => row.state === '是'" @tick="ticks = $event"><template #stop>否</template><template #act="{ row }"><button v-if="row.state === '是'" type="button" class="el-button" title="下載" @click="download([row.id])"><svg width="12" height="12"><path d="M6 1v8M2 6l4 4 4-4" stroke="#333" fill="none"/></svg></button></template></el-table></template></div>
<notice-list v-if="tab === 'mail'"/><take-drawer v-if="taking" :periods="periods" @close="taking = false" @done="taking = false; tab = 'search'; search()"/></div>`,
};
