import { z } from "zod";
import { comparePeriods, formatPeriod, nextPeriod, type Period } from "../robot/invoicing/values/period.ts";
import { categoryName } from "../robot/invoicing/values/track.ts";
import type { AllocationRow } from "../selectors/pages.ts";
import { defineFlow, Failure, periodField, type SavedFile } from "../robot/engine/flow.ts";
import { type TrackFact, trackFacts, trackLines } from "./shared/facts.ts";
import { DOWNLOAD_TRACKS } from "../robot/invoicing/deadlines/obligations.ts";
import { downloadedTracks, allocationRows } from "./shared/allocation.ts";

/**
 * 下載配號檔: downloads what the portal has allocated, anyone who asked for it. The portal allocates the next period by itself on
 * the 18th of the even month, so this is what most nights do.
 *
 * By hand: sign in, 查詢 from one period to the other, download each row that says 是, note which are still 檢核中 and which
 * periods have no row.
 */
export const downloadTracks = defineFlow({
  name: "download-tracks",
  title: { zh: "下載配號檔", en: "download tracks" },
  about: { zh: "下載平台已配好的字軌檔，不論是誰取的。", en: "downloads the tracks that the portal has allocated" },
  version: 2,
  input: z
    .strictObject({
      period: periodField({ choose: "any" }),
      to: periodField({ choose: "any", label: { zh: "到（可不填）", en: "up to this period" } }).optional(),
    })
    .refine(({ period, to }) => to === undefined || comparePeriods(period, to) <= 0, "結束期別不可早於開始期別"),
  does: ["查詢配號清單", "下載已配號的字軌檔並檢查", "說明還在檢核中和沒有配號的期別"],
  needs: ["tracks-list"],
  final: null,
  duty: DOWNLOAD_TRACKS,
  settles: ["take"],
  facts: z.object({ tracks: trackFacts }),
  tell: trackLines,
  async run(ports) {
    const { input, company, step, visit, record } = ports;
    const from = input.period;
    const to = input.to ?? from;
    const rows = await step("list-allocations", `查詢 ${from} 到 ${to} 的配號`, () =>
      visit(async (portal) => {
        const list = await (await portal.tracks()).list(from, to);
        await record("查到的配號清單", { data: list, picture: true });
        return allocationRows(list, company);
      }),
    );
    const ready = rows.filter(({ state }) => state === "ready");
    const files: SavedFile[] = [];
    const tracks: TrackFact[] = [];
    let fresh = 0;
    for (const row of ready) {
      const alike = rows.filter(({ period, category }) => period === row.period && category === row.category);
      const one = await downloadedTracks(ports, row, { number: alike.indexOf(row) + 1, rows: alike.length });
      files.push(one.file);
      tracks.push(...one.tracks);
      if (one.fresh) fresh++;
    }
    const missing = periodsBetween(from, to).filter((period) => !rows.some((row) => row.period === period));
    const notes = [
      ...rows.map((row) => `${nameOf(row)}：${row.state === "ready" ? "已下載" : `還不能下載（${row.stateText}）`}`),
      ...missing.map((period) => `${formatPeriod(period, "zh")}：平台上沒有配號`),
    ];
    if (ready.length === 0)
      throw new Failure("nothing-allocated", { wanted: `${from}–${to} 的字軌`, seen: notes.join("；") });
    return { outcome: fresh === 0 ? "already-done" : "done", tracks, files, notes };
  },
});

function nameOf({ period, category }: AllocationRow): string {
  return `${formatPeriod(period, "zh")} ${categoryName(category)}`;
}

function periodsBetween(from: Period, to: Period): Period[] {
  const periods = [from];
  for (let last = from; comparePeriods(last, to) < 0; ) {
    last = nextPeriod(last);
    periods.push(last);
  }
  return periods;
}
