import { Option } from "commander";
import type { FlowField } from "../../../engine/flow.ts";
import { wholeNumber } from "../../terminal/whole-number.ts";

/** The option by which a field is given on the command line: `--then-upload`. */
export function optionOf({ name, option }: Pick<FlowField, "name" | "option">): string {
  return `--${option ?? name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The name that commander gives its value: `thenUpload`. */
export function optionKey(field: Pick<FlowField, "name" | "option">): string {
  return optionOf(field)
    .slice(2)
    .replaceAll(/-([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

/** A flow's field as an option of its command, with its words in both languages. */
export function flowOption(field: FlowField): Option {
  const { label, hint } = field;
  const zh = hint ? `${label.zh}：${hint.zh}` : label.zh;
  const usual = usually(field);
  const about = `${zh}${usual.zh} (${hint ? `${label.en}: ${hint.en}` : label.en}${usual.en})`;
  const flag = optionOf(field);
  switch (field.kind) {
    case "yes":
      return new Option(flag, about);
    case "category":
      return new Option(`${flag} <code>`, about).choices(["07", "08"]).default("07");
    case "books":
      return new Option(`${flag} <n>`, about).argParser(wholeNumber);
    case "period":
      return new Option(`${flag} <period>`, about);
    case "text":
      return new Option(`${flag} <text>`, about);
    case "file":
      return new Option(`${flag} <file>`, about);
  }
}

/** What counts where a period is not said. */
function usually(field: FlowField): { readonly zh: string; readonly en: string } {
  if (field.kind !== "period" || field.optional) return { zh: "", en: "" };
  const next = { zh: "下一期", en: "the next one" };
  const words = {
    takeable: next,
    any: next,
    ended: { zh: "上一期", en: "the last one" },
    won: { zh: "最近開獎的一期", en: "the last one that was drawn" },
  };
  const { zh, en } = words[field.choose];
  return { zh: `，例如 11512；不給就是${zh}`, en: `, such as 11512; if not given, ${en}` };
}
