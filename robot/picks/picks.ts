import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { faultsIn, localFileSchema, type Pick, rereadLocalParts } from "../../selectors/dom/local/local-parts.ts";
import { CHECKED_BUTTONS, type PickLook, type ShownThing, type UnknownPart } from "../../selectors/page-check.ts";
import { Failure } from "../failures/failure.ts";
import { exclusively } from "../lib/files/exclusive.ts";
import { candidateText } from "./candidate-text.ts";

/** A part, what a person has pointed at, and who that is. */
export interface NewPick {
  readonly part: Omit<UnknownPart, "purpose" | "proposals">;
  readonly thing: Omit<ShownThing, "kind" | "box" | "fits">;
  readonly by: string;
  readonly role: "operate" | "manage";
}

/** A pick in force. */
export interface PickInForce extends Pick {
  readonly id: string;
  /** The ways to find it, in words. */
  readonly ways: readonly string[];
}

const rawFile = z.record(z.string(), z.json());
type Raw = z.infer<typeof rawFile>;

/**
 * Writes down where these parts are now, signed. They count from the next look on; a button that changes the portal only once it was found again.
 * @throws Failure `wrong-use` where something can't be found again, or the person may not say so
 */
export async function adoptPicks(file: string, picks: readonly NewPick[], now: Date): Promise<void> {
  for (const { part, thing, role } of picks) {
    if (thing.candidates.length === 0)
      throw new Failure("wrong-use", {
        wanted: `「${part.name}」在頁面上唯一的一個`,
        seen: `「${thing.words}」沒有名稱，或頁面上有好幾個一樣的，重新開啟後分不出是哪一個`,
      });
    if (part.changesPortal && role !== "manage")
      throw new Failure("wrong-use", {
        wanted: `有「管理」權限的人同意「${part.name}」的新位置`,
        seen: "這個按鈕會改變平台的資料，您的權限不夠",
      });
  }
  await changed(file, (raw) => {
    const next = { ...raw };
    for (const { part, thing, by, role } of picks) {
      const before = raw[part.id];
      next[part.id] = {
        candidates: [...thing.candidates],
        picked: {
          by,
          at: now.toISOString(),
          role,
          was: nowOf(before) ?? part.name,
          now: thing.words,
          name: part.name,
          verified: null,
          awaitsCheck: part.changesPortal && CHECKED_BUTTONS.includes(part.id),
        },
        ...(before === undefined ? {} : { before }),
      };
    }
    return next;
  });
}

function nowOf(entry: Raw[string] | undefined): string | null {
  const parsed = z.object({ picked: z.object({ now: z.string() }) }).safeParse(entry);
  return parsed.success ? parsed.data.picked.now : null;
}

/**
 * Takes a pick back: what stood there before counts again.
 * @throws Failure `wrong-use` where nobody has picked that part, or the person may not take it back
 */
export async function undoPick(file: string, id: string, role: NewPick["role"]): Promise<PickInForce> {
  const found = (await listPicks(file)).find((one) => one.id === id);
  if (found === undefined) {
    const known = (await listPicks(file)).map((one) => one.id).join("、");
    throw new Failure("wrong-use", { wanted: id, seen: known === "" ? "沒有人指出過任何位置" : `指出過的是 ${known}` });
  }
  if (found.role === "manage" && role !== "manage")
    throw new Failure("wrong-use", { wanted: "有「管理」權限的人收回", seen: "這是有「管理」權限的人同意的" });
  await changed(file, (raw) => withoutPick(raw, id));
  return found;
}

function withoutPick(raw: Raw, id: string): Raw {
  const { [id]: entry, ...rest } = raw;
  const before = z.object({ before: z.json() }).safeParse(entry);
  return before.success ? { ...rest, [id]: before.data.before } : rest;
}

/**
 * What a look at the pages has found of picks that nobody had looked at: found twice they count for good, else they are taken back.
 * @returns what came of each, for people
 */
export async function settlePicks(file: string, looks: readonly PickLook[], now: Date): Promise<string[]> {
  if (looks.length === 0) return [];
  const inForce = await listPicks(file);
  const known = looks.flatMap((look) => {
    const pick = inForce.find(({ id }) => id === look.id);
    return pick === undefined ? [] : [{ ...look, pick }];
  });
  await changed(file, (raw) =>
    known.reduce((next, { id, fault }) => {
      if (fault !== null) return withoutPick(next, id);
      const entry = z.looseObject({ picked: z.looseObject({}) }).parse(next[id]);
      const verified: unknown = { ...entry, picked: { ...entry.picked, verified: now.toISOString() } };
      return { ...next, [id]: z.json().parse(verified) };
    }, raw),
  );
  return known.map(({ pick, fault }) =>
    fault === null
      ? `「${pick.name}」的新位置「${pick.now}」（${pick.by} 指出）：找得到、只有一個，重新開啟頁面後也是，已經核對`
      : `「${pick.name}」的新位置「${pick.now}」（${pick.by} 指出）沒有採用：${fault}`,
  );
}

/** Every pick in force, the newest first. @throws Failure `config-invalid` where the file can't be understood */
export async function listPicks(file: string): Promise<PickInForce[]> {
  const parsed = localFileSchema.safeParse(await rawOf(file));
  if (!parsed.success) throw damaged(file, faultsIn(parsed.error));
  return Object.entries(parsed.data)
    .flatMap(([id, entry]): PickInForce[] =>
      "picked" in entry ? [{ id, ...entry.picked, ways: entry.candidates.map(wayText) }] : [],
    )
    .toSorted((a, b) => b.at.localeCompare(a.at));
}

function wayText(candidate: Parameters<typeof candidateText>[0] | { readonly offers: RegExp }): string {
  return "offers" in candidate ? `選項裡有「${candidate.offers.source}」的` : candidateText(candidate);
}

async function rawOf(file: string): Promise<Raw> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw damaged(file, String(error));
  });
  if (text === null) return {};
  try {
    return rawFile.parse(JSON.parse(text));
  } catch (error) {
    throw damaged(file, error instanceof z.ZodError ? z.prettifyError(error) : "不是 JSON");
  }
}

function damaged(file: string, seen: string): Failure {
  return new Failure("config-invalid", { wanted: file, seen });
}

async function changed(file: string, change: (raw: Raw) => Raw): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await exclusively(
    file,
    async () => {
      const next = change(await rawOf(file));
      const parsed = localFileSchema.safeParse(next);
      if (!parsed.success) throw damaged(file, faultsIn(parsed.error));
      const part = `${file}.${randomUUID()}.part`;
      try {
        await writeFile(part, `${JSON.stringify(next, null, 2)}\n`, { mode: 0o600 });
        await rename(part, file);
      } finally {
        await rm(part, { force: true });
      }
    },
    ({ pid }) => new Failure("wrong-use", { wanted: `改 ${file}`, seen: `另一個程式（${pid}）正在改，請稍後再試` }),
  );
  rereadLocalParts();
}
