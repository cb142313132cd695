import { dirname, extname, resolve } from "node:path";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { Failure } from "../failures/failure.ts";
import { withPathsFrom } from "./fields/path.ts";
import { type FormerName, withCurrentNames } from "./renamed.ts";
import { readSettings, withSettings } from "./settings-file.ts";
import { type CompanyConfig, type Config, configSchema } from "./schema.ts";

z.config(z.locales.zhTW());

/** What `--config` means when it is not given, relative to the working directory. */
export const DEFAULT_CONFIG = "robot.config.ts";

/**
 * Reads the configuration: a TypeScript or JavaScript module with a default export, or a JSON file; with what the console has
 * written beside it laid over it.
 * @throws Failure `config-invalid` with every fault and where it is
 */
export async function loadConfig(path: string = DEFAULT_CONFIG): Promise<Config> {
  const file = resolve(path);
  const { settings } = await readSettings(file);
  return parseConfig(withSettings(await readConfigFile(file), settings), file);
}

/** Settings that are written under former names, in the configuration and in what the console has written. */
export async function formerNamesIn(path: string = DEFAULT_CONFIG): Promise<readonly FormerName[]> {
  const file = resolve(path);
  const { settings } = await readSettings(file);
  return withCurrentNames(withSettings(await readConfigFile(file), settings)).former;
}

/**
 * A configuration as it was written, checked, with all defaults and absolute paths.
 * @param file where it was read from
 * @throws Failure `config-invalid` with every fault and where it is
 */
export function parseConfig(written: unknown, file: string): Config {
  const parsed = withPathsFrom(dirname(file), () => configSchema.safeParse(withCurrentNames(written).config));
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join(".") || "（整份設定）"}：${issue.message}`);
    throw new Failure("config-invalid", { wanted: file, seen: faults.join("；") });
  }
  return parsed.data;
}

/** The configuration as people wrote it, unchecked. @throws Failure `config-invalid` when it can't be read */
export async function readConfigFile(file: string): Promise<unknown> {
  try {
    if (extname(file) === ".json") return JSON.parse(await readFile(file, "utf8"));
    const module: unknown = await import(pathToFileURL(file).href);
    return module !== null && typeof module === "object" && "default" in module ? module.default : module;
  } catch (error) {
    throw new Failure("config-invalid", { wanted: `讀取 ${file}`, seen: String(error) }, { cause: error });
  }
}

/**
 * The company that people mean by a name or a UBN.
 * @throws Failure `wrong-use` naming those that there are
 */
export function companyOf(config: Config, nameOrUbn: string): CompanyConfig {
  const company = config.companies.find(({ name, ubn }) => name === nameOrUbn || ubn === nameOrUbn);
  if (company) return company;
  const known = config.companies.slice(0, 10).map(({ name, ubn }) => `${name}（${ubn}）`);
  const none = known.length === 0;
  throw new Failure("wrong-use", {
    wanted: `公司「${nameOrUbn}」`,
    seen: none ? "設定檔裡還沒有任何公司" : `設定檔裡有：${known.join("、")}`,
    en: {
      wanted: `company "${nameOrUbn}"`,
      seen: none ? "no companies in the configuration yet" : `the configuration has: ${known.join(", ")}`,
    },
  });
}
