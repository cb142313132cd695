import { parseConfig, readConfigFile } from "../../config/load.ts";
import {
  readPreviousSettings,
  readSettings,
  type Settings,
  settingsPath,
  withSettings,
  writeSettings,
} from "../../config/settings-file.ts";
import type { Config } from "../../config/schema.ts";
import { Failure } from "../../failures/failure.ts";
import { exclusively } from "../../lib/files/exclusive.ts";

/** The settings that the console changes. */
export interface SettingsStore {
  /** What is written, in the configuration and in the settings over it, and the mark for `save`. */
  read(): Promise<WrittenSettings>;
  /**
   * Checks a change as `robot.config.ts` is checked, writes it, and lets the robot go on with it. Of two changes that were begun from
   * the same settings one is written, in however many processes.
   * @param change keys that are to be replaced; `null` gives a key back to the configuration
   * @param version the mark that was read; an older one means that someone else has changed something meanwhile
   * @param agree asked with what the change comes to, right before it is written; false leaves everything as it is
   * @throws Failure `config-invalid` with every fault; nothing is written then
   */
  save(change: SettingsChange, version: string, agree: (next: Config) => Promise<boolean>): Promise<Saved>;
}

/** `outdated`: the settings are no longer those that the change was begun from; nothing was written. */
export type Saved = "saved" | "outdated" | "not-agreed";

export type SettingsChange = { readonly [key in keyof Settings]: Settings[key] | null };

export interface WrittenSettings {
  /** Everything as people wrote it, unchecked: durations are texts here. */
  readonly written: unknown;
  /** The keys that come from the console's own file. */
  readonly own: Settings;
  readonly version: string;
  /** What `own` was before it was last saved; null where nothing can be taken back. */
  readonly previous: Settings | null;
}

/**
 * @param file the configuration
 * @param check what must hold besides the schema, such as that every schedule's flow would take its input
 * @param adopt goes on with the new configuration
 */
export function settingsStore(
  file: string,
  check: (config: Config) => void,
  adopt: (config: Config) => Promise<void>,
): SettingsStore {
  const path = settingsPath(file);
  const busy = ({ pid }: { readonly pid: number }): Failure =>
    new Failure("wrong-use", { wanted: "存檔", seen: `另一個程式（${pid}）正在存設定，請稍後再存一次` });
  return {
    async read() {
      const { settings, version } = await readSettings(file);
      const previous = await readPreviousSettings(file, version);
      return { written: withSettings(await readConfigFile(file), settings), own: settings, version, previous };
    },
    save: (change, version, agree) =>
      exclusively(
        path,
        async () => {
          const before = await readSettings(file);
          if (before.version !== version) return "outdated";
          const kept = Object.entries({ ...before.settings, ...change }).filter(([, value]) => value !== null);
          const settings: Settings = Object.fromEntries(kept);
          const next = parseConfig(withSettings(await readConfigFile(file), settings), file);
          check(next);
          if (!(await agree(next))) return "not-agreed";
          await writeSettings(file, settings, before.settings);
          await adopt(next);
          return "saved";
        },
        busy,
      ),
  };
}
