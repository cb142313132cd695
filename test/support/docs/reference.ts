import type { AnyFlow } from "../../../robot/engine/flow.ts";
import { optionOf } from "../../../robot/cli/commands/run/flow-options.ts";

/** The pages of `docs/reference/`, made of what the code says of itself. */

/** One row a flow: what it is for, its options, what can't be undone. */
export function flowTable(flows: readonly AnyFlow[]): string {
  const rows = flows.map(({ name, title, about, fields, final }) => {
    const options = fields.map((field) => `\`${optionOf(field)}\`${field.optional ? "" : "＊"}`).join(" ");
    return `| \`${name}\` | ${title.zh} | ${about.zh} | ${options} | ${final ?? "只看不改"} |`;
  });
  return ["| 流程 | 名稱 | 做什麼 | 選項 | 不能復原的 |", "| --- | --- | --- | --- | --- |", ...rows, ""].join("\n");
}
