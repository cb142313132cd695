import { afterAll, beforeAll } from "vitest";
import { type BrowserHost, browserHost } from "../../../../robot/browser/launch.ts";
import { quickBrowser } from "../quick-browser.ts";

/** The robot's browser, which stays from one look to the next until the file's tests are over. */
export function sharedBrowser(): BrowserHost {
  const executable = quickBrowser();
  const host = browserHost({ headless: true, ...(executable === undefined ? {} : { executable }) });
  let done: () => Promise<void>;
  beforeAll(async () => {
    const opened = await host.newContext();
    done = () => opened.close();
  });
  afterAll(() => done());
  return host;
}
