import { common } from "./match.ts";
import type { Control, PageReading } from "./reading.ts";

/** A piece of the page that belongs to something it says, with what can be done to it: a row, a card, a line of blocks. */
export interface Block {
  readonly frame: number;
  /** The element around it; null where nothing surrounds it alone, and only what stands beside it is its own. */
  readonly id: number | null;
  /** What was looked for, as found in its words and fields. */
  readonly says: readonly string[];
  readonly words: readonly string[];
  /** Its own buttons and tick boxes. */
  readonly own: readonly Control[];
}

interface Piece {
  readonly says: readonly string[];
  readonly path: string;
  readonly frame: number;
  readonly order: number;
}

/**
 * The smallest parts of the page that say something and have something to press or to tick of their own, whatever their markup. Parts
 * around other such parts are the layout's.
 * @param says what of a text counts; nothing where it says none of it
 * @param belongs what a part with its own border has
 */
export function blocksOf(
  reading: PageReading,
  says: (text: string) => readonly string[],
  belongs: (control: Control) => boolean,
): readonly Block[] {
  const { lines, controls } = reading;
  const texts = [
    ...lines.filter(({ layer }) => layer === null),
    ...controls
      .filter(({ kind, layer, value }) => kind === "text" && layer === null && value !== "")
      .map(({ value: text, path, frame, order }) => ({ text, path, frame, order })),
  ];
  const pieces = texts.flatMap(({ text, path, frame, order }): Piece[] => {
    const found = says(text);
    return found.length === 0 ? [] : [{ says: found, path, frame, order }];
  });
  const owned = controls.filter((control) => control.layer === null && !control.disabled && belongs(control));
  const around = new Map<string, Piece[]>();
  for (const piece of pieces) {
    const near = Math.max(
      0,
      ...owned.filter(({ frame }) => frame === piece.frame).map(({ path }) => common(path, piece.path)),
    );
    if (near === 0) continue;
    const path = piece.path.split(".").slice(0, near).join(".");
    around.set(path, [...(around.get(path) ?? []), piece]);
  }
  const paths = [...around.keys()].filter((path) => ![...around.keys()].some((other) => isIn(path, other)));
  return paths.flatMap((path) => {
    const mine = around.get(path) ?? [];
    const own = owned.filter((control) => isIn(path, control.path));
    const [first] = mine;
    if (first === undefined) return [];
    const whole: Block = {
      frame: first.frame,
      id: Number(path.split(".").at(-1)?.split(":").at(-1)),
      says: [...new Set(mine.flatMap((piece) => piece.says))],
      words: texts.filter((text) => isIn(path, text.path) || text.path === path).map(({ text }) => text),
      own,
    };
    return whole.says.length > 1 ? (inTurn(mine, own) ?? [whole]) : [whole];
  });
}

/** Rows that nothing surrounds: what they say and what is theirs stand in turn. Null where they do not. */
function inTurn(pieces: readonly Piece[], own: readonly Control[]): Block[] | null {
  const said = pieces.toSorted((a, b) => a.order - b.order);
  const theirs = own.toSorted((a, b) => a.order - b.order);
  if (said.length !== theirs.length) return null;
  const isFirst = (theirs[0]?.order ?? 0) < (said[0]?.order ?? 0);
  const blocks = said.map(({ says, frame, order }, at): Block | null => {
    const control = theirs[at];
    const next = isFirst ? theirs[at + 1]?.order : said[at + 1]?.order;
    const stands = control !== undefined && (isFirst ? control.order < order : control.order > order);
    const isApart = next === undefined || (isFirst ? next > order : next > (control?.order ?? 0));
    return control !== undefined && stands && isApart ? { frame, id: null, says, words: says, own: [control] } : null;
  });
  return blocks.every((one) => one !== null) ? blocks : null;
}

function isIn(outer: string, inner: string): boolean {
  return inner.startsWith(`${outer}.`);
}
