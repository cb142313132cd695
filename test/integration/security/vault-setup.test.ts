import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { envelopeOf, robot } from "../../support/kit/installation/robot-process.ts";
import { expectExit } from "../../support/kit/installation/expect-exit.ts";

const PASSWORD = `p"w 密碼 1`;
const COMPANY = ["--company", "晨光小舖"];

let folder: string;
let home: string;
let vault: string;
let key: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "einvoice-server-"));
  home = join(folder, "home");
  await mkdir(home);
  vault = join(folder, "var", "vault.age");
  key = join(home, ".einvoice-robot", "identity.txt");
  const before = process.env["HOME"];
  process.env["HOME"] = home;
  onTestFinished(async () => {
    process.env["HOME"] = before;
    await rm(folder, { recursive: true, force: true });
  });
  await configure({ file: "~/.einvoice-robot/identity.txt" });
});

async function configure(identity: object): Promise<void> {
  const config = {
    portal: { address: "https://www.einvoice.nat.gov.tw" },
    companies: [{ name: "晨光小舖", ubn: "12345675", user: "robot01" }],
    secrets: { provider: "vault", identity },
  };
  await writeFile(join(folder, "robot.config.json"), JSON.stringify(config));
}

const run = (words: readonly string[], input = ""): ReturnType<typeof robot> =>
  robot({ configFile: join(folder, "robot.config.json"), folder }, words, input);

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);
const madeSchema = z.looseObject({ made: z.looseObject({ vault: z.string(), key: z.string().nullable() }).nullable() });

test("a server without a keychain is set up by the README's commands alone, from an empty home", async () => {
  const set = await run(["credentials", "set", ...COMPANY], PASSWORD);
  expect([set.code, set.stderr]).toEqual([0, expect.not.stringContaining(PASSWORD)]);
  expect(set.stdout).toContain(key);
  expect(set.stdout).toMatch(/金鑰檔另存一份到別的地方/);
  expect(await Promise.all([vault, key, join(home, ".einvoice-robot"), join(folder, "var")].map(modeOf))).toEqual([
    "600",
    "400",
    "700",
    "700",
  ]);
  expectExit(await run(["credentials", "test", ...COMPANY]), 0);
  const list = await run(["credentials", "list"]);
  expect(list.stdout).toContain("portal/https://www.einvoice.nat.gov.tw/12345675/robot01/password");
  const [sealed, identity] = [await readFile(vault, "utf8"), await readFile(key, "utf8")];
  expect(sealed).not.toContain(PASSWORD);
  // Another `set` uses what is there.
  const again = await run(["credentials", "set", ...COMPANY, "--json"], "another password 2");
  expect(madeSchema.parse(envelopeOf(again).data).made).toBeNull();
  expect(await readFile(key, "utf8")).toBe(identity);
  expect((await readdir(join(home, ".einvoice-robot"))).length).toBe(1);
});

test("the vault can be made by itself, once, whoever asks at the same moment", async () => {
  const answers = await Promise.all([1, 2, 3].map(() => run(["credentials", "vault", "create", "--json"])));
  expect(answers.map(({ code }) => code)).toEqual([0, 0, 0]);
  const made = answers.map((one) => madeSchema.parse(envelopeOf(one).data).made);
  expect(made.filter((one) => one !== null)).toEqual([expect.objectContaining({ vault, key })]);
  const before = [await readFile(vault, "utf8"), await readFile(key, "utf8")];
  expect((await run(["credentials", "vault", "create"])).stdout).toContain("沒有動它們");
  expect([await readFile(vault, "utf8"), await readFile(key, "utf8")]).toEqual(before);
});

test("before there is one, every command says how it is made", async () => {
  const list = await run(["credentials", "list", "--json"]);
  expect([list.code, envelopeOf(list).failure?.code]).toEqual([3, "keychain-locked"]);
  expect(envelopeOf(list).failure?.message).toContain("credentials vault create");
  expect(await readdir(home)).toEqual([]);
});

test("a vault without its key is never replaced, and it says what to do", async () => {
  await run(["credentials", "set", ...COMPANY], PASSWORD);
  await rename(key, join(folder, "kept-key"));
  const sealed = await readFile(vault, "utf8");
  for (const words of [
    ["credentials", "set", ...COMPANY],
    ["credentials", "vault", "create"],
  ]) {
    const refused = await run([...words, "--json"], PASSWORD);
    expect([refused.code, envelopeOf(refused).failure?.code]).toEqual([3, "keychain-locked"]);
    expect(envelopeOf(refused).failure?.message).toMatch(/有密碼庫.*沒有它的金鑰.*放回來/);
  }
  expect(await readFile(vault, "utf8")).toBe(sealed);
  await expect(stat(key)).rejects.toThrow(/ENOENT/);
  await rename(join(folder, "kept-key"), key);
  expectExit(await run(["credentials", "test", ...COMPANY]), 0);
});

test("a key without its vault makes no empty vault in silence; asked for by name, it does, with that key", async () => {
  await run(["credentials", "set", ...COMPANY], PASSWORD);
  await rm(vault);
  const identity = await readFile(key, "utf8");
  const refused = await run(["credentials", "set", ...COMPANY, "--json"], PASSWORD);
  expect([refused.code, envelopeOf(refused).failure?.message]).toEqual([
    3,
    expect.stringMatching(/有金鑰.*沒有密碼庫/),
  ]);
  await expect(stat(vault)).rejects.toThrow(/ENOENT/);
  expectExit(await run(["credentials", "vault", "create"]), 0);
  expectExit(await run(["credentials", "set", ...COMPANY], PASSWORD), 0);
  expect(await readFile(key, "utf8")).toBe(identity);
});

test("nothing is made for a company that there is not, for an empty password, or for a key inside the project", async () => {
  expectExit(await run(["credentials", "set", "--company", "沒有這家"], PASSWORD), 2);
  expectExit(await run(["credentials", "set", ...COMPANY], ""), 2);
  await configure({ file: join(import.meta.dirname, "identity.txt") });
  const inside = await run(["credentials", "vault", "create", "--json"]);
  expect([inside.code, envelopeOf(inside).failure?.code]).toEqual([2, "config-invalid"]);
  expect(await readdir(home)).toEqual([]);
  await expect(stat(vault)).rejects.toThrow(/ENOENT/);
});
