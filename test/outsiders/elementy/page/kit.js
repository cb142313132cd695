/* eslint-disable no-undef */
/** Parts as a component library draws them. */
const kit = {};
kit.state = Vue.reactive({ toasts: [], box: null, me: null });

kit.call = async (path, asked = {}) => {
  const answer = await fetch(`/api/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${sessionStorage.getItem("token") ?? ""}` },
    body: JSON.stringify(asked),
  });
  const body = await answer.json();
  if (answer.status === 401) {
    sessionStorage.removeItem("token");
    kit.toast(body.title);
    kit.go("/accounts/login");
    throw new Error(body.title);
  }
  return body;
};
kit.toast = (words) => {
  const one = {
    id: Math.random(),
    words,
    at: new Date().toLocaleTimeString("en-GB"),
    support: Math.random().toString(16).slice(2, 14),
  };
  kit.state.toasts.push(one);
  setTimeout(() => {
    kit.state.toasts = kit.state.toasts.filter((other) => other.id !== one.id);
  }, 6000);
};
/** Asks in a box; the words of the button that was pressed. */
kit.ask = (title, words, buttons) =>
  new Promise((resolve) => {
    kit.state.box = {
      title,
      words,
      buttons,
      answer(word) {
        kit.state.box = null;
        resolve(word);
      },
    };
  });
kit.route = Vue.ref(location.pathname);
kit.go = (path) => {
  if (path !== location.pathname) history.pushState({}, "", path);
  kit.route.value = path;
};
addEventListener("popstate", () => {
  kit.route.value = location.pathname;
});
kit.save = (name, text) => {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
};
kit.later = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function below(element) {
  const box = element.getBoundingClientRect();
  return { left: `${box.left + scrollX}px`, top: `${box.bottom + scrollY + 4}px`, minWidth: `${box.width}px` };
}

kit.Select = {
  props: ["modelValue", "options", "placeholder"],
  emits: ["update:modelValue"],
  data: () => ({ open: false, place: {} }),
  computed: {
    shown() {
      return this.options.find((one) => one.value === this.modelValue)?.label;
    },
  },
  methods: {
    toggle() {
      this.place = below(this.$refs.box);
      setTimeout(() => {
        this.open = !this.open;
      }, 60);
    },
    choose(one) {
      this.$emit("update:modelValue", one.value);
      this.open = false;
    },
    away(event) {
      if (!this.$refs.box?.contains(event.target)) this.open = false;
    },
  },
  mounted() {
    document.addEventListener("mousedown", this.away);
  },
  unmounted() {
    document.removeEventListener("mousedown", this.away);
  },
  template: `<div class="el-select" ref="box"><div class="el-select__wrapper" tabindex="-1" @click="toggle"><div class="el-select__selection"><div class="el-select__selected-item el-select__placeholder" :class="{'is-transparent': !shown}"><span>{{ shown || placeholder || '請選擇' }}</span></div></div><div class="el-select__suffix"><i class="el-icon"><svg width="12" height="12"><path d="M2 4l4 4 4-4" fill="none" stroke="#999"/></svg></i></div></div>
<Teleport to="body"><div v-if="open" class="el-popper el-select__popper" :style="place" @mousedown.stop><div class="el-scrollbar"><ul class="el-select-dropdown__list"><li v-for="one in options" class="el-select-dropdown__item" :class="{'is-selected': one.value === modelValue}" @click="choose(one)"><span>{{ one.label }}</span></li></ul></div></div></Teleport></div>`,
};

kit.Month = {
  props: ["modelValue", "placeholder"],
  emits: ["update:modelValue"],
  data: () => ({ open: false, place: {}, year: 2026 }),
  methods: {
    show() {
      this.place = below(this.$refs.box);
      this.year = Number((this.modelValue || new Date().toISOString()).slice(0, 4));
      this.open = true;
    },
    pick(month) {
      this.$emit("update:modelValue", `${this.year}-${String(month).padStart(2, "0")}`);
      this.open = false;
    },
    away(event) {
      if (!this.$refs.box?.contains(event.target)) this.open = false;
    },
  },
  mounted() {
    document.addEventListener("mousedown", this.away);
  },
  unmounted() {
    document.removeEventListener("mousedown", this.away);
  },
  template: `<div class="el-date-editor el-input" ref="box"><div class="el-input__wrapper" @click="show"><input class="el-input__inner" readonly :placeholder="placeholder" :value="modelValue"></div>
<Teleport to="body"><div v-if="open" class="el-popper el-picker__popper" :style="place" @mousedown.stop><div class="el-date-picker"><div class="el-date-picker__header"><button type="button" class="el-picker-panel__icon-btn" @click="year--">«</button><span class="el-date-picker__header-label">{{ year }} 年</span><button type="button" class="el-picker-panel__icon-btn" @click="year++">»</button></div>
<table class="el-month-table"><tbody><tr v-for="row in 3"><td v-for="col in 4" @click="pick((row-1)*4+col)"><div><span class="cell">{{ ['一','二','三','四','五','六','七','八','九','十','十一','十二'][(row-1)*4+col-1] }}月</span></div></td></tr></tbody></table></div></div></Teleport></div>`,
};

kit.Amount = {
  props: ["modelValue"],
  emits: ["update:modelValue"],
  template: `<div class="el-input-number"><span role="button" @click="$emit('update:modelValue', Math.max(0, Number(modelValue||0)-1))">−</span><input type="text" inputmode="numeric" :value="modelValue" @input="$emit('update:modelValue', $event.target.value.replace(/\\D/g,''))"><span role="button" @click="$emit('update:modelValue', Number(modelValue||0)+1)">＋</span></div>`,
};

kit.Check = {
  props: ["modelValue"],
  emits: ["update:modelValue"],
  template: `<label class="el-checkbox" :class="{'is-checked': modelValue}"><span class="el-checkbox__input"><input class="el-checkbox__original" type="checkbox" :checked="modelValue" @change="$event.isTrusted ? $emit('update:modelValue', $event.target.checked) : ($event.target.checked = modelValue)"><span class="el-checkbox__inner"></span></span><span class="el-checkbox__label" v-if="$slots.default"><slot/></span></label>`,
};

kit.Item = {
  props: ["label", "required", "error"],
  template: `<div class="el-form-item"><label class="el-form-item__label" :class="{'is-required': required}">{{ label }}</label><div class="el-form-item__content"><slot/><div v-if="error" class="el-form-item__error">{{ error }}</div></div></div>`,
};

kit.Layers = {
  setup: () => ({ state: kit.state }),
  template: `<Teleport to="body"><div class="toast_box"><div v-for="one in state.toasts" :key="one.id" class="toast"><div class="toast-header"><strong>系統訊息</strong><small>{{ one.at }}</small></div><div class="toast-body">{{ one.words }}<br><small>Support id: {{ one.support }}</small></div></div></div>
<div v-if="state.box" class="el-overlay" style="z-index:2600"><div class="el-message-box"><div class="el-message-box__title"><span>{{ state.box.title }}</span><button type="button" class="el-close" @click="state.box.answer('')">✕</button></div><div class="el-message-box__content">{{ state.box.words }}</div><div class="el-message-box__btns"><button v-for="word in state.box.buttons" type="button" class="el-button" :class="{'el-button--primary': word === state.box.buttons.at(-1)}" @click="state.box.answer(word)"><span>{{ word }}</span></button></div></div></div></Teleport>`,
};
