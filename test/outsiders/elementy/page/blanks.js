/* eslint-disable no-undef */
kit.Upload = {
  components: parts,
  props: ["periods"],
  emits: ["done"],
  data: () => ({ step: 0, period: "", file: null, lines: [], busy: false }),
  methods: {
    async chosen(event) {
      const [file] = event.target.files;
      this.file = file;
      this.text = await file.text();
      this.lines = this.text
        .split(/\r?\n/)
        .filter(Boolean)
        .map((line, id) => Object.fromEntries([["id", id], ...line.split(",").map((cell, at) => [`c${at}`, cell])]));
    },
    async send() {
      this.busy = true;
      const { id } = await kit.call("upload", { period: this.period, text: this.text });
      await kit.later(400);
      this.busy = false;
      this.step = 3;
      kit.toast(`上傳成功，檔名 ${id}`);
    },
  },
  template: `<div><div class="el-steps"><div v-for="(words, at) in ['選擇期別','選擇檔案','資料確認','完成']" class="el-step" :class="{'is-process': at === step}">{{ at + 1 }} {{ words }}</div></div>
<div v-if="step === 0"><el-item label="字軌期別" :required="true"><el-select v-model="period" :options="periods"/></el-item><button type="button" class="el-button el-button--primary" :disabled="!period" @click="step = 1"><span>下一步</span></button></div>
<div v-if="step === 1"><div class="el-upload"><div class="el-upload-dragger" @click="$refs.input.click()"><div class="el-upload__text">將檔案拖到此處，或<em>點擊選擇檔案</em></div></div><input ref="input" type="file" class="el-upload__input" accept=".csv" @change="chosen"><ul v-if="file"><li>{{ file.name }}</li></ul></div><p>只能上傳 csv 檔；匯入作業每小時執行一次，請移除範例標題列。</p><p><button type="button" class="el-button" @click="step = 0"><span>上一步</span></button><button type="button" class="el-button el-button--primary" :disabled="!file" @click="step = 2"><span>下一步</span></button></p></div>
<div v-if="step === 2"><h4>請確認上傳內容</h4><el-item label="字軌期別">{{ periods.find(one => one.value === period).label }}</el-item><el-item label="檔案名稱">{{ file.name }}</el-item><el-table :columns="[{title:'序號',key:'c0'},{title:'統一編號',key:'c1'},{title:'所屬年月',key:'c2'},{title:'字軌',key:'c3'},{title:'發票起號',key:'c4'},{title:'發票迄號',key:'c5'}]" :rows="lines"/><p><button type="button" class="el-button" @click="step = 1"><span>上一步</span></button><button type="button" class="el-button el-button--primary" :disabled="busy" @click="send"><span>確認上傳</span></button></p></div>
<div v-if="step === 3" class="el-result"><h3>上傳成功</h3><p>匯入結果請至上傳列表查詢</p><button type="button" class="el-button el-button--primary" @click="$emit('done')"><span>前往上傳列表</span></button></div></div>`,
};

kit.Jobs = {
  components: parts,
  data: () => ({
    rows: [],
    loading: true,
    columns: [
      { title: "匯入時間", key: "at" },
      { title: "匯入檔名", key: "name" },
      { title: "處理狀態", slot: "state" },
      { title: "失敗明細", slot: "why" },
    ],
  }),
  async mounted() {
    await this.look();
  },
  methods: {
    async look() {
      this.loading = true;
      const { rows } = await kit.call("jobs");
      await kit.later(300);
      this.rows = rows;
      this.loading = false;
    },
    async why(row) {
      const file = await kit.call("failure", { id: row.id });
      kit.save(file.name, file.text);
    },
  },
  template: `<div><p><button type="button" class="el-button" @click="look"><span>重新整理</span></button></p><el-table :columns="columns" :rows="rows" :loading="loading" :page-size="15"><template #state="{ row }"><span class="el-tag">{{ row.state }}</span></template><template #why="{ row }"><button v-if="row.state === '處理失敗'" type="button" class="el-button" @click="why(row)"><span>下載</span></button></template></el-table></div>`,
};

