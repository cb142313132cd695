// Elements, fields, choices and buttons, in the habits of this look.
import { STYLE } from "./style.js";
import { label, name } from "./words.js";

const { habits } = window;
let made = 0;

/** An element; in div soup everything that only says what it is becomes a `div` or a `span`. */
export function h(tag, attributes = {}, ...children) {
  const soup = {
    h1: "div",
    h2: "div",
    nav: "div",
    main: "div",
    ul: "div",
    li: "div",
    p: "div",
    label: "span",
    b: "span",
  };
  const element = document.createElement(habits.tags === "soup" ? (soup[tag] ?? tag) : tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "role" && habits.tags !== "roles" && habits.lists !== "grid") continue;
    else if (value !== undefined && value !== false) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(9).filter((child) => child !== undefined && child !== null && child !== ""));
  return element;
}

export function styled(root) {
  root.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
  return root;
}

/** Where things go that lie over the page. */
export function overlay(node) {
  document.body.append(node);
  return node;
}

const picture = (words) =>
  `data:image/svg+xml;utf8,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${words.length * 17 + 30}" height="34"><rect width="100%" height="100%" fill="#1c5aa8"/><text x="15" y="23" font-size="16" fill="#fff">${words}</text></svg>`)}`;

const icon = () => {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", "18");
  svg.setAttribute("height", "18");
  svg.innerHTML = '<circle cx="9" cy="9" r="7" fill="none" stroke="currentColor" stroke-width="2"/>';
  return svg;
};

class Component extends HTMLElement {}
customElements.define("portal-button", Component);

/** A button; `tool` marks those that a look with icons shows as one. Read and set `.off`. */
export function button(words, act, { main = false, tool = false, kind = habits.buttons } = {}) {
  const text = name(words);
  const cls = main ? "act main" : "act";
  let node;
  const click = (event) => {
    event.preventDefault();
    if (!node.off) act(event);
  };
  switch (kind) {
    case "submit":
      node = h("input", { type: "button", class: cls, value: text, onclick: click });
      break;
    case "image":
      node = h("input", { type: "image", alt: words, src: picture(words), onclick: click });
      break;
    case "div":
      node = h("div", { class: cls, onclick: click }, text);
      break;
    case "bare-anchor":
      node = h("a", { class: cls, onclick: click }, text);
      break;
    case "svg-title": {
      const drawing = icon();
      const said = document.createElementNS("http://www.w3.org/2000/svg", "title");
      said.textContent = words;
      drawing.prepend(said);
      node = tool
        ? h("button", { type: "button", class: cls, onclick: click }, drawing)
        : h("button", { type: "button", class: cls, onclick: click }, text);
      break;
    }
    case "split":
      node = h("button", { type: "button", class: cls, onclick: click }, text);
      break;
    case "anchor":
      node = h("a", { class: cls, href: "#", onclick: click }, text);
      break;
    case "icon":
      node = tool
        ? h("button", { type: "button", class: cls, title: words, onclick: click }, icon())
        : h("button", { type: "button", class: cls, onclick: click }, text);
      break;
    case "custom": {
      node = document.createElement("portal-button");
      const inner = h("button", { type: "button", class: cls, onclick: click }, text);
      styled(node.attachShadow({ mode: "open" })).append(inner);
      node.inner = inner;
      break;
    }
    default:
      node = h("button", { type: "button", class: cls, onclick: click }, h("span", {}, text));
  }
  node.off = false;
  node.enable = (on) => {
    node.off = !on;
    const real = node.inner ?? node;
    if ("disabled" in real) real.disabled = !on;
    else real.classList.toggle("off", !on);
  };
  return node;
}

/** A field for text: `value()`, `set()`, and `changed` is called while somebody types. */
export function textField(words, { type = "text", start = "", id } = {}) {
  const input = h("input", { type, autocomplete: "off" });
  input.value = start;
  const control = {
    words,
    node: input,
    hold: input,
    id,
    value: () => input.value,
    set: (value) => (input.value = value),
    changed: () => {},
  };
  input.addEventListener("input", () => control.changed());
  return control;
}

/** One of several; `options` are {code, text}, `start` undefined: nothing is chosen yet. */
export function choice(words, options, start, { id, reloads = false } = {}) {
  const control = { words, id, changed: () => {} };
  const makers = {
    select: native,
    reload: native,
    late: native,
    drawn,
    lazy: drawn,
    "read-only": drawn,
    radios,
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

/** Fields with their words, where this look puts them. */
export function fields(controls) {
  if (habits.labels === "header-cell")
    return h(
      "table",
      {},
      h(
        "tbody",
        {},
        controls.map((one) => h("tr", {}, h("th", {}, label(one.words)), h("td", {}, one.node, one.more))),
      ),
    );
  if (habits.labels === "header-row")
    return h(
      "table",
      {},
      h(
        "tbody",
        {},
        h(
          "tr",
          {},
          controls.map((one) => h("th", {}, label(one.words))),
        ),
        h(
          "tr",
          {},
          controls.map((one) => h("td", {}, one.node, one.more)),
        ),
      ),
    );
  return h("div", {}, controls.map(field));
}

function field(control) {
  const { node, hold, more, words } = control;
  const text = label(words);
  made += 1;
  const id =
    habits.ids === "facts"
      ? (control.id ?? `f${made}`)
      : habits.ids === "random"
        ? `x${(made * 7919).toString(36)}`
        : undefined;
  if (hold && id !== undefined) hold.id = id;
  switch (habits.labels) {
    case "for": {
      const own = hold?.id || `i${made}`;
      if (hold) hold.id = own;
      const words = document.createElement(hold ? "label" : "span");
      words.className = "lb";
      if (hold) words.htmlFor = own;
      words.textContent = text;
      return h("div", { class: "rw" }, words, node, more);
    }
    case "wrapped":
      return hold && hold.matches("input, select")
        ? h("div", { class: "rw" }, h("label", {}, h("span", { class: "lb" }, text), node), more)
        : h("div", { class: "rw" }, h("span", { class: "lb" }, text), node, more);
    case "css":
      return h("div", { class: "rw" }, h("span", { class: "css", "data-words": text }), node, more);
    case "legend": {
      const set = document.createElement("fieldset");
      const legend = document.createElement("legend");
      legend.textContent = text;
      set.append(legend, node, ...[more].flat().filter(Boolean));
      return set;
    }
    case "above":
      return h("div", { class: "up" }, h("div", { class: "lb" }, text), h("div", {}, node, more));
    case "placeholder":
      if (hold?.matches("input")) hold.placeholder = `請輸入${words}`;
      return hold?.matches("input")
        ? h("div", { class: "rw" }, node, more)
        : h("div", { class: "rw" }, h("span", { class: "lb" }, text), node, more);
    case "floating":
      return hold
        ? h("div", { class: "fl" }, node, h("span", { class: "lb" }, text), more)
        : h("div", { class: "up" }, text, node, more);
    case "aria":
      (hold ?? node).setAttribute("aria-label", words);
      return h("div", { class: "rw" }, node, more);
    case "tooltip":
      (hold ?? node).title = words;
      return h("div", { class: "rw" }, node, more);
    default:
      return h("div", { class: "rw" }, h("span", { class: "lb" }, text), h("span", {}, node, more));
  }
}

/** Buttons do nothing before everything is filled in, where this look has it so. */
export function waitFor(controls, buttons) {
  if (habits.validity === "always") return;
  const look = () => {
    const complete = controls.every((one) => one.value() !== "");
    for (const one of buttons) one.enable(complete);
  };
  for (const one of controls) {
    const before = one.changed;
    one.changed = () => (before(), look());
  }
  look();
}

/** A frame of its own for one of the site's pages. */
export function framed(place, path) {
  const frame = document.createElement("iframe");
  frame.src = path;
  place.replaceChildren(frame);
}
