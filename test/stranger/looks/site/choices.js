// Where one of several is chosen, in the habits of this look: periods have ways of their own.
import { h } from "./draw.js";

const { habits } = window;
let made = 0;

/** One of several; `options` are {code, text}, `start` undefined: nothing is chosen yet. */
export function choice(words, options, start, { id, reloads = false } = {}) {
  const control = { words, id, changed: () => {} };
  const isPeriod = options.some(({ code }) => /^\d{5}$/.test(code));
  if (isPeriod && habits.picker !== "one") {
    pickers[habits.picker](control, options, start);
    return control;
  }
  const makers = {
    select: native,
    reload: native,
    late: native,
    drawn,
    lazy: drawn,
    "read-only": drawn,
    radios,
    cards,
    chips,
  };
  makers[habits.choices](control, options, start, reloads);
  return control;
}

function native(control, options, start, reloads) {
  const select = h(
    "select",
    {},
    start === undefined ? h("option", { value: "" }, "請選擇") : undefined,
    options.map((one) => h("option", { value: one.code, selected: one.code === start }, one.text)),
  );
  Object.assign(control, { node: select, hold: select, value: () => select.value });
  if (habits.choices === "late") {
    const filled = [...select.children];
    select.replaceChildren(h("option", { value: "" }, "請選擇"));
    setTimeout(() => select.replaceChildren(...filled), 1200);
  }
  const key = `chosen ${location.pathname} ${control.words}`;
  if (habits.choices === "reload" && reloads) {
    const kept = sessionStorage.getItem(key);
    if (kept !== null) select.value = kept;
    select.addEventListener("change", () => {
      sessionStorage.setItem(key, select.value);
      location.reload();
    });
  }
  select.addEventListener("change", () => control.changed());
}

function drawn(control, options, start) {
  let code = start ?? "";
  const isInput = habits.choices === "read-only";
  const lazy = habits.choices !== "drawn";
  const shown = isInput ? h("input", { type: "text", readonly: true, placeholder: "請選擇" }) : h("span", {});
  const popper = h("div", { class: lazy ? "pp" : "pp no", role: "listbox" });
  const opener = h(
    "div",
    { class: isInput ? "" : "pk", role: "combobox", tabindex: "0", "aria-expanded": "false", onclick: toggle },
    shown,
    isInput ? undefined : h("span", {}, "▾"),
  );
  let open = false;
  function show() {
    const text = options.find((one) => one.code === code)?.text;
    if (isInput) shown.value = text ?? "";
    else shown.textContent = text ?? "請選擇";
  }
  function fill() {
    popper.replaceChildren(
      ...options.map((one) =>
        h(
          "div",
          { class: "op", role: "option", "aria-selected": String(one.code === code), onclick: () => pick(one.code) },
          one.text,
        ),
      ),
    );
  }
  function toggle() {
    open = !open;
    opener.setAttribute("aria-expanded", String(open));
    const box = opener.getBoundingClientRect();
    popper.style.left = `${box.left + scrollX}px`;
    popper.style.top = `${box.bottom + scrollY}px`;
    if (open) fill();
    if (!lazy) return popper.classList.toggle("no", !open);
    if (open) opener.ownerDocument.body.append(popper);
    else popper.remove();
  }
  function pick(next) {
    code = next;
    show();
    toggle();
    control.changed();
  }
  show();
  fill();
  Object.assign(control, { node: opener, hold: isInput ? shown : opener, value: () => code });
  if (!lazy) setTimeout(() => opener.ownerDocument.body.append(popper), 0);
  document.addEventListener("view", () => popper.remove(), { once: true });
}

function radios(control, options, start) {
  const group = `g${(made += 1)}`;
  const inputs = options.map((one) =>
    h("input", { type: "radio", name: group, value: one.code, checked: one.code === start }),
  );
  const node = h(
    "span",
    {},
    options.map((one, index) => h("label", { style: "margin-right: 14px" }, inputs[index], ` ${one.text}`)),
  );
  node.addEventListener("change", () => control.changed());
  Object.assign(control, { node, value: () => inputs.find((one) => one.checked)?.value ?? "" });
}

const EXPLAINED = { "07": "適用一般營業人", "08": "適用特種飲食業、銀行業", "": "不分類別" };

