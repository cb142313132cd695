import { confirm, isCancel } from "@clack/prompts";
import { checkPages } from "../../../flows/check-pages.ts";
import type { PickDialog } from "../../app/pick-at-browser.ts";
import { loadConfig } from "../../config/load.ts";
import { Failure } from "../../failures/failure.ts";
import { candidateText } from "../../picks/candidate-text.ts";
import { listPicks, type PickInForce, undoPick } from "../../picks/picks.ts";
import type { Answer, Output } from "../terminal/output.ts";
import { isInteractive } from "../terminal/person-at-terminal.ts";
import { type CheckOptions, onlyCompany } from "./check-selectors.ts";
import { runFlow } from "./run/run-flow.ts";

export interface PickOptions extends Omit<CheckOptions, "headed"> {
  readonly page?: string;
  readonly part?: string;
  readonly list: boolean;
  readonly undo?: string;
}

/**
 * `selectors pick`: looks at the pages as `selectors check` does, in a window that a person watches; where something is not found, the person clicks
 * on it, and agrees here to what is written down.
 * @param by who gave the command
 */
export async function pickSelectors(options: PickOptions, by: string, output: Output): Promise<Answer> {
  const file = (await loadConfig(options.config)).portal.parts;
  if (options.list) return listed(await listPicks(file));
  if (options.undo !== undefined) {
    const { id, name, was, now } = await undoPick(file, options.undo, "manage");
    return {
      data: { undone: id, was, now },
      lines: [`已收回「${name}」（${id}）的新位置「${now}」，以前的找法再有效`],
      exit: 0,
    };
  }
  if (!isInteractive(output)) {
    const seen = "標準輸入不是終端機，或用了 --json；沒有人在場時，請在主控台那次執行的頁面上指出來";
    throw new Failure("wrong-use", { wanted: "selectors pick 要有人在終端機與瀏覽器前", seen });
  }
  const company = options.company ?? (await onlyCompany(options.config));
  const asked = { ...options, company, headed: true, live: false, detach: false };
  const answer = await runFlow(checkPages, asked, { by, pick: dialogAt(output, by, options.part ?? null) }, output);
  return answer.failure?.code === "page-changed" ? { ...answer, exit: 1 } : answer;
}

function listed(picks: readonly PickInForce[]): Answer {
  const lines = picks.flatMap(({ id, name, was, now, by, at, verified, ways }) => [
    `${verified === null ? "–" : "✓"} ${name}（${id}）　原來「${was}」　現在「${now}」`,
    `    ${by}　${at}　${verified === null ? "還沒有核對" : `核對 ${verified}`}　找法：${ways.join("；")}`,
  ]);
  const data = { picks: picks.map((one) => ({ ...one, ways: [...one.ways] })) };
  return { data, lines: lines.length === 0 ? ["沒有人指出過任何新位置"] : lines, exit: 0 };
}

function dialogAt(output: Output, by: string, only: string | null): PickDialog {
  const tell = (zh: string, en: string): void => {
    output.settle();
    process.stderr.write(`${output.say(zh, en)}\n`);
  };
  return {
    by,
    only,
    asks: ({ name, purpose, id }) =>
      tell(
        `請在瀏覽器裡點一下「${name}」（${id}，${purpose}）。點了不會送出任何東西；沒有的話按 Esc 略過。`,
        `Click on "${name}" (${id}) in the browser. Nothing is sent by that; press Esc where it is not there.`,
      ),
    refuses: (_part, why) => tell(why, why),
    async agrees(part, { words, kind, candidates }) {
      tell(
        [
          `  原來：${part.name}`,
          `  現在：${kind}「${words}」`,
          ...candidates.map((one) => `        ${candidateText(one)}：這一頁只有這一個`),
          ...(part.changesPortal ? ["  這個按鈕會改變平台的資料，機器人之後會按它。"] : []),
        ].join("\n"),
        [`  before: ${part.name}`, `  now: ${kind} "${words}"`].join("\n"),
      );
      const yes = await confirm({ message: output.say("採用嗎？", "Take it?"), initialValue: true });
      if (isCancel(yes)) throw new Failure("cancelled");
      return yes;
    },
  };
}
