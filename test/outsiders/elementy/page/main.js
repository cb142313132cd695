/* eslint-disable no-undef */
const MENU = [
  ["電子發票專用字軌號碼", [["電子發票專用字軌號碼取號", "/dashboard/btb/btb004w/search", "BTB004W"]]],
  [
    "每單月10日前應辦理事項",
    [
      ["上傳空白未使用發票號碼", "/dashboard/btb/btb030w/search", "BTB030W"],
      ["總機構上傳分支機構配號檔", "/dashboard/btb/none", "BTB031W"],
    ],
  ],
  [
    "查詢與下載",
    [
      ["漏上傳資料清冊", "/dashboard/btb/btb041w", "BTB041W"],
      ["未依限或未據實上傳明細", "/dashboard/btb/btb042w", "BTB042W"],
      ["媒體申報檔下載(非即時)", "/dashboard/btb/none", "BTB043W"],
    ],
  ],
];

const Dashboard = {
  components: { NumbersPage: kit.Numbers, BlanksPage: kit.Blanks, MissingPage: kit.Missing },
  data: () => ({ menu: MENU, open: "", side: true, news: true, ready: false, state: kit.state }),
  setup: () => ({ route: kit.route }),
  computed: {
    here() {
      for (const [group, items] of MENU)
        for (const [words, path, code] of items) if (path === this.route) return { group, words, code };
      return { group: "首頁", words: "待辦事項", code: "BTB013W" };
    },
  },
  async mounted() {
    for (let tries = 0; tries < 40 && !sessionStorage.getItem("token"); tries++) await kit.later(100);
    if (!sessionStorage.getItem("token")) return kit.go("/accounts/login");
    kit.state.me = await kit.call("me");
    if (sessionStorage.getItem("news")) this.news = false;
    this.ready = true;
  },
  methods: {
    go: kit.go,
    close() {
      this.news = false;
      sessionStorage.setItem("news", "1");
    },
    async out() {
      if ((await kit.ask("系統訊息", "確定要登出嗎？", ["取消", "確定"])) !== "確定") return;
      await kit.call("logout");
      sessionStorage.clear();
      kit.go("/accounts/login");
    },
  },
  template: `<div v-if="!ready" class="boot">載入中…</div><div v-else><div class="lay-head"><span style="cursor:pointer" title="選單" @click="side = !side">☰</span><b>財政部電子發票整合服務平台</b><span style="flex:1"></span><span>{{ state.me.name }}</span><span class="el-dropdown-link" style="cursor:pointer" @click="out">登出</span></div>
<div class="lay-body"><div class="lay-side" v-show="side"><div v-for="[group, items] in menu" class="el-sub-menu"><div class="el-sub-menu__title" @click="open = open === group ? '' : group">{{ group }}</div><template v-if="open === group"><div v-for="[words, path] in items" class="el-menu-item" @click="go(path)">{{ words }}</div></template></div></div>
<div class="lay-main"><div class="el-breadcrumb">::: 營業人功能選單 / {{ here.group }} / {{ here.words }}({{ here.code }})</div><h2>{{ here.words }}</h2>
<numbers-page v-if="here.code === 'BTB004W'"/><blanks-page v-else-if="here.code === 'BTB030W'"/><missing-page v-else-if="here.code === 'BTB041W' || here.code === 'BTB042W'" :key="here.code" :what="here.words"/><div v-else class="card">尚未接收確認：0 筆</div></div></div>
<Teleport to="body"><div v-if="news" class="el-overlay"><div class="el-dialog"><div class="el-message-box__title"><span>公告訊息</span><button type="button" class="el-close" aria-label="關閉" @click="close">✕</button></div><p>本平台訂於本月進行系統升級，請提早完成取號作業。</p><div class="el-message-box__btns"><button type="button" class="el-button el-button--primary" @click="close"><span>確定</span></button></div></div></div></Teleport></div>`,
};

const app = Vue.createApp({
  components: { DashboardPage: Dashboard, SignInPage: kit.SignIn, CarrierPage: kit.Carrier, LayersPart: kit.Layers },
  setup: () => ({ route: kit.route }),
  template: `<dashboard-page v-if="route.startsWith('/dashboard')"/><carrier-page v-else-if="route.startsWith('/portal/btc/')"/><sign-in-page v-else-if="route.startsWith('/accounts')"/><div v-else class="login-card"><h2>財政部電子發票整合服務平台</h2><p><a href="/accounts/login" class="el-button">登入</a></p></div><layers-part/>`,
});
setTimeout(() => app.mount("#app"), 300);
