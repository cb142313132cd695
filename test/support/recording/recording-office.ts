import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ConfigInput } from "../../../robot/config/schema.ts";
import { type Ended, type Envelope, envelopeOf, robot } from "../kit/installation/robot-process.ts";
import { temporaryRoot } from "./recording-support.ts";

/** A configuration and a folder for recordings, for the commands that need no portal. All of it is gone after the test. */
export interface RecordOffice {
  readonly folder: string;
  readonly root: string;
  readonly configFile: string;
  /** Runs a command with `--json`. */
  command(...words: string[]): Promise<Ended & { readonly envelope: Envelope }>;
}

export function recordOffice(settings: Partial<ConfigInput> = {}): RecordOffice {
  const folder = temporaryRoot();
  const configFile = join(folder, "robot.config.json");
  const config: ConfigInput = {
    portal: { address: "http://127.0.0.1:1" },
    companies: [{ name: "好好商店", ubn: "12345675" }],
    store: { file: "robot.sqlite" },
    ...settings,
    recordings: { folder: "recordings", ...settings.recordings },
  };
  writeFileSync(configFile, JSON.stringify(config));
  return {
    folder,
    root: join(folder, "recordings"),
    configFile,
    async command(...words) {
      const ended = await robot({ configFile, folder }, [...words, "--json"]);
      return { ...ended, envelope: envelopeOf(ended) };
    },
  };
}
