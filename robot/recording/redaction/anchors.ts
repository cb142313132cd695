/**
 * Finds which of many words of ASCII letters and digits stand in a text, in one pass whatever their number (Aho–Corasick).
 *
 * Looking for every spelling of fifty secrets costs a hundred times what it costs to see that a text can hold none of them.
 * Letters and digits are written as themselves in every encoding, so each secret has a word that must be there: its anchor.
 */
export class AnchorIndex {
  /** Next state by state and class of character; class 0, everything but letters and digits, leads to the beginning. */
  readonly #next: Int32Array;
  /** The anchors that end in a state. */
  readonly #ends: readonly (readonly number[])[];
  /** Whether any does. */
  readonly #isEnd: Uint8Array;
  /** Those without a word must be looked for in any case. */
  readonly #always: readonly number[];

  /** @param anchors by position; null where there is no word */
  constructor(anchors: readonly (string | null)[]) {
    const states: State[] = [{ next: new Map(), ends: [], fallback: 0 }];
    const always: number[] = [];
    for (const [index, anchor] of anchors.entries()) {
      if (anchor === null) always.push(index);
      else insert(states, anchor, index);
    }
    this.#always = always;
    this.#next = link(states);
    this.#ends = states.map(({ ends }) => ends);
    this.#isEnd = Uint8Array.from(states, ({ ends }) => (ends.length > 0 ? 1 : 0));
  }

  inText(text: string): number[] {
    const found = new Set(this.#always);
    // Every byte of a record comes by here: the tables are at hand in the loop.
    const next = this.#next;
    const isEnd = this.#isEnd;
    let state = 0;
    for (let at = 0; at < text.length; at++) {
      // `charCodeAt`, not `codePointAt`: an anchor is ASCII, and half of a pair is as good as the whole to end one.
      // eslint-disable-next-line unicorn/prefer-code-point
      state = next[state * CLASSES + (CLASS_OF[text.charCodeAt(at)] ?? 0)] ?? 0;
      if (isEnd[state] === 1) this.#note(state, found);
    }
    return inOrder(found);
  }

  /** In bytes of UTF-8 or any other encoding that writes ASCII as itself. */
  inBytes(bytes: Uint8Array): number[] {
    const found = new Set(this.#always);
    const next = this.#next;
    const isEnd = this.#isEnd;
    const { length } = bytes;
    let state = 0;
    for (let at = 0; at < length; at++) {
      state = next[state * CLASSES + (CLASS_OF[bytes[at] ?? 0] ?? 0)] ?? 0;
      if (isEnd[state] === 1) this.#note(state, found);
    }
    return inOrder(found);
  }

  /** In bytes of UTF-16LE that begin at `from`. */
  inWideBytes(bytes: Uint8Array, from: 0 | 1): number[] {
    const found = new Set(this.#always);
    const next = this.#next;
    const isEnd = this.#isEnd;
    const { length } = bytes;
    let state = 0;
    for (let at: number = from; at + 1 < length; at += 2) {
      const code = bytes[at + 1] === 0 ? (bytes[at] ?? 0) : 0;
      state = next[state * CLASSES + (CLASS_OF[code] ?? 0)] ?? 0;
      if (isEnd[state] === 1) this.#note(state, found);
    }
    return inOrder(found);
  }

  #note(state: number, found: Set<number>): void {
    for (const index of this.#ends[state] ?? []) found.add(index);
  }
}

interface State {
  readonly next: Map<number, number>;
  ends: readonly number[];
  fallback: number;
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const CLASSES = LETTERS.length + 1;
const CLASS_OF = new Uint8Array(0x1_0000);
for (const [index, letter] of Array.from(LETTERS).entries()) CLASS_OF[letter.charCodeAt(0)] = index + 1;

/** Longer ones find no less by chance; they only cost memory. */
const LONGEST_ANCHOR = 12;

/** The longest run of letters and digits in what is always written as itself, or null when there is none worth looking for. */
export function anchorOf(text: string): string | null {
  const runs = text.match(/[A-Za-z0-9]{2,}/g) ?? [];
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), "");
  return longest === "" ? null : longest.slice(0, LONGEST_ANCHOR);
}

function insert(states: State[], anchor: string, index: number): void {
  let at = 0;
  for (const letter of anchor) {
    const symbol = CLASS_OF[letter.charCodeAt(0)] ?? 0;
    const existing = states[at]?.next.get(symbol);
    if (existing === undefined) {
      states[at]?.next.set(symbol, states.length);
      at = states.length;
      states.push({ next: new Map(), ends: [], fallback: 0 });
    } else at = existing;
  }
  const state = states[at];
  if (state) state.ends = [...state.ends, index];
}

/** Breadth first: every state knows where to go on when the word does not, so the text is never read twice. */
function link(states: readonly State[]): Int32Array {
  const table = new Int32Array(states.length * CLASSES);
  const queue = [0];
  for (const at of queue) {
    const state = states[at];
    if (!state) continue;
    for (let symbol = 1; symbol < CLASSES; symbol++) {
      const onFailure = at === 0 ? 0 : (table[state.fallback * CLASSES + symbol] ?? 0);
      const target = state.next.get(symbol);
      table[at * CLASSES + symbol] = target ?? onFailure;
      const child = target === undefined ? undefined : states[target];
      if (target === undefined || !child) continue;
      child.fallback = onFailure;
      child.ends = [...child.ends, ...(states[onFailure]?.ends ?? [])];
      queue.push(target);
    }
  }
  return table;
}

function inOrder(found: ReadonlySet<number>): number[] {
  return Array.from(found).sort((a, b) => a - b);
}
