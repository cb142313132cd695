import type { Selectable } from "kysely";
import { Failure } from "../../failures/failure.ts";
import { now, type Store } from "../../store/store.ts";
import type { PageStatesTable } from "../../store/tables.ts";

/** A page of the portal, as the last check found it. */
export interface CheckedPageState {
  readonly page: string;
  /** What people call it. */
  readonly title: string;
  /** What is no longer as it is known; null where the flows can work on it. */
  readonly problem: string | null;
  /** Since when it is so. */
  readonly since: string;
  /** The check that looked at it last. */
  readonly runId: string;
  readonly checkedAt: string;
  /** Who said that the flows shall go there all the same; until it is known again. */
  readonly overruledBy: string | null;
}

/** What a check says of one page. */
export type CheckedState = Pick<CheckedPageState, "page" | "title" | "problem">;

/** Every page of this portal that was ever checked, in the order of its name. */
export async function pageStates(store: Store, address: string): Promise<CheckedPageState[]> {
  const rows = await store
    .selectFrom("page_states")
    .selectAll()
    .where("address", "=", address)
    .orderBy("page")
    .execute();
  return rows.map(toState);
}

/**
 * Keeps what a check has found. A page that was not known before either is so since then, and what a person said of it stays; one that is known
 * again stops nothing any more.
 */
export async function notePages(
  store: Store,
  { address, runId }: { readonly address: string; readonly runId: string },
  pages: readonly CheckedState[],
): Promise<void> {
  const before = await pageStates(store, address);
  const at = now();
  for (const { page, title, problem } of pages) {
    const was = before.find((one) => one.page === page);
    const lasts = was !== undefined && (was.problem === null) === (problem === null);
    const found = { title, problem, run_id: runId, checked_at: at };
    const values = lasts ? found : { ...found, since: at, overruled_by: null, overruled_at: null };
    await store
      .insertInto("page_states")
      .values({ address, page, since: at, overruled_by: null, overruled_at: null, ...found })
      .onConflict((oc) => oc.columns(["address", "page"]).doUpdateSet(values))
      .execute();
  }
}

/** A person's word that the flows shall go to a page that is not known. @throws Failure `wrong-use` where there is nothing to overrule */
export async function overrulePage(store: Store, address: string, page: string, by: string): Promise<CheckedPageState> {
  const row = await store
    .updateTable("page_states")
    .set({ overruled_by: by, overruled_at: now() })
    .where("address", "=", address)
    .where("page", "=", page)
    .where("problem", "is not", null)
    .returningAll()
    .executeTakeFirst();
  if (row) return toState(row);
  const stopped = (await pageStates(store, address)).filter(isStopping).map((one) => one.page);
  const seen = stopped.length === 0 ? "現在沒有停著的頁面" : `現在停著的是 ${stopped.join("、")}`;
  const en = stopped.length === 0 ? "no page stops anything now" : `stopped now: ${stopped.join(", ")}`;
  throw new Failure("wrong-use", { wanted: page, seen, en: { wanted: page, seen: en } });
}

/** Whether flows that need this page wait. */
export function isStopping({ problem, overruledBy }: CheckedPageState): boolean {
  return problem !== null && overruledBy === null;
}

/** Those of these pages that keep a flow from beginning. */
export async function pagesInTheWay(
  store: Store,
  address: string,
  needs: readonly string[],
): Promise<CheckedPageState[]> {
  if (needs.length === 0) return [];
  return (await pageStates(store, address)).filter((one) => isStopping(one) && needs.includes(one.page));
}

/** Why flows that need the page wait, and what to do, in a sentence. */
export function describeStop({ page, title, problem }: CheckedState): string {
  return `平台的「${title}」和機器人認得的不一樣（${problem ?? ""}）。要用這一頁的作業先不開始；下一次檢查認得了就自動接著做。要照樣執行：主控台的「平台頁面」，或 selectors overrule ${page}`;
}

function toState(row: Selectable<PageStatesTable>): CheckedPageState {
  return {
    page: row.page,
    title: row.title,
    problem: row.problem,
    since: row.since,
    runId: row.run_id,
    checkedAt: row.checked_at,
    overruledBy: row.overruled_by,
  };
}
