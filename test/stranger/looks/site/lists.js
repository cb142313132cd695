// Lists, in the habits of this look: tables, grids, cards, definitions; and how one comes to their further rows.
import { h } from "./draw.js";

const { habits } = window;
const PAGE = 6;
const ROW = 42;

/** The columns as this look shows them. A column is {key, words, split?: [words, words], cut?: (text) => [text, text]}. */
function arranged(columns) {
  let shown = columns;
  if (habits.columns === "reordered") shown = shown.toReversed();
  if (habits.columns === "extra")
    shown = [
      { key: "no", words: "項次" },
      ...shown,
      { key: "updated", words: "異動時間" },
      { key: "remark", words: "備註" },
    ];
  if (habits.columns === "split")
    shown = shown.flatMap((one) =>
      one.split
        ? one.split.map((words, part) => ({ ...one, words, read: (row) => one.cut(String(row[one.key]))[part] }))
        : [one],
    );
  return shown;
}

/**
 * @param columns see above
 * @param rows objects by key
 * @param tick what stands first in a row, or undefined; `head` is what its column is called
 * @param acts what stands last in a row, or undefined
 * @param sums what the last row says by the keys of its columns, in looks that have one
 */
export function list({ columns, rows, tick, head = "", acts, actsHead = "功能", empty = "查無資料", sums }) {
  const shown = arranged(columns);
  const texts = rows.map((row, index) => {
    const extra = { no: String(index + 1), updated: "115-11-30 09:00", remark: "" };
    return shown.map((column) =>
      String((column.read ? column.read(row) : (row[column.key] ?? extra[column.key])) ?? ""),
    );
  });
  const items = rows.map((row, index) => ({ texts: texts[index], tick: tick?.(row), acts: acts?.(row) }));
  const heads = [...(tick ? [head] : []), ...shown.map((column) => column.words), ...(acts ? [actsHead] : [])];
  const total = h("p", {}, `共 ${rows.length} 筆`);
  const draw = (part) => drawers[habits.lists](heads, part, { ticks: Boolean(tick), acts: Boolean(acts), shown, sums });
  if (rows.length === 0) return h("div", {}, habits.lists === "table" ? draw([]) : undefined, h("p", {}, empty));
  if (habits.lists === "virtual") return h("div", {}, draw(items), total);
  return h("div", {}, paged(items, draw), total);
}

function paged(items, draw) {
  const place = h("div", {});
  const below = h("div", { class: "rw" });
  const last = Math.ceil(items.length / PAGE);
  if (habits.paging === "more" || habits.paging === "scroll") {
    let upTo = PAGE;
    const show = () => {
      place.replaceChildren(draw(items.slice(0, upTo)));
      below.replaceChildren(
        ...(upTo < items.length && habits.paging === "more"
          ? [h("button", { type: "button", class: "act", onclick: more }, "載入更多")]
          : []),
      );
    };
    const more = () => {
      upTo += PAGE;
      show();
    };
    show();
    if (habits.paging === "more") return [place, below];
    const frame = h("div", { class: "vw" }, place);
    frame.addEventListener("scroll", () => {
      if (upTo < items.length && frame.scrollTop + frame.clientHeight > frame.scrollHeight - 20) setTimeout(more, 150);
    });
    return frame;
  }
  const turn = (page) => {
    place.replaceChildren(draw(items.slice((page - 1) * PAGE, page * PAGE)));
    below.replaceChildren(...(habits.paging === "arrows" || habits.paging === "hover" ? arrows(page) : numbers(page)));
    if (habits.paging === "hover") below.className = "rw hv";
  };
  const link = (words, page, on) => {
    const node = h(
      "a",
      { href: "#", class: on ? "t on" : "t", onclick: (event) => (event.preventDefault(), turn(page)) },
      words,
    );
    if (on) node.setAttribute("aria-current", "page");
    return node;
  };
  const numbers = (page) =>
    Array.from({ length: last }, (_, index) => link(String(index + 1), index + 1, index + 1 === page));
  const arrows = (page) => {
    const arrow = (title, words, to) => {
      const node = h("button", { type: "button", class: "act", title, onclick: () => turn(to) }, words);
      node.disabled = to < 1 || to > last;
      return node;
    };
    return [
      arrow("上一頁", "‹", page - 1),
      h("span", {}, `第 ${page} 頁，共 ${last} 頁`),
      arrow("下一頁", "›", page + 1),
    ];
  };
  turn(1);
  return [place, below];
}

const cellsOf = (item, { ticks, acts }) => [
  ...(ticks ? [item.tick ?? ""] : []),
  ...item.texts,
  ...(acts ? [item.acts ?? ""] : []),
];
const headRow = (heads) =>
  h(
    "tr",
    {},
    heads.map((one) => h("th", {}, one)),
  );
const bodyRow = (item, has, cell = (one) => one) =>
  h(
    "tr",
    {},
    cellsOf(item, has).map((one) => h("td", {}, cell(one))),
  );

