import { runCommandLine } from "./cli/program.ts";
import { keepFilesPrivate } from "./lib/files/private-file.ts";

/** The robot's entry: runs one command and returns how the process shall end. */
export function main(argv: readonly string[]): Promise<number> {
  keepFilesPrivate();
  return runCommandLine(argv);
}
