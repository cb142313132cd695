import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { ConfigInput } from "../../../../robot/config/schema.ts";

/** A folder with a configuration in it, for commands that touch no portal. */
export interface Workplace {
  readonly folder: string;
  readonly configFile: string;
  /** Puts a file into the folder and says where it is. */
  readonly put: (name: string, content: string | Uint8Array) => Promise<string>;
}

/** Sets up a folder for the test that is running: it is gone when the test has ended. */
export async function workplace(settings: Omit<Partial<ConfigInput>, "portal"> = {}): Promise<Workplace> {
  const folder = await mkdtemp(join(tmpdir(), "einvoice-files-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const put = async (name: string, content: string | Uint8Array): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, content);
    return path;
  };
  const portal = { address: "http://127.0.0.1:9" };
  const store = { file: "robot.sqlite" };
  const configFile = await put("robot.config.json", JSON.stringify({ portal, store, ...settings }));
  return { folder, configFile, put };
}