const drawers = {
  table: (heads, items, has) =>
    h(
      "table",
      {},
      h("thead", {}, headRow(heads)),
      h(
        "tbody",
        {},
        items.map((one) => bodyRow(one, has)),
      ),
    ),
  split: (heads, items, has) => {
    const fixed = "table-layout: fixed";
    return h(
      "div",
      {},
      h("div", {}, h("table", { style: fixed }, h("thead", {}, headRow(heads)))),
      h(
        "div",
        {},
        h(
          "table",
          { style: fixed },
          h(
            "tbody",
            {},
            items.map((one) => bodyRow(one, has)),
          ),
        ),
      ),
    );
  },
  inputs: (heads, items, has) => {
    const cell = (one) => {
      if (typeof one !== "string" || one === "") return one;
      const input = h("input", { type: "text", readonly: true, style: "min-width: 60px; width: 100%" });
      input.value = one;
      return input;
    };
    return h(
      "table",
      {},
      h("thead", {}, headRow(heads)),
      h(
        "tbody",
        {},
        items.map((one) => bodyRow(one, has, cell)),
      ),
    );
  },
  // A last row adds up; its first cell reaches over all columns before the first sum.
  totals: (heads, items, has) => {
    const keys = has.shown.map(({ key }) => key);
    const first = keys.findIndex((key) => key in (has.sums ?? {}));
    const foot = keys.slice(Math.max(first, 0) + 1).map((key) => h("td", {}, has.sums?.[key] ?? ""));
    const lead = h("td", { colspan: String(Math.max(first, 0) + 1 + (has.ticks ? 1 : 0)) }, "合計");
    const table = drawers.table(heads, items, has);
    table.querySelector("tbody").append(h("tr", {}, lead, foot, has.acts ? h("td", {}) : undefined));
    return table;
  },
  // Rows that say the same in their first column share one cell there.
  spans: (heads, items, has) => {
    const table = drawers.table(heads, items, has);
    const at = has.ticks ? 1 : 0;
    let holder;
    for (const row of table.querySelectorAll("tbody > tr")) {
      const cell = row.children[at];
      if (holder?.textContent === cell.textContent) {
        holder.rowSpan += 1;
        cell.remove();
      } else holder = cell;
    }
    return table;
  },
  // The header once more after every three rows.
  again: (heads, items, has) => {
    const table = drawers.table(heads, items, has);
    const rows = [...table.querySelectorAll("tbody > tr")];
    rows.forEach((row, index) => index > 0 && index % 3 === 0 && row.before(headRow(heads)));
    return table;
  },
  grid: (heads, items, has) => rowsOfDivs(heads, items, has, true),
  soup: (heads, items, has) => rowsOfDivs(heads, items, has, false),
  cards: (heads, items, has) =>
    h(
      "div",
      {},
      items.map((item) => card(item, has)),
    ),
  definitions: (heads, items, has) =>
    h(
      "div",
      {},
      items.map((item) =>
        h(
          "dl",
          {},
          item.tick,
          has.shown.map((column, index) => [h("dt", {}, column.words), h("dd", {}, item.texts[index])]),
          item.acts,
        ),
      ),
    ),
  // The order that is seen is not that of the markup.
  ordered: (heads, items, has) => {
    const line = (cells, style) =>
      h("div", { class: "or", style }, cells.map((one, at) => h("div", { style: `order: ${at}` }, one)).toReversed());
    return h(
      "div",
      {},
      line(heads, "font-weight: 700"),
      items.map((item) => line(cellsOf(item, has), "")),
    );
  },
  // The header is there a second time, to stay while one scrolls.
  clone: (heads, items, has) =>
    h(
      "div",
      {},
      h("div", { class: "st", "aria-hidden": "true" }, h("table", {}, h("thead", {}, headRow(heads)))),
      drawers.table(heads, items, has),
    ),
  virtual: (heads, items, has) => {
    const frame = h("div", { class: "vw" });
    const space = h("div", { style: `position: relative; height: ${items.length * ROW}px` });
    const width = `repeat(${heads.length}, minmax(0, 1fr))`;
    const lay = (cells, style) =>
      h(
        "div",
        { style: `display: grid; grid-template-columns: ${width}; height: ${ROW}px; ${style}` },
        cells.map((one) => h("span", {}, one)),
      );
    const show = () => {
      const first = Math.floor(frame.scrollTop / ROW);
      const seen = items.slice(first, first + 6);
      space.replaceChildren(
        ...seen.map((item, index) =>
          lay(cellsOf(item, has), `position: absolute; left: 0; right: 0; top: ${(first + index) * ROW}px`),
        ),
      );
    };
    frame.addEventListener("scroll", show);
    frame.append(space);
    show();
    return h("div", {}, lay(heads, "font-weight: 700; background: #eef2f8"), frame);
  },
};

function rowsOfDivs(heads, items, has, roles) {
  const role = (name) => (roles ? { role: name } : {});
  const row = (cells, kind, cls) =>
    h(
      "div",
      { ...role("row"), class: cls },
      cells.map((one) => h("span", role(kind), one)),
    );
  return h(
    "div",
    { ...role("grid"), class: "gr", style: `grid-template-columns: repeat(${heads.length}, minmax(0, auto))` },
    row(heads, "columnheader", "gh"),
    items.map((item) => row(cellsOf(item, has), "gridcell", "")),
  );
}

function card(item, has) {
  return h(
    "div",
    { class: "ca" },
    item.tick,
    has.shown.map((column, index) => h("div", {}, h("span", {}, `${column.words}：`), h("b", {}, item.texts[index]))),
    item.acts,
  );
}

/** The buttons for rows that are ticked; in some looks there only while some are. */
export function toolsFor(ticks, buttons) {
  const said = h("span", {});
  const bar = h("div", { class: "rw" }, said, buttons);
  if (habits.toolbar !== "when-ticked") return bar;
  const look = () => {
    const count = ticks.filter(({ checked }) => checked).length;
    said.textContent = `已選取 ${count} 筆`;
    bar.classList.toggle("gone", count === 0);
  };
  for (const one of ticks) one.addEventListener("change", look);
  look();
  return bar;
}

/** A box to tick; `.checked` says whether it is. */
export function tick() {
  return h("input", { type: "checkbox" });
}
