import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { restOf } from "../../../selectors/dom/lists/rest.ts";
import { TIMING } from "../../../selectors/dom/timing.ts";
import type { Line } from "../../../selectors/dom/reading/reading.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const QUIET = { busy: false, lines: [] };
const FOR_MS = 1_500;

function line(text: string, control: number | null = null): Line {
  return { id: 1, frame: 0, text, order: 0, layer: null, path: "1", box: [0, 0, 1, 1], control, role: "plain" };
}

/** Looks as often as on a machine with nothing else to do, for so long. */
function looked(
  forMs: number,
  at: (look: number) => {
    page?: Parameters<ReturnType<typeof restOf>["note"]>[0];
    shown?: string | null;
    underWay?: number;
  },
): boolean {
  let open = 0;
  const rest = restOf({ underWay: () => open });
  for (let look = 0; look * TIMING.betweenLooks <= forMs; look++) {
    const { page = QUIET, shown = "", underWay = 0 } = at(look);
    open = underWay;
    rest.note(page, shown);
    vi.advanceTimersByTime(TIMING.betweenLooks);
  }
  return rest.lasts(FOR_MS);
}

describe("a list is at rest", () => {
  test("once it has shown the same for so long", () => {
    expect(looked(FOR_MS, () => ({}))).toBe(true);
    expect(looked(FOR_MS / 2, () => ({}))).toBe(false);
  });

  test.for([
    ["shows something else now and then", (look: number) => ({ shown: look === 4 ? "AB" : "" })],
    ["has a request under way", (look: number) => ({ underWay: look === 4 ? 1 : 0 })],
    ["lies under a sign that it loads", (look: number) => ({ page: { ...QUIET, busy: look === 4 } })],
    ["says that it loads", (look: number) => ({ page: { ...QUIET, lines: look === 4 ? [line("資料載入中…")] : [] } })],
  ] as const)("but not while it %s", ([, at]) => {
    expect(looked(FOR_MS, at)).toBe(false);
    // It is once that is over.
    expect(looked(3 * FOR_MS, at)).toBe(true);
  });

  test.for(["查詢中獎清冊", "處理中", "載入更多"])("though its page has %s on it", (text) => {
    expect(looked(FOR_MS, () => ({ page: { ...QUIET, lines: [line(text), line("載入中", 7)] } }))).toBe(true);
  });

  test("but not however long a page takes to be read a few times: it had no time to draw either", () => {
    const rest = restOf({ underWay: () => 0 });
    for (let look = 0; look < 3; look++) {
      rest.note(QUIET, "");
      vi.advanceTimersByTime(FOR_MS);
    }
    expect(rest.lasts(FOR_MS)).toBe(false);
  });
});
