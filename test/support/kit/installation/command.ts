import { vi } from "vitest";
import { runCommandLine } from "../../../../robot/cli/program.ts";
import type { Ended } from "./robot-process.ts";
import type { Workplace } from "./workplace.ts";

/**
 * Runs a command that touches no portal in this process, as its own process would: quicker where there are many.
 * @param args the words of the command; the workplace's configuration is added
 */
export async function command({ configFile }: Pick<Workplace, "configFile">, args: readonly string[]): Promise<Ended> {
  const said = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  try {
    const code = await runCommandLine([...args, "--config", configFile]);
    return { code, signal: null, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
