import type { FailureDetail } from "../../failures/failure.ts";
import type { Json } from "../../lib/json.ts";
import type { Difference } from "../flow.ts";
import { END_RUN } from "../people/assistance.ts";
import type { EffectProgress } from "./effect-context.ts";

type Ask = Extract<EffectProgress<never>, { state: "ask" }>;

/** The answer where an act that was proved is no longer to be seen at the portal. */
export const AGAIN = "again";
/** The answer where what the portal did otherwise is left as it is. */
export const AS_IT_IS = "as-it-is";
/** The answer where it was mended at the portal by hand. */
export const MENDED = "mended";

/** @param said the portal's words after the press; null where it said nothing */
export function unknownOutcome(name: string, before: Json, after: Json, said: string | null): Ask {
  const heard =
    said === null
      ? "按下送出後沒有得到平台的回覆，事後查證也無法確定。"
      : `按下送出後平台說「${said}」，但清單上查證不到。`;
  return asking(name, {
    text: `「${name}」${heard}請到平台查看：這一筆有沒有成功？`,
    choices: { happened: "已成功，平台上看得到", "not-happened": "沒有成功，平台上沒有；可以再做一次" },
    context: { before, after },
  });
}

export function vanished(name: string): Ask {
  return asking(name, {
    text: `「${name}」以前已成功過，但平台上現在看不到。是否有人刪除？要不要再做一次？`,
    choices: { [AGAIN]: "再做一次", [END_RUN]: "不要再做" },
  });
}

/** Both figures of each field that differs. */
export function differenceDetail(differs: readonly Difference[]): FailureDetail {
  return {
    wanted: differs.map(({ label, asked }) => `${label} ${asked}`).join("、"),
    seen: differs.map(({ label, found }) => `${label} ${found}`).join("、"),
  };
}

/** @param mend whether it can be looked at again once it was mended at the portal */
export function doneDifferently(
  name: string,
  differs: readonly Difference[],
  mend: "mendable" | "final" = "mendable",
): Ask {
  const { wanted = "", seen = "" } = differenceDetail(differs);
  const detail: FailureDetail = { wanted: `${name}：${wanted}`, seen: `平台上是 ${seen}` };
  const figures = differs.map(({ label, asked, found }) => `${label} 要 ${asked}，平台上是 ${found}`).join("；");
  return {
    state: "ask",
    question: {
      text: `「${name}」平台做了，但和要求的不一樣：${figures}。機器人沒有再按。要怎麼辦？`,
      choices: {
        [AS_IT_IS]: "就這樣，接著做",
        ...(mend === "mendable" ? { [MENDED]: "我已在平台上更正，請再核對一次" } : {}),
        [END_RUN]: "停下來，由人處理",
      },
      context: { failure: { code: "done-differently", ...detail } },
    },
    otherwise: { code: "done-differently", detail },
  };
}

function asking(name: string, question: Ask["question"]): Ask {
  return {
    state: "ask",
    question,
    otherwise: { code: "person-needed", detail: { wanted: name, seen: question.text } },
  };
}
