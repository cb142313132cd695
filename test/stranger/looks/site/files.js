// Where a file is chosen, in the habits of this look.
import { button, h } from "./draw.js";

const { habits } = window;

/** Where a file is chosen; `file()` is what was chosen. */
export function filePicker(words) {
  let file;
  const nameShown = h("span", {}, "尚未選擇檔案");
  const take = (chosen) => {
    file = chosen;
    nameShown.textContent = chosen?.name ?? "尚未選擇檔案";
    control.changed();
  };
  const control = { words, file: () => file, value: () => file?.name ?? "", changed: () => {} };
  const make = (style) => {
    const input = h("input", { type: "file", style });
    input.addEventListener("change", () => take(input.files[0]));
    return input;
  };
  if (habits.file === "input") {
    const input = make();
    return Object.assign(control, { node: input, hold: input });
  }
  if (habits.file === "label") {
    const node = document.createElement("label");
    node.className = "act";
    node.append("選擇檔案", make("display: none"), nameShown);
    return Object.assign(control, { node });
  }
  const ask = () => make().click();
  if (habits.file === "after-click")
    return Object.assign(control, { node: h("span", {}, button("選擇檔案", ask), nameShown) });
  const zone = h("div", { class: "dz", onclick: ask }, "將檔案拖曳至此，或點擊上傳", h("br"), nameShown);
  zone.addEventListener("dragover", (event) => event.preventDefault());
  zone.addEventListener("drop", (event) => (event.preventDefault(), take(event.dataTransfer.files[0])));
  return Object.assign(control, { node: zone });
}