/** Radio buttons that are not seen, each on a card that explains it. */
function cards(control, options, start) {
  const group = `c${(made += 1)}`;
  const inputs = options.map((one) =>
    h("input", { type: "radio", name: group, value: one.code, checked: one.code === start, class: "hr" }),
  );
  const node = h(
    "div",
    {},
    options.map((one, index) => {
      const card = document.createElement("label");
      card.className = "rc";
      card.append(inputs[index], h("b", {}, one.text));
      if (one.code in EXPLAINED) card.append(h("div", {}, EXPLAINED[one.code]));
      return card;
    }),
  );
  node.addEventListener("change", () => control.changed());
  Object.assign(control, { node, value: () => inputs.find((one) => one.checked)?.value ?? "" });
}

const PAIRS = ["02", "04", "06", "08", "10", "12"];
const months = (pair) => `${String(Number(pair) - 1).padStart(2, "0")}-${pair}月`;
const years = (options) => [...new Set(options.map(({ code }) => code.slice(0, 3)))];

/** Ways to say a period that is not chosen from one list. */
const pickers = {
  "year-and-months": (control, options, start) => {
    const prompt = () => (start === undefined ? h("option", { value: "" }, "請選擇") : undefined);
    const year = h(
      "select",
      {},
      prompt(),
      years(options).map((one) => h("option", { value: one, selected: start?.startsWith(one) }, `${one}年`)),
    );
    inTwo(control, options, year, pairsSelect(prompt(), start), () => year.value);
  },
  "year-field": (control, options, start) => {
    const year = h("input", { type: "text", maxlength: "3", style: "min-width: 0; width: 70px" });
    year.value = (start ?? options[0].code).slice(0, 3);
    const prompt = start === undefined ? h("option", { value: "" }, "請選擇") : undefined;
    inTwo(control, options, h("span", {}, year, " 年"), pairsSelect(prompt, start), () => year.value.trim());
  },
  grid: (control, options, start) => {
    let code = start ?? "";
    let shownYear = (start ?? options[0].code).slice(0, 3);
    const shown = h("input", { type: "text", readonly: true, placeholder: "請選擇", style: "cursor: pointer" });
    const text = () => options.find((one) => one.code === code)?.text ?? "";
    const popper = h("div", { class: "pp", style: "padding: 10px" });
    const turn = (by) => () => ((shownYear = String(Number(shownYear) + by)), fill());
    const pick = (next) => {
      code = next;
      shown.value = text();
      popper.remove();
      control.changed();
    };
    const fill = () =>
      popper.replaceChildren(
        h(
          "div",
          { class: "rw" },
          h("button", { type: "button", class: "act", onclick: turn(-1) }, "‹"),
          h("b", {}, `${shownYear}年`),
          h("button", { type: "button", class: "act", onclick: turn(1) }, "›"),
        ),
        h(
          "div",
          { class: "mg" },
          PAIRS.map((pair) => {
            const one = `${shownYear}${pair}`;
            const offered = options.some((option) => option.code === one);
            return h(
              "div",
              offered ? { class: "mc", onclick: () => pick(one) } : { class: "mc un", "aria-disabled": "true" },
              months(pair),
            );
          }),
        ),
      );
    shown.addEventListener("click", () => {
      if (popper.isConnected) return popper.remove();
      const at = shown.getBoundingClientRect();
      popper.style.left = `${at.left + scrollX}px`;
      popper.style.top = `${at.bottom + scrollY}px`;
      fill();
      shown.ownerDocument.body.append(popper);
    });
    document.addEventListener("view", () => popper.remove(), { once: true });
    shown.value = text();
    Object.assign(control, { node: shown, hold: shown, value: () => code });
  },
};

function pairsSelect(prompt, start) {
  return h(
    "select",
    {},
    prompt,
    PAIRS.map((pair) =>
      h("option", { value: pair, selected: start?.endsWith(pair) && prompt === undefined }, months(pair)),
    ),
  );
}

function inTwo(control, options, year, pair, yearValue) {
  const node = h("span", {}, year, " ", pair);
  node.addEventListener("change", () => control.changed());
  const value = () => options.find(({ code }) => code === `${yearValue()}${pair.value}`)?.code ?? "";
  Object.assign(control, { node, value });
}

function chips(control, options, start) {
  let code = start ?? "";
  const nodes = options.map((one) =>
    h("span", { class: "cp", tabindex: "0", onclick: () => pick(one.code) }, one.text),
  );
  const mark = () =>
    nodes.forEach((node, index) => {
      node.classList.toggle("on", options[index].code === code);
      node.setAttribute("aria-pressed", String(options[index].code === code));
    });
  const pick = (next) => {
    code = next;
    mark();
    control.changed();
  };
  mark();
  Object.assign(control, { node: h("span", {}, nodes), value: () => code });
}
