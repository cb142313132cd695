import { readdir, readFile, writeFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { English, robotEnglish } from "../../../robot/english/english.ts";
import { phraseOf, type Words, wordsOf } from "../../support/words/literals.ts";
import { FILE_NAME, NOT_SAID, PORTAL_NAMES } from "../../support/words/names.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const PHRASES = join(ROOT, "robot/english/phrases");
/** Made of the code: `EINVOICE_DOCS=write` writes it. */
const DECLARED = "declared.json";
/** Words inside of what is filled into a text that is there in both languages. */
const INSIDE = "inside.json";
/** What the library says of a configuration that is not right. */
const LIBRARY = "zod.json";

describe("English of what the robot says", () => {
  let sources: (Words & { readonly file: string })[];
  let phrases: ReadonlyMap<string, Readonly<Record<string, string>>>;

  beforeAll(async () => {
    sources = (await Promise.all(["flows", "robot", "selectors"].map(sourcesIn))).flat();
    const names = (await readdir(PHRASES)).filter((name) => name.endsWith(".json"));
    phrases = new Map(
      await Promise.all(
        names.map(
          async (name): Promise<[string, Record<string, string>]> => [
            name,
            JSON.parse(await readFile(join(PHRASES, name), "utf8")),
          ],
        ),
      ),
    );
  });

  test("each Chinese text of the code has its English, or is a name of the portal or of a file", () => {
    const known = new Set([...phrases.values()].flatMap((one) => Object.keys(one)));
    const missing = sources
      .filter(({ file }) => !NOT_SAID.some(({ files }) => files.test(file)))
      .flatMap(({ file, said }) => said.map(({ text }) => ({ file, text })))
      .filter(({ text }) => !known.has(text) && !PORTAL_NAMES.has(text) && !FILE_NAME.test(text));
    expect(missing).toEqual([]);
    expect(sources.length).toBeGreaterThan(300);
  });

  test("no phrase is left over from what is not said any more, and none of the portal's names is one", () => {
    const said = new Set(sources.flatMap((one) => one.said.map(({ text }) => text)));
    const own = [...phrases].filter(([name]) => ![DECLARED, INSIDE, LIBRARY].includes(name));
    const texts = own.flatMap(([, one]) => Object.keys(one));
    expect(texts.filter((text) => !said.has(text) || PORTAL_NAMES.has(text))).toEqual([]);
    expect(texts.length).toBeGreaterThan(700);
    expect(new Set(texts).size).toBe(texts.length);
  });

  test("what the code says in both languages is among the phrases as it is said", async () => {
    const pairs = sources
      .filter(({ file }) => !/^robot\/(?:console|demo)\//.test(file))
      .flatMap(({ pairs: found }) => found.map(phraseOf))
      .filter((phrase) => phrase !== null)
      .toSorted(([one], [other]) => (one < other ? -1 : 1));
    const declared = Object.fromEntries(
      pairs.filter(([chinese]) => isWorthMatching(chinese) && !PORTAL_NAMES.has(chinese)),
    );
    if (process.env["EINVOICE_DOCS"] === "write") {
      await writeFile(join(PHRASES, DECLARED), `${JSON.stringify(declared, null, 2)}\n`);
    }
    expect(phrases.get(DECLARED)).toEqual(declared);
    expect(pairs.length).toBeGreaterThan(400);
  });

  test("English fills in what the Chinese has", () => {
    const gaps = (text: string): string[] => [...new Set([...text.matchAll(/\{\d+\}/g)].map(String))].toSorted();
    const wrong = [...phrases.values()]
      .flatMap((one) => Object.entries(one))
      .filter(([chinese, english]) => gaps(english).some((gap) => !gaps(chinese).includes(gap)));
    expect(wrong).toEqual([]);
  });

  test("only what is said is put into English: a company's name, a file and a button stay", () => {
    const english = robotEnglish();
    expect(english.of("▶ 晨光小舖：提交取號")).toBe("▶ 晨光小舖: submit the take");
    expect(english.of("  晨光小舖（12345675）  ")).toBe("  晨光小舖（12345675）  ");
    expect(english.of("/家/王、李/空白號碼-1.csv")).toBe("/家/王、李/空白號碼-1.csv");
    expect(english.of("看配號狀態 2 (3)")).toBe("look at the allocation 2 (3)");
    expect(english.of("沒有「下載」，也沒有「查無資料」")).toBe('neither "下載" nor "查無資料"');
  });

  test("what the library says of a configuration is English, too", () => {
    const complaints = [
      { a: 1 },
      { b: "x" },
      { b: "xxxxxx" },
      { c: "z" },
      { d: "no" },
      { e: [1, 2, 3] },
      { b: "abc", q: 1 },
    ];
    const schema = z.strictObject({
      a: z.string(),
      b: z.string().min(2).max(4),
      c: z.enum(["x", "y"]),
      d: z.email(),
      e: z.array(z.number()).max(2),
    });
    const english = robotEnglish();
    const said = complaints.flatMap(
      (one) => schema.partial().safeParse(one, { error: z.locales.zhTW().localeError }).error?.issues ?? [],
    );
    expect(said.map(({ message }) => english.of(message)).filter((text) => /\p{Script=Han}/u.test(text))).toEqual([]);
    expect(said.length).toBeGreaterThan(5);
    expect(english.of(said[0]?.message ?? "")).toBe("Invalid input: expected string, received number");
  });

  test("of phrases that fit, the one is taken that leaves the least Chinese", () => {
    const english = new English({ "{0} 段": "{0} ranges", "刪除 {0} 段": "delete {0} ranges", 平台: "portal" });
    expect(english.of("刪除 3 段")).toBe("delete 3 ranges");
    expect(english.of("平台：刪除 3 段；4 段")).toBe("portal: delete 3 ranges; 4 ranges");
    expect(english.of("未知")).toBe("未知");
  });
});

/** A single word with something filled in fits too much; it is put into English as part of what it stands in. */
function isWorthMatching(chinese: string): boolean {
  return !/\{\d+\}/.test(chinese) || (chinese.match(/\p{Script=Han}/gu) ?? []).length > 1;
}

async function sourcesIn(folder: string): Promise<(Words & { readonly file: string })[]> {
  const entries = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && /\.(?:m?ts|mjs)$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        const file = relative(ROOT, path).split(sep).join("/");
        return { file, ...wordsOf(await readFile(path, "utf8"), file) };
      }),
  );
}
