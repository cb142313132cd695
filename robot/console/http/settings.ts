import { parseConfig, readConfigFile } from "../../config/load.ts";
import { readSettings, type Settings, withSettings, writeSettings } from "../../config/settings-file.ts";
import type { Config } from "../../config/schema.ts";
import { Failure } from "../../failures/failure.ts";

/** The settings that the console changes. */
export interface SettingsDesk {
  /** What is written, in the configuration and in the settings over it, and the mark for `save`. */
  read(): Promise<WrittenSettings>;
  /**
   * Checks a change as `robot.config.ts` is checked, writes it, and lets the robot go on with it.
   * @param change keys that are to be replaced; `null` gives a key back to the configuration
   * @param version the mark that was read; an older one means that somebody else has changed something meanwhile
   * @throws Failure `config-invalid` with every fault; nothing is written then
   */
  save(change: Change, version: string): Promise<void>;
}

export type Change = { readonly [key in keyof Settings]: Settings[key] | null };

export interface WrittenSettings {
  /** Everything as people wrote it, unchecked: durations are texts here. */
  readonly written: unknown;
  /** The keys that come from the console's own file. */
  readonly own: Settings;
  readonly version: string;
}

/**
 * @param file the configuration
 * @param check what must hold besides the schema, such as that every schedule's flow would take its input
 * @param adopt goes on with the new configuration
 */
export function settingsDesk(
  file: string,
  check: (config: Config) => void,
  adopt: (config: Config) => Promise<void>,
): SettingsDesk {
  const read = async (): Promise<WrittenSettings> => {
    const { settings, version } = await readSettings(file);
    return { written: withSettings(await readConfigFile(file), settings), own: settings, version };
  };
  return {
    read,
    async save(change, version) {
      const before = await readSettings(file);
      if (before.version !== version) {
        throw new Failure("wrong-use", { wanted: "存檔", seen: "設定剛被別人改過；請重新開啟這一頁再改" });
      }
      const kept = Object.entries({ ...before.settings, ...change }).filter(([, value]) => value !== null);
      const settings: Settings = Object.fromEntries(kept);
      const next = parseConfig(withSettings(await readConfigFile(file), settings), file);
      check(next);
      await writeSettings(file, settings);
      await adopt(next);
    },
  };
}
