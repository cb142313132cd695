// Building blocks of the page: elements, fields, dropdowns, tables, boxes and toasts, each in the habits of this variant.
const habits = window.habits;

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return element;
}

/** A control with its words where this variant puts them; `control.hold` is what takes the id or the placeholder. */
export function field(words, control, id, more = []) {
  const taker = control.hold ?? control;
  if (habits.labels === "placeholder") {
    if (taker.tagName === "INPUT") taker.placeholder = `請輸入${words}`;
    return h("div", { class: "bare" }, control, more);
  }
  if (habits.labels === "beside") {
    return h(
      "div",
      { class: "row" },
      h("div", { class: "cell name" }, `＊${words}`),
      h("div", { class: "cell" }, control, more),
    );
  }
  taker.id = id;
  return h(
    "div",
    { class: "el-form-item" },
    h("span", { class: "el-form-item__label" }, `${words}：`),
    h("div", { class: "el-form-item__content" }, control, more),
  );
}

/** `choices` are {code, text}; `start` undefined means nothing is chosen yet. Read `.code()`. */
export function dropdown(words, choices, start, changed = () => {}) {
  if (habits.dropdowns === "native") {
    const select = h(
      "select",
      { onchange: changed },
      start === undefined ? h("option", { value: "" }, `請選擇${words}`) : undefined,
      choices.map((choice) => h("option", { value: choice.code, selected: choice.code === start }, choice.text)),
    );
    select.code = () => select.value;
    return select;
  }
  let code = start ?? "";
  const shown = h("span", {});
  const popper = h("ul", { class: "el-popper shut", role: "listbox" });
  const wrapper = h(
    "div",
    { class: "el-select__wrapper", role: "combobox", tabindex: "0", "aria-expanded": "false", onclick: toggle },
    shown,
    h("i", {}, "⌄"),
  );
  function draw() {
    const choice = choices.find((one) => one.code === code);
    shown.textContent = choice?.text ?? `請選擇${words}`;
    shown.className = choice === undefined ? "dim" : "";
    popper.replaceChildren(
      ...choices.map((one) =>
        h(
          "li",
          { role: "option", "aria-selected": String(one.code === code), onclick: () => choose(one.code) },
          one.text,
        ),
      ),
    );
  }
  function toggle() {
    const box = wrapper.getBoundingClientRect();
    popper.style.left = `${box.left + window.scrollX}px`;
    popper.style.top = `${box.bottom + window.scrollY}px`;
    const shut = popper.classList.toggle("shut");
    wrapper.setAttribute("aria-expanded", String(!shut));
  }
  function choose(next) {
    code = next;
    draw();
    toggle();
    changed();
  }
  draw();
  document.body.append(popper);
  document.addEventListener("click", (event) => {
    if (!wrapper.contains(event.target) && !popper.contains(event.target) && !popper.matches(".shut")) toggle();
  });
  const select = h("div", { class: "el-select" }, wrapper);
  select.hold = wrapper;
  select.code = () => code;
  return select;
}

/** Rows of cells; with fixed headers the head and the body are two tables. */
export function table(heads, rows) {
  const head = h(
    "thead",
    {},
    h(
      "tr",
      {},
      heads.map((one) => h("th", {}, h("div", { class: "cell" }, one))),
    ),
  );
  const body = h(
    "tbody",
    {},
    rows.length === 0 ? h("tr", {}, h("td", { colspan: String(heads.length) }, "查無資料")) : undefined,
    rows.map((row) =>
      h(
        "tr",
        { class: "el-table__row" },
        row.map((one) => h("td", {}, h("div", { class: "cell" }, one ?? ""))),
      ),
    ),
  );
  if (habits.table === "one") return h("table", {}, head, body);
  return h(
    "div",
    { class: "el-table" },
    h("div", { class: "el-table__header-wrapper" }, h("table", {}, head)),
    h("div", { class: "el-table__body-wrapper" }, h("table", {}, body)),
  );
}

export function tick(ready) {
  if (habits.table === "one") return h("input", { type: "checkbox", disabled: !ready });
  if (!ready) return undefined;
  const input = h("input", { type: "checkbox" });
  const box = h("label", { class: "el-checkbox" }, input, h("span", { class: "inner" }));
  box.hold = input;
  return box;
}

export function button(words, click, kind = "") {
  return h("button", { type: "button", class: `btn ${kind}`, onclick: click }, h("span", {}, words));
}

