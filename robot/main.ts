import { runCommandLine } from "./cli/program.ts";

/** The robot's entry: runs one command and returns how the process shall end. */
export function main(argv: readonly string[]): Promise<number> {
  return runCommandLine(argv);
}
