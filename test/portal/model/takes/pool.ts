import type { Category, NumberRun } from "../company.ts";
import { between, seededRandom } from "../random.ts";

const NUMBERS_PER_BOOK = 50;
const BOOKS_PER_TRACK = 100_000_000 / NUMBERS_PER_BOOK;
const TRACKS_PER_PERIOD = 6;
const LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ";

interface Shelf {
  readonly random: () => number;
  /** Each track with its first book that nobody has yet; it only grows, so no book is handed out twice. */
  readonly tracks: { name: string; nextBook: number }[];
  current: number;
  booksLeft: number;
}

/**
 * The national pool of tracks and numbers. What is free comes in runs of limited length with other sellers' books between them, so
 * a larger take is spread over several rows, sometimes over two tracks; a book is handed out once only.
 */
export class TrackPool {
  private readonly shelves = new Map<string, Shelf>();
  private readonly seed: number;
  private readonly runBooks: readonly [number, number];

  /** @param runBooks shortest and longest free run, in books. */
  constructor(seed: number, runBooks: readonly [number, number]) {
    this.seed = seed;
    this.runBooks = runBooks;
  }

  /** Takes `books` books of 50 numbers of that period and category. */
  allocate(period: string, category: Category, books: number): NumberRun[] {
    const shelf = this.shelf(period, category);
    const runs: NumberRun[] = [];
    for (let wanted = books; wanted > 0; ) {
      if (shelf.booksLeft === 0) this.openNextRun(shelf);
      const track = shelf.tracks[shelf.current];
      if (track === undefined) throw new Error(`the practice pool has no track ${shelf.current} for ${period}`);
      const count = Math.min(wanted, shelf.booksLeft);
      runs.push(run(track.name, track.nextBook, count));
      track.nextBook += count;
      shelf.booksLeft -= count;
      wanted -= count;
    }
    return runs;
  }

  private shelf(period: string, category: Category): Shelf {
    const key = `${period}/${category}`;
    const known = this.shelves.get(key);
    if (known !== undefined) return known;
    const random = seededRandom(this.seed + Number(period) * 10 + Number(category));
    // The first run lies low in its track, so that leading zeros are met from the very first take.
    const tracks = tracksOf(period, category).map((name, index) => ({
      name,
      nextBook: Math.floor(random() * (index === 0 ? 40 : BOOKS_PER_TRACK / 2)),
    }));
    const shelf: Shelf = { random, tracks, current: 0, booksLeft: 0 };
    shelf.booksLeft = this.runLength(shelf);
    this.shelves.set(key, shelf);
    return shelf;
  }

  private openNextRun(shelf: Shelf): void {
    if (shelf.random() < 0.4) shelf.current = (shelf.current + 1) % shelf.tracks.length;
    const track = shelf.tracks[shelf.current];
    if (track !== undefined) track.nextBook += 1 + Math.floor(shelf.random() * 4000);
    shelf.booksLeft = this.runLength(shelf);
  }

  private runLength(shelf: Shelf): number {
    return Math.max(1, Math.round(between(this.runBooks, shelf.random)));
  }
}

function run(track: string, firstBook: number, books: number): NumberRun {
  const text = (n: number): string => String(n).padStart(8, "0");
  const begin = firstBook * NUMBERS_PER_BOOK;
  return { track, begin: text(begin), end: text(begin + books * NUMBERS_PER_BOOK - 1) };
}

function tracksOf(period: string, category: Category): string[] {
  const periodIndex = Number(period.slice(0, 3)) * 6 + Number(period.slice(3)) / 2;
  const first = (periodIndex * 2 + (category === "08" ? 1 : 0)) * TRACKS_PER_PERIOD;
  return Array.from({ length: TRACKS_PER_PERIOD }, (_, offset) => {
    const n = (first + offset) % LETTERS.length ** 2;
    return `${LETTERS.charAt(Math.floor(n / LETTERS.length))}${LETTERS.charAt(n % LETTERS.length)}`;
  });
}
