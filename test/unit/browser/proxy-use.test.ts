import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { usesNoProxy } from "../../../robot/browser/proxy-use.ts";

/** Only where it is certain: a machine that needs its proxy must not lose it by a default. */

test("a Linux server without a desktop, a variable or a policy that names one uses no proxy", () => {
  expect(usesNoProxy("linux", { PATH: "/bin", http_proxy: "" }, ["/nowhere"])).toBe(true);
});

test.for(["darwin", "win32", "freebsd"] as const)("on %s it is not known", (platform) => {
  expect(usesNoProxy(platform, {}, [])).toBe(false);
});

test.for([
  { http_proxy: "http://proxy.office.test:3128" },
  { HTTPS_PROXY: "http://proxy.office.test:3128" },
  { all_proxy: "socks5://proxy.office.test" },
  { auto_proxy: "http://wpad.office.test/wpad.dat" },
  { SOCKS_SERVER: "proxy.office.test" },
  { XDG_CURRENT_DESKTOP: "GNOME" },
  { DESKTOP_SESSION: "plasma" },
])("with %o it is left as the machine says", (env) => {
  expect(usesNoProxy("linux", env, [])).toBe(false);
});

test("a policy for browsers that speaks of a proxy counts, another one does not", () => {
  const folder = mkdtempSync(join(tmpdir(), "policies-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "a.json"), `{ "HomepageLocation": "https://office.test" }`);
  expect(usesNoProxy("linux", {}, [folder])).toBe(true);
  writeFileSync(join(folder, "b.json"), `{ "ProxySettings": { "ProxyMode": "auto_detect" } }`);
  expect(usesNoProxy("linux", {}, [folder])).toBe(false);
});
