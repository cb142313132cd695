import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a browser looks for a proxy on Linux when no desktop tells it one; in small or in capital letters. */
const VARIABLES = ["auto_proxy", "all_proxy", "http_proxy", "https_proxy", "ftp_proxy", "socks_server"];
/** What tells that a desktop is there, which may have a proxy in its settings. */
const DESKTOP = ["XDG_CURRENT_DESKTOP", "DESKTOP_SESSION", "GNOME_DESKTOP_SESSION_ID", "KDE_FULL_SESSION"];
/** Where whoever manages the machine may set one for its browsers. */
const POLICIES = ["/etc/chromium", "/etc/opt/chrome", "/etc/opt/edge"].flatMap((place) =>
  ["managed", "recommended"].map((kind) => join(place, "policies", kind)),
);

/**
 * Whether it is certain that this machine's browsers use no proxy: on Linux, without a desktop, where neither the environment nor a policy names one.
 * Elsewhere it is not known, and nothing is assumed.
 */
export function usesNoProxy(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  policies: readonly string[] = POLICIES,
): boolean {
  if (platform !== "linux") return false;
  const isSet = (name: string): boolean => (env[name] ?? "") !== "";
  if (DESKTOP.some(isSet)) return false;
  if (VARIABLES.some((name) => isSet(name) || isSet(name.toUpperCase()))) return false;
  return !policies.some(namesProxy);
}

/** A policy that can't be read may say anything. */
function namesProxy(folder: string): boolean {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return false;
  }
  return names.some((name) => {
    try {
      return /proxy/i.test(readFileSync(join(folder, name), "utf8"));
    } catch {
      return true;
    }
  });
}
