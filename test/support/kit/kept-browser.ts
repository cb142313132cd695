import { type BrowserHost, type BrowserSettings, browserHost } from "../../../robot/browser/launch.ts";
import { afterFile } from "./after-file.ts";

const kept = new Map<string, BrowserHost>();

/**
 * The robot's browser with these settings, which stays from one visit to the next until the file's tests are over: starting one costs as
 * much as a short visit, and each visit has a context of its own in it as in one that was just started. A window is opened for each visit.
 */
export function keptBrowser(settings: BrowserSettings): BrowserHost {
  if (!settings.headless) return browserHost(settings);
  const key = JSON.stringify(settings);
  const known = kept.get(key);
  if (known) return known;
  const host = browserHost(settings);
  let open: ReturnType<BrowserHost["newContext"]> | null = null;
  const keeping: BrowserHost = {
    async newContext(hosts) {
      // A context that nobody uses: while it is open, so is the browser.
      open ??= host.newContext();
      await open;
      return host.newContext(hosts);
    },
  };
  kept.set(key, keeping);
  afterFile(async () => {
    kept.delete(key);
    await (await open)?.close();
  });
  return keeping;
}
