import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Command } from "commander";
import { expect, test } from "vitest";
import { commands } from "../../../robot/cli/program.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** A command as the docs print it: what follows `npm run robot --`, up to the end of the line, of the code or of what is said beside it. */
const PRINTED = /npm run (?:-s )?robot -- +([^\n`#]*)/g;

/** What is wrong with a printed command: a command or an option that there is not; null where nothing is. */
function faultOf(printed: string, program: Command): string | null {
  const words = printed.split(/\s+/).filter((word) => word !== "" && word !== "…");
  let command = program;
  for (const [at, word] of words.entries()) {
    if (word.startsWith("--")) {
      const [name = ""] = word.split("=");
      const known = [
        "--help",
        "--version",
        ...command.options.flatMap(({ long }) => (long === undefined ? [] : [long])),
      ];
      if (!known.includes(name)) return `${command.name()} has no ${name}`;
      continue;
    }
    const next = command.commands.find((one) => one.name() === word);
    if (next) command = next;
    // `<flow>` stands for each of the commands there.
    else if (command.commands.length > 0 && !word.startsWith("<"))
      return `no command ${words.slice(0, at + 1).join(" ")}`;
    else if (command.commands.length > 0) return null;
  }
  return null;
}

async function documents(): Promise<string[]> {
  const inDocs = await readdir(join(ROOT, "docs"), { recursive: true });
  return [
    "README.md",
    "CONTRIBUTING.md",
    ...inDocs.filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`),
  ];
}

test("each command that the docs print exists, with its options", async () => {
  const program = commands();
  const found: { readonly file: string; readonly printed: string; readonly fault: string | null }[] = [];
  for (const name of await documents()) {
    const text = await readFile(join(ROOT, name), "utf8");
    for (const [, printed = ""] of text.matchAll(PRINTED)) {
      found.push({ file: relative(ROOT, join(ROOT, name)), printed, fault: faultOf(printed, program) });
    }
  }
  expect(found.filter(({ fault }) => fault !== null)).toEqual([]);
  expect(found.length).toBeGreaterThan(20);
});

test("a command, a flow or an option that there is not is found", () => {
  const program = commands();
  expect(faultOf("runs --limit 3", program)).toBeNull();
  expect(faultOf("run <flow> --company 晨光小舖", program)).toBeNull();
  expect(faultOf("walk", program)).toBe("no command walk");
  expect(faultOf("run take-trucks", program)).toBe("no command run take-trucks");
  expect(faultOf("run take-tracks --invoices x.csv", program)).toBe("take-tracks has no --invoices");
});
