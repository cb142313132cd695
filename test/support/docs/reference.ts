import type { Command } from "commander";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { optionOf } from "../../../robot/cli/commands/run/flow-options.ts";
import { commands } from "../../../robot/cli/program.ts";
import { configSchema } from "../../../robot/config/schema.ts";
import type { AnyFlow } from "../../../robot/engine/flow.ts";
import { failureCodes, failureKind } from "../../../robot/failures/failure.ts";
import { FLOWS } from "../../../flows/index.ts";

/** The pages of `docs/reference/`, made of what the code says of itself: by name, with their text. */
export async function referencePages(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    ["flows.md", page("Flows", "flows/*.ts", flowTable(FLOWS))],
    ["failures.md", page("Failures", "robot/failures/", failureTable())],
    ["commands.md", page("Commands", "robot/cli/program.ts", commandTable(commands()))],
    ["settings.md", page("Settings", "robot/config/schema.ts", settingTable())],
    ["events.md", page("Events of a record", "robot/", await eventTable())],
  ]);
}

function page(title: string, source: string, table: string): string {
  return `# ${title}\n\nMade of \`${source}\` by \`EINVOICE_DOCS=write npx vitest run test/unit/docs\`; not edited by hand.\n\n${table}`;
}

/** One row a flow: what it is for, its options, what can't be undone. */
export function flowTable(flows: readonly AnyFlow[]): string {
  const rows = flows.map(({ name, title, about, fields, final, acts }) => {
    const options = fields.map((field) => `\`${optionOf(field)}\`${field.optional ? "" : "＊"}`).join(" ");
    const named = acts.map((act) => `\`${act}\``).join(" ");
    return [`\`${name}\``, title.zh, about.zh, options, final?.zh ?? "只看不改", named];
  });
  return table(["流程", "名稱", "做什麼", "選項", "不能復原的", "在 `approve.effects` 的名稱"], rows);
}

/** One row a failure: its words, what the machine may do after it, and how the command ends. */
function failureTable(): string {
  const rows = failureCodes().map((code) => {
    const { explain, next, after, passing, exit, assist } = failureKind(code);
    const marks = [passing ? "passing" : "", assist ? "a person can help" : ""].filter((one) => one !== "").join(", ");
    return [
      `\`${code}\``,
      `${explain.zh} ${explain.en}`,
      `${next.zh} ${next.en}`,
      after,
      marks,
      exit ? String(exit) : "",
    ];
  });
  return table(["code", "what it means", "what to do now", "after", "", "exit"], rows);
}

/** One row a command with its options. */
function commandTable(program: Command): string {
  const rowsOf = (command: Command, path: string): string[][] =>
    command.commands.flatMap((one) => {
      const words = `${path}${one.name()}`;
      if (one.commands.length > 0) return rowsOf(one, `${words} `);
      const args = one.registeredArguments.map((arg) => (arg.required ? `<${arg.name()}>` : `[${arg.name()}]`));
      const options = one.options.filter(({ hidden }) => !hidden).map(({ flags }) => `\`${flags}\``);
      return [[`\`${[words, ...args].join(" ")}\``, one.description(), options.join(" ")]];
    });
  return table(["command", "does", "options"], rowsOf(program, ""));
}

const node = z.looseObject({
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  default: z.unknown().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
});

/** One row a setting, with what it may be and its default. */
function settingTable(): string {
  const schema = z.toJSONSchema(configSchema, { io: "input", unrepresentable: "any" });
  const rowsOf = (part: unknown, path: string): string[][] => {
    const { properties, items, anyOf = [], ...own } = node.parse(part);
    const inner = [
      ...Object.entries(properties ?? {}).flatMap(([name, one]) => rowsOf(one, path === "" ? name : `${path}.${name}`)),
      ...(items === undefined ? [] : rowsOf(items, `${path}[]`)),
      ...anyOf.flatMap((one) => (node.parse(one).properties ? rowsOf(one, path) : [])),
    ];
    const kind = own.enum?.map((one) => JSON.stringify(one)).join(" ") ?? [own.type ?? "…"].flat().join(" ");
    const preset = own.default === undefined ? "" : `\`${JSON.stringify(own.default)}\``;
    const isGroup = properties !== undefined || path === "";
    return [...(isGroup ? [] : [[`\`${path}\``, kind, preset]]), ...inner];
  };
  const rows = rowsOf(schema, "");
  const known = new Set<string>();
  return table(
    ["setting", "is", "default"],
    rows.filter(([name = ""]) => !known.has(name) && known.add(name)),
  );
}

/** One row a type of event, with the files that write it. */
async function eventTable(): Promise<string> {
  const root = fileURLToPath(new URL("../../../robot", import.meta.url));
  const files = (await readdir(root, { recursive: true }))
    .filter((file) => file.endsWith(".ts") && !file.startsWith("invoicing/"))
    .toSorted();
  const found = new Map<string, Set<string>>();
  for (const file of files) {
    const text = await readFile(join(root, file), "utf8");
    for (const [, type = ""] of text.matchAll(/\b(?:event|record|note|#?append)\(\s*"([a-z]+(?:[.-][a-z-]+)+)"/g)) {
      const where = found.get(type) ?? new Set();
      found.set(type, where.add(`robot/${file}`));
    }
  }
  const rows = [...found].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return table(
    ["event", "written by"],
    rows.map(([type, where]) => [`\`${type}\``, [...where].map((one) => `\`${one}\``).join(" ")]),
  );
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line), ""].join("\n");
}
