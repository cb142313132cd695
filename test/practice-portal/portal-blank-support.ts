import { expect, onTestFinished } from "vitest";
import { z } from "zod";
import type { PortalConfigInput } from "../portal/config.ts";
import type { CompanyInput } from "../portal/model/company.ts";
import type { LedgerEntry } from "../portal/model/ledger.ts";
import { type PracticePortal, startPortal } from "../portal/portal.ts";
import { type ApiVisitor, shop, signInByApi } from "../portal/visitor.ts";

/** Sunday, two days into the ten: 115/11-12 has just ended. */
export const START = "2027-01-03T09:10:00+08:00";
export const ENDED = "11512";
export const OTHERS = "24681353";
export const BRANCH = "22099131";

export interface Run {
  readonly track: string;
  readonly begin: string;
  readonly end: string;
}

export interface Place {
  readonly portal: PracticePortal;
  readonly visitor: ApiVisitor;
  /** The first run that was allocated to the shop for the period that ended: four books. */
  readonly run: Run;
  /** A line of an upload: numbers of that run, counted from its begin. */
  readonly line: (first: number, last: number, differs?: Partial<Cells>) => string;
}

type Cells = Record<"serial" | "ban" | "period" | "track" | "begin" | "end" | "category", string>;

const run = z.object({ track: z.string(), begin: z.string(), end: z.string() });
const stateSchema = z.object({
  companies: z.array(
    z.object({
      entries: z.array(z.object({ period: z.string(), runs: z.array(run) })),
      blank: z.object({ rows: z.array(run.extend({ ban: z.string() })) }),
    }),
  ),
});

export async function stateOf(portal: PracticePortal): Promise<z.output<typeof stateSchema>["companies"][number]> {
  const { companies } = stateSchema.parse(await (await fetch(`${portal.controlUrl}/state`)).json());
  const [first] = companies;
  if (first === undefined) throw new Error("the portal has no company");
  return first;
}

/** A portal whose clock stands almost still, and the shop signed in. */
export async function place(config: PortalConfigInput = {}): Promise<Place> {
  const portal = await startPortal({
    clock: { start: START, msPerMinute: 3_600_000 },
    signIn: { tokenDelayMs: 0 },
    pool: { runBooks: [20, 20] },
    ...config,
  });
  onTestFinished(() => portal.close());
  const { entries } = await stateOf(portal);
  const [allocated] = entries.find(({ period }) => period === ENDED)?.runs ?? [];
  if (allocated === undefined) throw new Error(`the shop has nothing of ${ENDED}`);
  const number = (offset: number): string => String(Number(allocated.begin) + offset).padStart(8, "0");
  const line = (first: number, last: number, differs: Partial<Cells> = {}): string => {
    const usual = { serial: "00001", ban: shop.ban, period: ENDED, track: allocated.track, category: "07" };
    const cells: Cells = { ...usual, begin: number(first), end: number(last), ...differs };
    const { serial, ban, period, track, begin, end, category } = cells;
    return `${[serial, ban, period, track, begin, end, category].join(",")}\r\n`;
  };
  return { portal, visitor: await signInByApi(portal), run: allocated, line };
}

export function lines<T extends LedgerEntry["type"]>(
  portal: PracticePortal,
  type: T,
): Extract<LedgerEntry, { type: T }>[] {
  return portal.ledger().filter((entry): entry is Extract<LedgerEntry, { type: T }> => entry.type === type);
}

const refused = z.object({ title: z.string() });
export async function title(response: Response): Promise<string> {
  expect(response.status).toBe(422);
  return refused.parse(await response.json()).title;
}

const uploads = z.object({
  rows: z.array(z.object({ time: z.string(), name: z.string(), state: z.string(), failed: z.boolean() })),
  total: z.number(),
});
export async function uploadList(visitor: ApiVisitor, page = 1): Promise<z.output<typeof uploads>> {
  return uploads.parse(await (await visitor.post("/btb/api/blank/uploads", { page })).json());
}

const blanks = z.object({
  rows: z.array(
    z.object({ id: z.string(), ban: z.string(), category: z.string(), begin: z.string(), end: z.string() }),
  ),
  total: z.number(),
});
export async function blankList(visitor: ApiVisitor, page = 1): Promise<z.output<typeof blanks>> {
  return blanks.parse(await (await visitor.post("/btb/api/blank/query", { period: ENDED, page })).json());
}

export async function begins(visitor: ApiVisitor): Promise<number[]> {
  return (await blankList(visitor)).rows.map(({ begin }) => Number(begin));
}

/** The shop alone, with something else about it. */
export function shopWith(differs: Partial<CompanyInput>, functions?: string[]): CompanyInput {
  return {
    ban: shop.ban,
    name: "晨光小舖有限公司",
    taxId: "351020001",
    accounts: [{ id: shop.account, password: shop.password, functions }],
    taken: [{ period: ENDED, books: 4 }],
    ...differs,
  };
}
