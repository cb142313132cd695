import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { z } from "zod";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Libraries that are young, or that another one may take the place of, and who alone knows them. */
const KNOWN_TO: Readonly<Record<string, string>> = {
  "@napi-rs/keyring": "robot/secrets/",
  asn1js: "robot/recording/verification/",
  hucre: "robot/invoicing/reading/xlsx.ts",
  imapflow: "robot/mail/",
  nodemailer: "robot/mail/",
  openworkflow: "robot/engine/workflow/",
  pino: "robot/log/",
  pkijs: "robot/recording/verification/",
  "tesseract.js": "robot/login/captcha/",
};

/** What begins with `_` is its owner's; the two that are known are in `docs/decisions/0029-libraries.md`. */
const PRIVATES = /\bnew Proxy\(|\.prototype\b|\.__?[a-z]\w*|\["__?[a-z]/g;
const KNOWN_PRIVATES = ["robot/recording/redaction/trace.ts ._file", "robot/recording/redaction/trace.ts ._sha1"];

test("a library that may be exchanged is known to one place", async () => {
  const imports = await packageImports();
  for (const [library, place] of Object.entries(KNOWN_TO)) {
    const knowing = imports.filter(({ to }) => to === library || to.startsWith(`${library}/`)).map(({ file }) => file);
    expect({ library, knowing }).not.toEqual({ library, knowing: [] });
    expect(knowing.filter((file) => !file.startsWith(place))).toEqual([]);
  }
});

test("of a library only what it exports is imported, of none a file", async () => {
  const inside = (await packageImports()).filter(({ to }) => to.split("/").length > (to.startsWith("@") ? 2 : 1));
  expect(inside.length).toBeGreaterThan(5);
  for (const { file, to } of inside) {
    const name = to
      .split("/")
      .slice(0, to.startsWith("@") ? 2 : 1)
      .join("/");
    const { exports } = z
      .object({ exports: z.record(z.string(), z.unknown()).default({}) })
      .parse(JSON.parse(await readFile(join(ROOT, "node_modules", name, "package.json"), "utf8")));
    const named = Object.keys(exports).filter((one) => !one.includes("*"));
    expect({ file, to, exported: named.includes(`.${to.slice(name.length)}`) }).toEqual({ file, to, exported: true });
  }
});

test("nothing reaches into a library's privates, but for the names in a trace", async () => {
  const found = (await sources()).flatMap(({ file, text }) =>
    Array.from(text.matchAll(PRIVATES), ([reach]) => `${file} ${reach}`),
  );
  expect(found).toEqual(KNOWN_PRIVATES);
  for (const planted of ["backend._db", 'engine["_queue"]', "new Proxy(backend, {})", "Page.prototype.click"])
    expect(planted).toMatch(new RegExp(PRIVATES.source));
});

test("no package is patched", () => {
  expect(existsSync(join(ROOT, "patches"))).toBe(false);
});

async function packageImports(): Promise<{ file: string; to: string }[]> {
  return (await sources()).flatMap(({ file, text }) =>
    Array.from(text.matchAll(/(?:\bfrom|\bimport\(?)\s*"((?!\.|node:)[^"]+)"/g), ([, to = ""]) => ({ file, to })),
  );
}

async function sources(): Promise<{ file: string; text: string }[]> {
  const found: { file: string; text: string }[] = [];
  for (const folder of ["robot", "flows", "selectors"]) {
    for (const entry of await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.(?:ts|mjs)$/.test(entry.name) || entry.name.endsWith(".d.ts")) continue;
      const path = join(entry.parentPath, entry.name);
      found.push({ file: relative(ROOT, path).split(sep).join("/"), text: await readFile(path, "utf8") });
    }
  }
  return found;
}
