import { expect } from "vitest";

/** A command that has ended: its exit code and what it printed. */
interface Printed {
  readonly code?: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command ended with this code; where it did not, the test's report shows all that it printed, its envelope included. */
export function expectExit({ code, stdout, stderr }: Printed, wanted: number): void {
  expect(code, `stdout:\n${stdout}\nstderr:\n${stderr}\n`).toBe(wanted);
}