kit.BlankList = {
  components: parts,
  props: ["periods"],
  data: () => ({
    period: "",
    rows: null,
    ticks: [],
    loading: false,
    columns: [
      { title: "總/分支機構統編", key: "ban" },
      { title: "發票類別", key: "category" },
      { title: "發票年月", key: "period" },
      { title: "發票字軌", key: "track" },
      { title: "發票起號", key: "begin" },
      { title: "發票迄號", key: "end" },
    ],
  }),
  methods: {
    async look() {
      if (!this.period) return kit.toast("請選擇字軌期別");
      this.loading = true;
      this.ticks = [];
      const { rows } = await kit.call("blanks", { period: this.period });
      await kit.later(300);
      this.rows = rows;
      this.loading = false;
    },
    async remove() {
      if (this.ticks.length === 0) return kit.toast("請先勾選資料");
      if ((await kit.ask("系統訊息", `請確認是否刪除所選 ${this.ticks.length} 筆資料？`, ["否", "是"])) !== "是")
        return;
      const { message } = await kit.call("blanks/delete", { ids: this.ticks });
      kit.toast(message);
      await this.look();
    },
  },
  template: `<div><el-item label="字軌期別" :required="true"><el-select v-model="period" :options="periods"/></el-item><p><button type="button" class="el-button el-button--primary" @click="look"><span>查詢</span></button><button v-if="rows && rows.length" type="button" class="el-button" @click="remove"><span>刪除</span></button></p><el-table v-if="rows || loading" :columns="columns" :rows="rows || []" :loading="loading" :ticks="ticks" @tick="ticks = $event"/></div>`,
};

kit.Blanks = {
  components: { BlankUpload: kit.Upload, BlankJobs: kit.Jobs, BlankList: kit.BlankList },
  data: () => ({ tab: "list", periods: [] }),
  async mounted() {
    this.periods = (await kit.call("periods")).blank;
  },
  methods: {
    sample() {
      kit.save(
        "範例檔.csv",
        "序號,統一編號,所屬年月,字軌,空白發票起號,空白發票迄號,發票類別\r\n00001,12345675,11508,JZ,50075681,50075699,07\r\n",
      );
    },
    help() {
      kit.save("說明檔.txt", "請移除標題列後上傳");
    },
  },
  template: `<div class="el-tabs"><div class="el-tabs__nav"><div v-for="[id, words] in [['list','查詢'],['import','匯入字軌'],['jobs','上傳列表']]" class="el-tabs__item" :class="{'is-active': tab === id}" @click="tab = id">{{ words }}</div></div><p v-if="tab === 'import'"><a href="#" @click.prevent="sample">範例下載</a>　<a href="#" @click.prevent="help">說明檔下載</a></p><blank-list v-if="tab === 'list'" :periods="periods"/><blank-upload v-if="tab === 'import'" :periods="periods" @done="tab = 'jobs'"/><blank-jobs v-if="tab === 'jobs'"/></div>`,
};

kit.Missing = {
  components: parts,
  props: ["what"],
  data: () => ({ period: "", periods: [], rows: null }),
  async mounted() {
    this.periods = (await kit.call("periods")).blank;
  },
  methods: {
    async save() {
      const file = await kit.call("missing/file", { period: this.period, what: this.what });
      kit.save(file.name, file.text);
    },
    async look() {
      if (!this.period) return kit.toast("請選擇發票期別");
      this.rows = (await kit.call("missing", { period: this.period, what: this.what })).rows;
      kit.toast("查詢成功");
    },
  },
  template: `<div><el-item label="發票期別"><el-select v-model="period" :options="periods"/></el-item><p><button type="button" class="el-button el-button--primary" @click="look"><span>查詢</span></button></p><p v-if="rows && rows.length === 0">查無資料</p><p v-if="rows && rows.length"><button type="button" class="el-button" @click="save"><span>下載</span></button></p><div v-for="row in rows" class="card"><dl><dt>發票年月</dt><dd>{{ row.period }}</dd><dt>發票號碼</dt><dd>{{ row.number }}</dd><dt>發票日期</dt><dd>{{ row.date }}</dd></dl></div></div>`,
};
