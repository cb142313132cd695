import type { Command } from "commander";
import type { Language } from "../../failures/failure.ts";

/** The language that a command line asks for, before anything of it is understood: help and wrong use are told in it, too. */
export function languageOf(argv: readonly string[]): Language {
  const at = argv.findLastIndex((word) => word === "--lang" || word.startsWith("--lang="));
  return argv[at] === "--lang=en" || (argv[at] === "--lang" && argv[at + 1] === "en") ? "en" : "zh";
}

/** Makes the help of a command, and of all commands below it, English alone, and what it says of wrong use. */
export function helpInEnglish(command: Command): void {
  command.configureOutput({ outputError: (text, write) => write(text.replaceAll(BOTH, "$1")) });
  command.description(englishOf(command.description())).summary(englishOf(command.summary()));
  for (const option of command.options) option.description = englishOf(option.description);
  for (const argument of command.registeredArguments) argument.description = englishOf(argument.description);
  for (const part of command.commands) helpInEnglish(part);
}

/** Inside a sentence of commander's: `要是正整數 (a positive whole number)`. */
const BOTH = /\p{Script=Han}+ \(([^()]*)\)/gu;

/** Of words in both languages, `中文 (English)`, what the brackets at their end hold. */
function englishOf(words: string): string {
  if (!words.endsWith(")")) return words;
  let open = 0;
  for (let at = words.length - 1; at >= 0; at--) {
    if (words[at] === ")") open++;
    if (words[at] === "(") open--;
    if (open === 0) return words.slice(at + 1, -1);
  }
  return words;
}
