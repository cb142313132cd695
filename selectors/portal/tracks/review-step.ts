import type { Control, PageReading } from "../../dom/reading/reading.ts";
import { keyOf } from "../../dom/reading/words.ts";

/** A step in which what was filled in is shown once more, as a list of steps calls it. */
const REVIEW =
  /^\s*[(（第]?[\d一二三四]?[)）步.、．]?\s*(確認|核對|檢視|預覽|再次確認)(內容|資料|取號)?\s*$|^\d?\s*(review|confirm)\b/i;
/** The same where no list says that it is a step: a number or its object tells it from a mere word. */
const REVIEW_ALONE =
  /^\s*[(（第]?[\d一二三四][)）步.、．]?\s*(確認|核對|檢視|預覽|再次確認)(內容|資料|取號)?\s*$|^\s*(再次)?(確認|核對|檢視|預覽)(內容|資料|取號)\s*$|^\d\s*(review|confirm)\b/i;
/** What a button that could send the form is called. */
const SENDS = /提交|送出|^(確認|確定|完成)(取號|申請)?$|^(submit|confirm|finish|done|ok)/i;
const PRESSED = new Set<Control["kind"]>(["button", "link", "clickable"]);

/**
 * Whether the page itself says that what is filled in on it will be shown once more before it can be sent: such a step stands after this one,
 * the page is not that step, and nothing on it is called as if it could send the form. Only then may its 下一步 be pressed in passing.
 */
export function reviewFollows({ steps, lines, headings, controls }: PageReading): boolean {
  if (headings.some(({ text }) => REVIEW.test(text))) return false;
  if (controls.some(couldSend)) return false;
  const review = steps.findIndex(({ text }) => REVIEW.test(text));
  if (review !== -1)
    return (
      review >
      Math.max(
        0,
        steps.findIndex(({ current }) => current),
      )
    );
  if (steps.some(({ current }) => current)) return false;
  return lines.some(
    ({ text, role, control, layer }) =>
      control === null && layer === null && role !== "heading" && role !== "header" && REVIEW_ALONE.test(text),
  );
}

function couldSend({ kind, names, navigation, row, layer, hidden }: Control): boolean {
  if (!PRESSED.has(kind) || navigation || row !== null || layer !== null || hidden) return false;
  return names.some(({ from, text }) => (from === "own" || from === "accessible") && SENDS.test(keyOf(text)));
}
