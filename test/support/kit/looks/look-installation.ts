import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { loadConfig } from "../../../../robot/config/load.ts";
import type { Config, ConfigInput } from "../../../../robot/config/schema.ts";
import { carrierCodeName, portalPasswordName } from "../../../../robot/config/secret-names.ts";
import { Redactor } from "../../../../robot/recording/redaction/redactor.ts";
import { openSecretStore } from "../../../../robot/secrets/store.ts";
import { createVault } from "../../../../robot/secrets/vault.ts";
import { quickBrowser } from "../quick-browser.ts";

export interface LookCompany {
  readonly address: string;
  readonly ubn: string;
  readonly account: string;
  readonly password: string;
  /** Codes of holders of carriers, by telephone. */
  readonly codes?: { readonly [phone: string]: string };
  readonly settings?: Partial<ConfigInput>;
}

/** The robot set up in a folder for one company, impatient, as a portal of another hand on this machine needs it. */
export async function lookInstallation(folder: string, about: LookCompany): Promise<Config> {
  const configFile = join(folder, "robot.config.json");
  const executable = quickBrowser();
  const settings: ConfigInput = {
    portal: {
      address: about.address,
      allocation: { source: "list", list: { first: "500ms", every: "500ms" }, timeout: "20s" },
      importWait: { every: "1s", justAfter: null, timeout: "30s" },
      reconcile: { first: "200ms", every: "1s", timeout: "3s" },
      retry: { times: 1, after: "300ms" },
    },
    companies: [
      {
        name: "路人甲",
        ubn: about.ubn,
        user: about.account,
        noticeList: ["tracks@stranger.example", "new@stranger.example"],
      },
    ],
    blankNumbers: { correctWithoutAsking: true },
    secrets: { provider: "vault", file: "vault.age", identity: { file: "identity.txt" } },
    store: { file: "robot.sqlite" },
    browser: { headless: true, ...(executable === undefined ? {} : { executable }) },
    ...about.settings,
  };
  await writeFile(configFile, JSON.stringify(settings));
  const config = await loadConfig(configFile);
  if (config.secrets.provider !== "vault") throw new Error("The test keeps its password in a vault.");
  await createVault(config.secrets.file, join(folder, "identity.txt"), new Redactor());
  const secrets = await openSecretStore(config.secrets, new Redactor());
  for (const company of config.companies) await secrets.set(portalPasswordName(config, company), about.password);
  for (const [phone, code] of Object.entries(about.codes ?? {}))
    await secrets.set(carrierCodeName(config, phone), code);
  return config;
}