/** Asks in the way of this variant; true when the reader agrees, or is not asked at all. */
export async function ask(text, [first, second]) {
  if (habits.confirm === "none") return true;
  if (habits.confirm === "browser") return window.confirm(text);
  return ["是", "確認"].includes(await box(text, [first, second]));
}

/** A list on pages of six rows; `draw` makes a table of those that are shown. */
export function pages(rows, draw) {
  const size = 6;
  const last = Math.max(1, Math.ceil(rows.length / size));
  const place = h("div", {});
  const below = h("div", { class: "pager" });
  const turn = (number) => {
    place.replaceChildren(draw(rows.slice((number - 1) * size, number * size)));
    below.replaceChildren(...(habits.table === "one" ? arrows(number, last, turn) : numbers(number, last, turn)));
  };
  turn(1);
  return [place, below, h("p", {}, `共 ${rows.length} 筆`)];
}

function arrows(number, last, turn) {
  const arrow = (label, to) =>
    h(
      "button",
      {
        type: "button",
        class: "btn icon",
        "aria-label": label,
        disabled: to < 1 || to > last,
        onclick: () => turn(to),
      },
      "›",
    );
  return [arrow("上一頁", number - 1), h("b", {}, `${number}／${last}`), arrow("下一頁", number + 1)];
}

function numbers(number, last, turn) {
  return Array.from({ length: last }, (_, index) =>
    h(
      "a",
      { class: index + 1 === number ? "on" : "", role: "button", onclick: () => turn(index + 1) },
      String(index + 1),
    ),
  );
}

/** Where a file is chosen; `hold` is the browser's own input, which a drawn one hides. */
export function filePicker() {
  if (habits.dropdowns === "native") {
    const input = h("input", { type: "file" });
    input.hold = input;
    return input;
  }
  const name = h("span", {}, "尚未選擇檔案");
  const input = h("input", {
    type: "file",
    style: "display: none",
    onchange: () => (name.textContent = input.files[0]?.name),
  });
  const picker = h("label", { class: "btn" }, "選擇檔案", input, name);
  picker.hold = input;
  return picker;
}

/** Hands the reader a file. */
export function save(name, text) {
  const href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  h("a", { href, download: name }).click();
}

/** A box over the page; resolves with the words that were pressed. */
export function box(text, words) {
  return new Promise((pressed) => {
    const press = (word) => () => {
      mask.remove();
      pressed(word);
    };
    const mask = h(
      "div",
      { class: "mask" },
      h(
        "div",
        { class: "modal" },
        h("div", { class: "modal_head" }, "系統訊息"),
        h("div", { class: "modal_body" }, text),
        h(
          "div",
          { class: "modal_foot" },
          words.map((word, index) =>
            h("a", { class: `btn ${index === 0 ? "primary" : ""}`, onclick: press(word) }, word),
          ),
        ),
      ),
    );
    document.body.append(mask);
  });
}

/** Lies over every page until it is closed. */
export function announce() {
  if (sessionStorage.getItem("announced") !== null) return;
  const close = () => {
    sessionStorage.setItem("announced", "1");
    mask.remove();
  };
  const shut = h("span", { class: "close_x", onclick: close }, "✕");
  const mask = h(
    "div",
    { class: "mask" },
    h(
      "div",
      { class: "popup" },
      h("div", { class: "popup_t" }, "重要公告", shut),
      h(
        "div",
        { class: "popup_b" },
        "本平台將於週日 02:00 至 06:00 進行系統升級維護，期間暫停服務，造成不便敬請見諒。",
      ),
    ),
  );
  document.body.append(mask);
}

export function toast(text) {
  const stack = document.querySelector(".toast_box") ?? document.body.appendChild(h("div", { class: "toast_box" }));
  const id = Math.floor(Math.random() * 0xffffffff).toString(16);
  const body = h(
    "div",
    { class: "toast-body" },
    h("b", {}, "系統訊息", h("small", {}, new Date().toLocaleString("zh-TW"))),
    h("div", {}, text),
    h("small", {}, `Support id: ${id}`),
  );
  stack.append(body);
  setTimeout(() => body.remove(), 6000);
}

/** Where a form tells what is wrong: under itself, or in a toast. */
export function complaints() {
  const line = h("p", { class: "err" });
  line.say = (text) => {
    if (habits.errors === "toast") toast(text);
    else line.textContent = text;
  };
  line.clear = () => line.replaceChildren();
  return line;
}
