import type { Config } from "../config/schema.ts";
import type { StoreConfig } from "../store/store.ts";

/**
 * The run database with its password, where it has one.
 * @throws Failure `secret-missing`, `keychain-locked` or `keychain-denied`
 */
export async function storeConfigOf({ store, secrets }: Config): Promise<StoreConfig> {
  if (store.kind === "sqlite") return store;
  const { kind, url, passwordSecret } = store;
  if (passwordSecret === null) return { kind, url };
  // Loaded where there is a password: lists of an installation on one file start without the secret stores.
  const [{ openSecretStore }, { Redactor }] = await Promise.all([
    import("../secrets/store.ts"),
    import("../recording/redaction/redactor.ts"),
  ]);
  const password = await (await openSecretStore(secrets, new Redactor())).get(passwordSecret);
  return { kind, url, password };
}
