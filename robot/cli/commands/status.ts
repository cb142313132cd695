import { portalOrigin } from "../../config/portal-origin.ts";
import { loadConfig } from "../../config/load.ts";
import { obligationTable } from "../../engine/runs/obligations.ts";
import { describeStop, isStopping, pageStates } from "../../engine/runs/page-states.ts";
import { Failure } from "../../failures/failure.ts";
import { taipeiDay } from "../../invoicing/values/day.ts";
import { deadlinesOf } from "../../invoicing/deadlines/deadlines.ts";
import { type ObligationOfPeriod, obligationsAt, obligationsOf } from "../../invoicing/deadlines/obligations.ts";
import { formatPeriod, parsePeriod, type Period, periodOfDay } from "../../invoicing/values/period.ts";
import { DomainError } from "../../invoicing/problems/problems.ts";
import { lookOf, statusEnglish, statusText } from "../../console/view/status.ts";
import { FLOWS } from "../../../flows/index.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { withStore } from "../terminal/records.ts";

/** `status`: companies × duties, with deadlines. Of one period, or of what is to be done at this moment. */
export async function showStatus(options: { config?: string; period?: string }, output: Output): Promise<Answer> {
  const config = await loadConfig(options.config);
  const today = taipeiDay(new Date());
  const period = options.period === undefined ? null : periodOfWords(options.period, output);
  const { allocationDay } = config.portal;
  const obligations =
    period === null ? obligationsAt(today, FLOWS, { allocationDay }) : obligationsOf(period, FLOWS, { allocationDay });
  const [rows, pages] = await withStore(config, async (store) => [
    await obligationTable(store, config.companies, obligations, FLOWS, today),
    await pageStates(store, portalOrigin(config)),
  ]);
  const stopped = pages.filter(isStopping);
  const shown = period ?? periodOfDay(today);
  const deadlines = deadlinesOf(shown, { allocationDay });
  return {
    data: {
      period: shown,
      today,
      duties: obligations.map(({ id, title, flow, about, from, by, movesOnHoliday }) => ({
        chore: id,
        title: title.zh,
        flow,
        about,
        from,
        by,
        movesOnHoliday,
      })),
      deadlines: deadlines.map(({ duty, title, from, by, movesOnHoliday }) => ({
        duty,
        title,
        from: from ?? null,
        by: by ?? null,
        movesOnHoliday,
      })),
      pages: pages.map(({ page, title, problem, since, checkedAt, overruledBy, runId }) => ({
        page,
        title,
        problem,
        since,
        checkedAt,
        overruledBy,
        runId,
        stops: FLOWS.filter(({ mayNeed }) => problem !== null && mayNeed.some((one) => one === page)).map(
          ({ name }) => name,
        ),
      })),
      companies: rows.map(({ name, ubn, cells }) => ({
        name,
        ubn,
        duties: cells.map(({ obligation, status, daysLeft, doneOn, runId }) => ({
          duty: obligation,
          state: status,
          daysLeft,
          doneOn,
          runId,
        })),
      })),
    },
    lines: [
      `${periodWords(shown, output)}${period === null ? output.say("（現在該做的）", " (what is due now)") : ""}　${today}`,
      ...stopped.map(
        (one) =>
          `✗ ${output.say(describeStop(one), `the portal's page ${one.title} (${one.page}) is not as it is known: jobs that need it wait until a check knows it again, or: selectors overrule ${one.page}`)}`,
      ),
      ...obligations.map((obligation) => dutyLine(obligation, output)),
      "",
      ...rows.map(
        ({ name, ubn, cells }) =>
          `${name}（${ubn}）　${cells.map((cell, index) => cellWords(cell, obligations[index], output)).join("　")}`,
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

function dutyLine({ title, about, from, by, movesOnHoliday }: ObligationOfPeriod, output: Output): string {
  const fixed = by === null || movesOnHoliday ? "" : output.say("（遇假日不順延）", " (not moved by holidays)");
  const days =
    by === null ? output.say(`${from} 起`, `from ${from}`) : `${from} ${output.say("到", "to")} ${by}${fixed}`;
  return `  ${output.say(title.zh, title.en)}　${periodWords(about, output)}　${days}`;
}

function periodWords(period: Period, output: Output): string {
  return output.say(formatPeriod(period, "zh"), formatPeriod(period, "roc"));
}

function cellWords(
  cell: Parameters<typeof statusText>[0],
  obligation: ObligationOfPeriod | undefined,
  output: Output,
): string {
  if (!obligation) return "";
  const { tone } = lookOf(cell.status);
  const sign = tone === "good" ? "✓" : tone === "bad" ? "✗" : tone === "warn" ? "！" : tone === "live" ? "…" : "·";
  return `${sign}${output.say(obligation.title.zh, obligation.title.en)} ${output.say(statusText(cell, obligation), statusEnglish(cell, obligation))}`;
}
