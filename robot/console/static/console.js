// What the pages do beyond what HTML does by itself. Without it everything can still be read and done.

const main = document.querySelector("main");
const offline = document.getElementById("offline");

/** What somebody has opened, chosen or typed in a part of the page that is about to be replaced. */
function stateOf(part) {
  const active = part.contains(document.activeElement) ? document.activeElement : null;
  return {
    open: [...part.querySelectorAll("details")].map((one) => one.open),
    loaded: [...part.querySelectorAll("details[data-load]")].map((one) => (one.dataset.done ? one.innerHTML : null)),
    typed: [...part.querySelectorAll("form[id] input:not([type=hidden])")].map((one) => [
      one.form.id,
      one.name,
      one.value,
    ]),
    checked: [...part.querySelectorAll("input[type=radio]:checked, input[type=checkbox]:checked")].map((one) => one.id),
    chosen: [...part.querySelectorAll("form[id] select[id]")].map((one) => [one.id, one.value]),
    focus:
      active &&
      (active.id
        ? `#${CSS.escape(active.id)}`
        : active.getAttribute("href") && `a[href="${CSS.escape(active.getAttribute("href"))}"]`),
  };
}

function restore(part, state) {
  for (const [index, one] of [...part.querySelectorAll("details")].entries()) one.open = state.open[index] ?? one.open;
  for (const [index, one] of [...part.querySelectorAll("details[data-load]")].entries()) {
    if (!state.loaded[index]) continue;
    one.innerHTML = state.loaded[index];
    one.dataset.done = "1";
  }
  for (const [form, name, value] of state.typed) {
    const input = document.getElementById(form)?.elements.namedItem(name);
    if (input && value) input.value = value;
  }
  for (const id of state.checked) {
    const input = id && document.getElementById(id);
    if (input) input.checked = true;
  }
  for (const [id, value] of state.chosen) {
    const select = id && document.getElementById(id);
    if (select) select.value = value;
  }
  if (state.focus) part.querySelector(state.focus)?.focus();
}

/** What the server last said of a part. */
const said = new WeakMap();

/** Fetches this page again and puts in place what has changed of the parts that may change. */
async function refresh() {
  const answer = await fetch(location.href, { headers: { accept: "text/html" } });
  if (answer.status === 401) return location.reload();
  if (!answer.ok) throw new Error(String(answer.status));
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-fresh]")) {
    const other = fresh.getElementById(part.id);
    if (!other || other.innerHTML === said.get(part)) continue;
    const state = stateOf(part);
    part.replaceChildren(...[...other.childNodes].map((node) => document.importNode(node, true)));
    said.set(part, other.innerHTML);
    restore(part, state);
  }
  for (const input of document.querySelectorAll("[data-filter]")) filterRows(input);
  fillUsualBooks();
}

/** One at a time; what changes meanwhile is fetched afterwards. */
let under = null;
let again = false;
function refreshSoon() {
  if (under) {
    again = true;
    return;
  }
  under = refresh()
    .then(() => offline?.toggleAttribute("hidden", true))
    .catch(() => offline?.toggleAttribute("hidden", false))
    .finally(() => {
      under = null;
      if (again) {
        again = false;
        refreshSoon();
      }
    });
}

if (main?.dataset.live) {
  const news = new EventSource(main.dataset.live);
  let lost = false;
  news.addEventListener("changed", refreshSoon);
  news.addEventListener("hello", () => {
    // What happened while nobody was listening is fetched now.
    if (lost) refreshSoon();
    lost = false;
  });
  news.addEventListener("error", () => {
    lost = true;
    offline?.toggleAttribute("hidden", false);
  });
  addEventListener("pagehide", () => news.close());
  addEventListener("pageshow", (event) => event.persisted && location.reload());
}

/** Hides the rows that don't hold what is typed. */
function filterRows(input) {
  const wanted = input.value.trim().toLowerCase();
  let shown = 0;
  for (const row of document.querySelectorAll(input.dataset.filter)) {
    row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
    if (!row.hidden) shown++;
  }
  document.querySelector("[data-filter-none]")?.toggleAttribute("hidden", shown > 0);
}
document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-filter]")) filterRows(event.target);
});

/** A choice in a search form shows its result at once. */
document.addEventListener("change", (event) => {
  const form = event.target.closest?.("form[role=search]");
  if (!form || event.target.type === "search") return;
  const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  history.replaceState(null, "", `${location.pathname}?${asked}`);
  refreshSoon();
});

document.addEventListener("submit", (event) => {
  const words = event.target.dataset.confirm;
  if (words && !confirm(words)) event.preventDefault();
});

/** A preview is fetched when it is opened. */
async function preview(one) {
  one.dataset.done = "1";
  const answer = await fetch(`${one.dataset.load}?part`).catch(() => null);
  const holder = one.querySelector("p");
  if (!answer?.ok) holder.textContent = "讀不到內容。";
  else holder.outerHTML = await answer.text();
}
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target.open && target.dataset.load && !target.dataset.done) void preview(target);
  },
  true,
);

/** From a line of the timeline to its picture. */
document.addEventListener("click", (event) => {
  const id = event.target.closest?.("[data-shot]")?.dataset.shot;
  const input = id && document.getElementById(id);
  if (!input) return;
  event.preventDefault();
  input.checked = true;
  input.focus();
  input.closest(".film").scrollIntoView({ block: "center" });
});

/** Has a file looked at as soon as it is chosen or dropped; nothing is sent to the portal. */
async function check(drop) {
  const result = drop.querySelector(".result");
  const input = drop.querySelector("input[type=file]");
  const form = new FormData(input.form);
  for (const other of input.form.querySelectorAll("input[type=file]")) if (other !== input) form.delete(other.name);
  for (const name of Array.from(form.keys()).filter((one) => one.endsWith("-kept"))) form.delete(name);
  if (!form.get("company")) {
    result.textContent = "請先選公司，再選檔案。";
    input.value = "";
    return;
  }
  result.textContent = "檢查中…";
  const answer = await fetch("/start/check", { method: "POST", body: form }).catch(() => null);
  if (answer?.ok) result.innerHTML = await answer.text();
  else result.textContent = "檢查不了這個檔案，請再試一次。";
}
for (const drop of document.querySelectorAll(".drop")) {
  const input = drop.querySelector("input[type=file]");
  input.addEventListener("change", () => {
    if (input.files.length > 0) void check(drop);
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("over");
    if (event.dataTransfer.files.length === 0) return;
    input.files = event.dataTransfer.files;
    void check(drop);
  });
}

/** Another company: what is known of it is shown, and whoever chooses with the arrow keys stays where they are. */
document.addEventListener("change", ({ target }) => {
  if (!target.matches("[data-of-company]")) return;
  const here = new URL(location.href);
  here.searchParams.delete("again");
  here.searchParams.set("flow", target.form.elements.flow.value);
  here.searchParams.set(target.name, target.value);
  history.replaceState(null, "", here);
  refreshSoon();
});

/** The number of books is the company's usual one until somebody types another. */
function fillUsualBooks() {
  const books = document.querySelector("input[name=books]");
  const usual = document.querySelector("[data-usual-books]");
  if (books && usual && !books.dataset.typed) books.value = usual.dataset.usualBooks;
}
document.addEventListener("input", ({ target }) => {
  if (target.name === "books") target.dataset.typed = "1";
});
