import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const HAN = /\p{Script=Han}/u;
const HAN_ALL = /\p{Script=Han}/gu;
/** What stands before and behind the words of a line and says the same in every language. */
const MARGINS = /^([\s✓✗⏸▶·？！…→]*)([\s\S]*?)([\s。；，、：]*)$/;
/** Where a text of several parts is taken apart, outermost first, and what stands there in English. */
const SEPARATORS: readonly (readonly [between: string, english: string])[] = [
  ["\n", "\n"],
  ["｜", " | "],
  ["　", "  "],
  [" · ", " · "],
  ["。", ". "],
  ["；", "; "],
  ["：", ": "],
  ["，", ", "],
  ["、", ", "],
  ["）", ")"],
  ["（", " ("],
  ["」", '"'],
  ["「", ' "'],
  [" ", " "],
];
/** How many of the phrases that fit are tried, those with the most words of their own first. */
const MOST_TRIED = 4;
/** Longer than anything that is said; what is longer is somebody's data. */
const MOST_CHARACTERS = 4000;

interface Phrase {
  readonly pattern: RegExp;
  readonly english: string;
  /** Which placeholders the groups of the pattern stand for. */
  readonly groups: readonly number[];
  readonly weight: number;
}

/**
 * English for what the robot says in Chinese. Phrases that fit are put into English with what is filled in; what fits none, such as a
 * company's name, a value of a file or a button of the portal, stays as it is.
 */
export class English {
  readonly #whole = new Map<string, string>();
  readonly #phrases: readonly Phrase[];
  readonly #known = new Map<string, string>();

  /** @param phrases Chinese with its English, `{0}` and so on for what is filled in */
  constructor(phrases: Readonly<Record<string, string>>) {
    const withGaps: Phrase[] = [];
    for (const [chinese, english] of Object.entries(phrases)) {
      if (/\{\d+\}/.test(chinese)) withGaps.push(phraseOf(chinese, english));
      else this.#whole.set(chinese.trim(), english.trim());
    }
    this.#phrases = withGaps.toSorted((one, other) => other.weight - one.weight);
  }

  /** The text in English, as far as it is made of known phrases. */
  of(text: string): string {
    return text.length > MOST_CHARACTERS ? text : this.#of(text, 0);
  }

  #of(text: string, depth: number): string {
    if (!HAN.test(text)) return text;
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const english = this.#best(text, depth);
    this.#known.set(text, english);
    return english;
  }

  #best(text: string, depth: number): string {
    const whole = this.#whole.get(text.trim());
    if (whole !== undefined) return `${blanksBefore(text)}${whole}${blanksBehind(text)}`;
    const [, before = "", words = "", behind = ""] = MARGINS.exec(text) ?? [];
    if (words !== text && words !== "") return `${before}${this.#of(words, depth)}${punctuation(behind)}`;
    if (depth > 12) return text;
    let best = text;
    let left = hanIn(text);
    for (const candidate of this.#candidates(text, depth)) {
      const remaining = hanIn(candidate);
      if (remaining < left) {
        best = candidate;
        left = remaining;
      }
      if (left === 0) break;
    }
    return best;
  }

  *#candidates(text: string, depth: number): Generator<string> {
    let tried = 0;
    for (const phrase of this.#phrases) {
      const found = phrase.pattern.exec(text);
      if (!found) continue;
      const filled = new Map(phrase.groups.map((gap, at) => [gap, this.#of(found[at + 1] ?? "", depth + 1)]));
      yield phrase.english.replaceAll(/\{(\d+)\}/g, (_, gap: string) => filled.get(Number(gap)) ?? "");
      tried += 1;
      if (tried === MOST_TRIED) break;
    }
    for (const [between, english] of SEPARATORS) {
      const parts = text.split(between);
      if (parts.length > 1) {
        yield parts.map((part) => this.#of(part, depth + 1)).join(english);
        return;
      }
    }
  }
}

/** The phrases of the whole program: those that lie here, and those that the code says in both languages itself. */
export function robotEnglish(): English {
  const folder = join(import.meta.dirname, "phrases");
  const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
  const phrases = files.map((name): unknown => JSON.parse(readFileSync(join(folder, name), "utf8")));
  return new English(Object.fromEntries(phrases.flatMap(entriesOf)));
}

function entriesOf(phrases: unknown): [string, string][] {
  if (typeof phrases !== "object" || phrases === null) return [];
  return Object.entries(phrases).flatMap(([chinese, english]: [string, unknown]) =>
    typeof english === "string" ? [[chinese, english] satisfies [string, string]] : [],
  );
}

/** Placeholders without anything between them can't be told apart: the first takes all. */
function phraseOf(chinese: string, english: string): Phrase {
  const groups: number[] = [];
  const pattern = chinese
    .split(/(\{\d+\}(?:\{\d+\})*)/)
    .map((piece) => {
      const gap = /^\{(\d+)\}/.exec(piece);
      if (!gap) return piece.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
      groups.push(Number(gap[1]));
      return "([\\s\\S]*?)";
    })
    .join("");
  return { pattern: new RegExp(`^${pattern}$`, "u"), english, groups, weight: hanIn(chinese) };
}

function hanIn(text: string): number {
  return text.match(HAN_ALL)?.length ?? 0;
}

function punctuation(text: string): string {
  return text
    .replaceAll("。", ". ")
    .replaceAll("；", "; ")
    .replaceAll("，", ", ")
    .replaceAll("、", ", ")
    .replaceAll("：", ": ");
}

function blanksBefore(text: string): string {
  return text.slice(0, text.length - text.trimStart().length);
}

function blanksBehind(text: string): string {
  return text.slice(text.trimEnd().length);
}
