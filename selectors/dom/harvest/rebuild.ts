import type { Control, List, PageReading } from "../reading/reading.ts";

/**
 * A page made of a reading: its headings, lists, labels and controls, by kind and in their order, without style or script. Whoever maintains the robot opens
 * it, and a browser reads it as the page was read.
 */
export function rebuilt(reading: PageReading): string {
  const inRows = new Set(reading.controls.filter(({ row }) => row !== null));
  const items = [
    ...reading.headings.map(({ text, order, layer }) => ({ order, layer, markup: `<h2>${escaped(text)}</h2>` })),
    ...reading.lines
      .filter(({ control, role }) => control === null && role === "plain")
      .map(({ text, order, layer }) => ({ order, layer, markup: `<p>${escaped(text)}</p>` })),
    ...reading.controls
      .filter((one) => !inRows.has(one) && !one.hidden)
      .map((one) => ({ order: one.order, layer: one.layer, markup: controlMarkup(one) })),
    ...reading.lists.map((one) => ({ order: one.order, layer: one.layer, markup: listMarkup(one, [...inRows]) })),
  ].toSorted((a, b) => a.order - b.order);
  const within = (layer: number | null): string =>
    items
      .filter((one) => one.layer === layer)
      .map(({ markup }) => markup)
      .join("\n");
  const layers = reading.layers
    .toReversed()
    .map(
      ({ id, blocking }) =>
        `<div role="dialog"${blocking ? ' aria-modal="true" style="position:fixed;inset:0;background:#fff;overflow:auto"' : ""}>\n${within(id)}\n</div>`,
    );
  const crumb = reading.breadcrumb === "" ? "" : `<nav aria-label="breadcrumb">${escaped(reading.breadcrumb)}</nav>\n`;
  return `<!doctype html>
<html lang="zh-Hant-TW"><meta charset="utf-8"><title>${escaped(reading.title)}</title>
<body>
${crumb}${[within(null), ...layers].join("\n")}
</body></html>
`;
}

function controlMarkup(control: Control): string {
  const { kind, names, value, checked, disabled, readOnly, selected, options } = control;
  const [name] = names.filter(({ from }) => from !== "hint" && from !== "placeholder");
  const text = escaped(name?.text ?? "");
  const hint = names.find(({ from }) => from === "placeholder");
  const state = `${disabled ? " disabled" : ""}${readOnly ? " readonly" : ""}`;
  const placeholder = hint === undefined ? "" : ` placeholder="${escaped(hint.text)}"`;
  const labelled = (field: string): string => (text === "" ? field : `<label>${text} ${field}</label>`);
  switch (kind) {
    case "button":
      return `<p><button type="button"${state}>${text}</button></p>`;
    case "link":
      return `<p><a href="#">${text}</a></p>`;
    case "tab":
    case "menuitem":
      return `<div role="${kind}" tabindex="0"${selected ? ' aria-selected="true"' : ""}>${text}</div>`;
    case "clickable":
      return `<div tabindex="0" style="cursor:pointer">${text}</div>`;
    case "text":
    case "password":
    case "checkbox":
    case "radio":
    case "file": {
      const holds = kind === "text" ? ` value="${escaped(value)}"` : "";
      return `<p>${labelled(`<input type="${kind}"${holds}${checked === true ? " checked" : ""}${placeholder}${state}>`)}</p>`;
    }
    case "select":
    case "drawn-select": {
      const shown = options ?? [{ text: value, selected: true, disabled: false }];
      const offered = shown.map((one) => `<option${one.selected ? " selected" : ""}>${escaped(one.text)}</option>`);
      return `<p>${labelled(`<select${state}>${offered.join("")}</select>`)}</p>`;
    }
    case "choice": {
      const offered = (options ?? []).map(
        (one) =>
          `<label><input type="radio" name="choice-${control.id}"${one.selected ? " checked" : ""}> ${escaped(one.text)}</label>`,
      );
      return `<fieldset><legend>${text}</legend>${offered.join(" ")}</fieldset>`;
    }
    case "picture":
      return `<p><img alt="${text}" width="120" height="40" src="data:image/gif;base64,R0lGODlhAQABAAAAACw="></p>`;
    case "option":
    case "words":
      return `<p>${text}</p>`;
  }
}

function listMarkup({ header, rows }: List, controls: readonly Control[]): string {
  const head = header.length === 0 ? "" : `<tr>${header.map((one) => `<th>${escaped(one)}</th>`).join("")}</tr>`;
  const body = rows.map(({ id, cells }) => {
    const own = controls.filter(({ row }) => row === id).map((one) => controlMarkup(one));
    return `<tr>${cells.map(({ text }, at) => `<td>${escaped(text)}${at === 0 ? own.join("") : ""}</td>`).join("")}</tr>`;
  });
  return `<table border="1">${head}${body.join("\n")}</table>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
