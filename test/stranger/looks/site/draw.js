// Elements, fields and buttons, in the habits of this look.
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
customElements.define("portal-card", class extends HTMLElement {});

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
      node = main ? withMenu(words, h("button", { type: "button", class: cls, onclick: click }, text)) : undefined;
      node ??= h("button", { type: "button", class: cls, onclick: click }, text);
      break;
    case "slotted": {
      node = document.createElement("portal-button");
      const inner = h("button", { type: "button", class: cls, onclick: click }, document.createElement("slot"));
      styled(node.attachShadow({ mode: "open" })).append(inner);
      node.append(text);
      node.inner = inner;
      break;
    }
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

/** A button with a small one beside it, which opens a menu of what else can be done; all of that is a trap. */
function withMenu(words, inner) {
  const trap = (name) => {
    const authorization = `Bearer ${sessionStorage.getItem("token")}`;
    void fetch("/data/trap", { method: "POST", headers: { authorization }, body: JSON.stringify({ name }) });
  };
  const others = [`${words}並列印`, "暫存", "儲存並清除"];
  const menu = h(
    "div",
    { class: "dm no" },
    others.map((one) => h("div", { class: "op", onclick: () => trap(one) }, one)),
  );
  const more = h(
    "button",
    { type: "button", class: "act main", title: "更多", onclick: () => menu.classList.toggle("no") },
    "▾",
  );
  const node = h("span", { class: "bg" }, inner, more, menu);
  node.inner = inner;
  return node;
}

/** A part of a form that is folded up under its heading. */
export function folded(words, inner, open = false) {
  const below = h("div", { class: open ? "" : "no" }, inner);
  const head = h(
    "button",
    {
      type: "button",
      class: "gt",
      "aria-expanded": String(open),
      onclick: () => head.setAttribute("aria-expanded", String(!below.classList.toggle("no"))),
    },
    words,
  );
  return h("div", {}, head, below);
}

/** What stands in the slot of a component. */
export function slotted(node) {
  const card = document.createElement("portal-card");
  styled(card.attachShadow({ mode: "open" })).append(h("section", {}, document.createElement("slot")));
  card.append(node);
  return card;
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
