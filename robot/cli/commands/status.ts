import { loadConfig } from "../../config/load.ts";
import { choreTable } from "../../engine/runs/duties.ts";
import { Failure } from "../../failures/failure.ts";
import { taipeiDay } from "../../invoicing/values/day.ts";
import { deadlinesOf } from "../../invoicing/deadlines/deadlines.ts";
import { type ChoreOfPeriod, choresAt, choresOf } from "../../invoicing/deadlines/duties.ts";
import { formatPeriod, parsePeriod, type Period, periodOfDay } from "../../invoicing/values/period.ts";
import { DomainError } from "../../invoicing/problems/problems.ts";
import { lookOf, standingWords } from "../../console/view/standing.ts";
import { FLOWS } from "../../../flows/index.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { withStore } from "../terminal/records.ts";

/** `status`: companies × duties, with deadlines. Of one period, or of what is to be done at this moment. */
export async function showStatus(options: { config?: string; period?: string }, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const today = taipeiDay(new Date());
  const period = options.period === undefined ? null : periodOfWords(options.period, output);
  const { allocationDay } = config.portal;
  const known = new Set(FLOWS.map(({ name }) => name));
  const all = period === null ? choresAt(today, { allocationDay }) : choresOf(period, { allocationDay });
  const chores = all.filter(({ flow }) => known.has(flow));
  const rows = await withStore(config, (store) => choreTable(store, config.companies, chores, today));
  const shown = period ?? periodOfDay(today);
  const deadlines = deadlinesOf(shown, { allocationDay });
  return {
    data: {
      period: shown,
      today,
      duties: chores.map((chore) => ({ ...chore })),
      deadlines: deadlines.map(({ duty, title, from, by, movesOnHoliday }) => ({
        duty,
        title,
        from: from ?? null,
        by: by ?? null,
        movesOnHoliday,
      })),
      companies: rows.map(({ name, ubn, cells }) => ({
        name,
        ubn,
        duties: cells.map(({ chore, standing, daysLeft, doneOn, runId }) => ({
          duty: chore,
          state: standing,
          daysLeft,
          doneOn,
          runId,
        })),
      })),
    },
    lines: [
      `${formatPeriod(shown, "zh")}${period === null ? output.say("（現在該做的）", " (what is due now)") : ""}　${today}`,
      ...chores.map((chore) => dutyLine(chore)),
      "",
      ...rows.map(
        ({ name, ubn, cells }) =>
          `${name}（${ubn}）　${cells.map((cell, index) => cellWords(cell, chores[index])).join("　")}`,
      ),
      ...(rows.length === 0 ? [output.say("設定檔裡還沒有任何公司。", "no companies in the configuration yet.")] : []),
    ],
    exit: 0,
  };
}

function periodOfWords(text: string, output: Output): Period {
  try {
    return parsePeriod(text);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new Failure("wrong-use", { seen: output.say(error.message, error.english) }, { cause: error });
  }
}

function dutyLine({ title, about, from, by, movesOnHoliday }: ChoreOfPeriod): string {
  const fixed = by === null || movesOnHoliday ? "" : "（遇假日不順延）";
  return `  ${title}　${formatPeriod(about, "zh")}　${from}${by === null ? " 起" : ` 到 ${by}${fixed}`}`;
}

function cellWords(cell: Parameters<typeof standingWords>[0], chore: ChoreOfPeriod | undefined): string {
  if (!chore) return "";
  const { tone } = lookOf(cell.standing);
  const sign = tone === "good" ? "✓" : tone === "bad" ? "✗" : tone === "warn" ? "！" : tone === "live" ? "…" : "·";
  return `${sign}${chore.title} ${standingWords(cell, chore)}`;
}
