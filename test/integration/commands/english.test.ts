import { join } from "node:path";
import type { Command } from "commander";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { commands, runCommandLine } from "../../../robot/cli/program.ts";
import { helpInEnglish } from "../../../robot/cli/terminal/help-language.ts";
import { robot } from "../../support/kit/installation/robot-process.ts";
import { chineseIn } from "../../support/words/names.ts";
import { type Workplace, workplace } from "../../support/kit/installation/workplace.ts";

const FILES = join(import.meta.dirname, "../../fixtures/files");

describe("with --lang en", () => {
  let said: string;
  beforeEach(() => {
    said = "";
    const hear = (piece: string | Uint8Array): boolean => {
      said += typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8");
      return true;
    };
    vi.spyOn(process.stdout, "write").mockImplementation(hear);
    vi.spyOn(process.stderr, "write").mockImplementation(hear);
  });
  afterEach(() => void vi.restoreAllMocks());

  /** What one command says on both outputs, and how it ends. */
  async function told(words: readonly string[]): Promise<{ exit: number; text: string }> {
    said = "";
    const exit = await runCommandLine(words);
    return { exit, text: said };
  }

  /** What is wrong with what these say: a line in Chinese, another end than is written before the words, nothing said at all. */
  async function wrongOf(place: Workplace, lines: readonly (readonly [exit: number, ...words: string[]])[]) {
    const wrong: unknown[] = [];
    for (const [exit, ...words] of lines) {
      const answer = await told([...words, "--lang", "en", "--config", place.configFile]);
      wrong.push(...chineseIn(answer.text).map((line) => ({ words, line })));
      if (answer.exit !== exit || answer.text === "") wrong.push({ words, ...answer });
    }
    return wrong;
  }

  const shop = (): Promise<Workplace> =>
    workplace({ companies: [{ name: "Morning Shop", ubn: "12345675", user: "robot01" }] });

  test("the help of every command and of every flow is English", async () => {
    const program = commands();
    helpInEnglish(program);
    const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
    const found = all(program).flatMap((one) => chineseIn(one.helpInformation()).map((line) => [one.name(), line]));
    expect(found).toEqual([]);
    expect(all(program).length).toBeGreaterThan(40);
    // That it is asked for on the command line, before or after what is helped with.
    for (const words of [
      ["--help", "--lang", "en"],
      ["run", "take-tracks", "--lang=en", "--help"],
      ["files", "blank", "--help", "--lang", "en"],
    ]) {
      const { exit, text } = await told(words);
      expect([exit, text.length > 200, chineseIn(text)]).toEqual([0, true, []]);
    }
    expect(chineseIn((await told(["run", "take-tracks", "--help"])).text).length).toBeGreaterThan(10);
  });

  test("lists and what is due are English, with nothing there yet", async () => {
    expect(
      await wrongOf(await shop(), [
        [0, "runs"],
        [0, "status"],
        [0, "status", "--period", "11512"],
        [0, "status", "--period", "11702"],
        [0, "verify", "--all"],
        [0, "recordings", "heads"],
        [0, "console", "link"],
      ]),
    ).toEqual([]);
  });

  test("a run, question, record, company or day that there is not is told in English", async () => {
    expect(
      await wrongOf(await shop(), [
        [2, "show", "nope"],
        [2, "cancel", "nope"],
        [2, "answer", "q-nope"],
        [2, "answer", "q-nope", "yes"],
        [2, "verify", "nope"],
        [2, "export", "nope"],
        [2, "report", "--period", "11512", "--out", join(FILES, "..", "none"), "--company", "nobody"],
        [2, "recordings", "prune"],
        [2, "recordings", "heads", "--day", "2026-11-21"],
        [2, "recordings", "hold", "nope", "--why", "x"],
        [2, "recordings", "release", "nope", "--why", "x"],
        [2, "credentials", "test", "--company", "nobody"],
        [2, "credentials", "set"],
        [2, "handover", "11512", "--to", "json", "--company", "nobody"],
        [2, "run", "take-tracks", "--company", "nobody"],
      ]),
    ).toEqual([]);
  });

  test("wrong use is told in English, by whoever finds it", async () => {
    expect(
      await wrongOf(await shop(), [
        [2, "nope"],
        [2, "run", "nope"],
        [2, "files", "nope"],
        [2, "show"],
        [2, "runs", "--limit", "x"],
        [2, "runs", "--nope"],
        [2, "status", "--period", "abc"],
        [2, "handover", "abc", "--to", "json"],
        [2, "handover", "11512", "--to", "nobody"],
        [2, "run", "take-tracks"],
        [2, "run", "take-tracks", "--company", "Morning Shop", "--file", "x"],
        [2, "run", "take-tracks", "--company", "Morning Shop", "--category", "09"],
        [2, "run", "take-tracks", "--company", "Morning Shop", "--period", "11602"],
        [2, "run", "correct-blank-numbers", "--company", "Morning Shop"],
        [2, "run", "correct-blank-numbers", "--company", "Morning Shop", "--file", "nope.csv"],
        [2, "run", "correct-blank-numbers", "--company", "Morning Shop", "--file", FILES],
        [2, "files", "check", "nope.csv"],
        [2, "files", "winners", "nope.csv", "--out", "out"],
        [2, "files", "blank", "--tracks", "nope.csv", "--invoices", "nope.csv", "--out", "out"],
      ]),
    ).toEqual([]);
  });

  test("files are checked and blank numbers computed in English; only names and values of the files stay", async () => {
    const place = await shop();
    const file = (name: string): string => join(FILES, name);
    expect(
      await wrongOf(place, [
        [0, "files", "check", file("track-good-tight.csv"), file("ledger-good-utf8.csv"), file("numbers-good.csv")],
        [1, "files", "check", file("ledger-status.csv"), file("upload-excel-zeros.csv"), file("numbers-wrong.csv")],
        [1, "files", "check", file("e0402-no-items.xml"), file("e0402-overlap.xml"), file("broken-empty.csv")],
      ]),
    ).toEqual([]);
    const blank = ["files", "blank", "--tracks", file("track-good-utf8-crlf.csv"), "--out", join(place.folder, "out")];
    const answer = await told([...blank, "--invoices", file("ledger-good-utf8.csv"), "--lang", "en"]);
    expect(chineseIn(answer.text)).toEqual([]);
  });

  test("doctor tells in English what it looked at, and what to do about a portal that does not answer", async () => {
    const place = await workplace({
      companies: [{ name: "Morning Shop", ubn: "12345675", user: "robot01" }],
      browser: { headless: true },
    });
    expect(await wrongOf(place, [[1, "doctor"]])).toEqual([]);
  });

  test("the vault is made, used and missed in English", async () => {
    const folder = (await shop()).folder;
    const identity = { file: join(folder, "key.txt") };
    const companies = [{ name: "Morning Shop", ubn: "12345675", user: "robot01" }];
    const place = await workplace({
      companies,
      secrets: { provider: "vault", file: join(folder, "vault.age"), identity },
    });
    expect(
      await wrongOf(place, [
        [3, "credentials", "list"],
        [0, "credentials", "vault", "create"],
        [0, "credentials", "vault", "create"],
        [0, "credentials", "list"],
        [3, "credentials", "test", "--company", "Morning Shop"],
        [0, "credentials", "remove", "--company", "Morning Shop"],
      ]),
    ).toEqual([]);
    const set = await robot(place, ["credentials", "set", "--company", "Morning Shop", "--lang", "en"], "made-up 1");
    const empty = await robot(place, ["console", "password", "--name", "x", "--lang", "en"], "");
    expect([set.code, empty.code, chineseIn(set.stdout + set.stderr + empty.stderr)]).toEqual([0, 2, []]);
  });
});
