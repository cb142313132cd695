/* eslint-disable no-undef */
/** Rows under a header that is a table apart; the first columns are drawn a second time, to stay in place. */
kit.Table = {
  props: ["columns", "rows", "loading", "ticks", "tickable", "fixed", "pageSize"],
  emits: ["tick"],
  data: () => ({ page: 1 }),
  computed: {
    pages() {
      return Math.max(1, Math.ceil(this.rows.length / (this.pageSize || 10)));
    },
    shown() {
      const size = this.pageSize || 10;
      return this.rows.slice((this.page - 1) * size, this.page * size);
    },
  },
  watch: {
    rows() {
      this.page = 1;
    },
  },
  methods: {
    may(row) {
      return this.tickable ? this.tickable(row) : true;
    },
    ticked(row) {
      return this.ticks.includes(row.id);
    },
    turn(row, on) {
      this.$emit("tick", on ? [...this.ticks, row.id] : this.ticks.filter((id) => id !== row.id));
    },
    all(on) {
      this.$emit("tick", on ? this.shown.filter((row) => this.may(row)).map((row) => row.id) : []);
    },
  },
  components: { ElCheck: kit.Check },
  template: `<div v-if="loading" class="el-skeleton"><div v-for="n in 4" class="el-skeleton__item"></div></div>
<div v-else><div class="el-table"><div class="el-table__header-wrapper"><table><colgroup><col v-if="ticks" width="50"><col v-for="one in columns" width="130"></colgroup><thead><tr><th v-if="ticks"><div class="cell is-hidden"><el-check :model-value="false"/></div></th><th v-for="(one, at) in columns"><div class="cell" :class="{'is-hidden': fixed && at === 0}">{{ one.title }}</div></th></tr></thead></table></div>
<div class="el-table__body-wrapper"><table><colgroup><col v-if="ticks" width="50"><col v-for="one in columns" width="130"></colgroup><tbody><tr v-for="row in shown" :key="row.id"><td v-if="ticks"><div class="cell" :class="{'is-hidden': fixed}"><el-check v-if="may(row)" :model-value="ticked(row)" @update:model-value="turn(row, $event)"/></div></td><td v-for="(one, at) in columns"><div class="cell" :class="{'is-hidden': fixed && at === 0}"><slot v-if="one.slot" :name="one.slot" :row="row"/><template v-else>{{ row[one.key] }}</template></div></td></tr></tbody></table><div v-if="rows.length === 0" class="el-table__empty-block"><span class="el-table__empty-text">暫無資料</span></div></div>
<div v-if="fixed" class="el-table__fixed" style="width:180px"><table><colgroup><col v-if="ticks" width="50"><col width="130"></colgroup><thead><tr><th v-if="ticks"><div class="cell"><el-check :model-value="shown.length > 0 && shown.filter(may).every(ticked)" @update:model-value="all"/></div></th><th><div class="cell">{{ columns[0].title }}</div></th></tr></thead></table><table><colgroup><col v-if="ticks" width="50"><col width="130"></colgroup><tbody><tr v-for="row in shown" :key="row.id"><td v-if="ticks"><div class="cell"><el-check v-if="may(row)" :model-value="ticked(row)" @update:model-value="turn(row, $event)"/></div></td><td><div class="cell">{{ row[columns[0].key] }}</div></td></tr></tbody></table></div></div>
<div class="el-pagination" v-if="rows.length"><span class="el-pagination__total">共 {{ rows.length }} 條</span><button type="button" class="btn-prev" :disabled="page <= 1" @click="page--">‹</button><ul class="el-pager"><li v-for="n in pages" class="number" :class="{'is-active': n === page}" @click="page = n">{{ n }}</li></ul><button type="button" class="btn-next" :disabled="page >= pages" @click="page++">›</button></div></div>`,
};
