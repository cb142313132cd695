import type { Locator, Page } from "playwright";
import { pressable, visible } from "./part.ts";

/** A box over the page that asks has a yes and a no; one that tells has only a yes. */
const YES = /^\s*(確認|確定|是|確認送出|確認授權)\s*$/;
const NO = /^\s*(取消|否|返回|關閉)\s*$/;
const REFUSE = /^\s*(取消|否)\s*$/;
const CLOSE = /^\s*(關閉|我知道了|知道了|✕|✖|×|╳)\s*$/;
const AGREE = /^\s*確定\s*$/;
const CLOSE_MARK = "[class*=close]";
/** What the foot of a box says, and nothing else. */
const BUTTONS = /確認送出|確認授權|確認|確定|是|取消|否|返回|關閉|\s/g;
/** What heads an announcement. */
export const NEWS = /公告|最新消息|重要通知|重要訊息/;

export const boxParts = {
  yes: pressable("box.yes", "確認", YES),
  no: pressable("box.no", "取消", NO),
  close: pressable("box.close", "關閉", CLOSE, { css: CLOSE_MARK }, { role: "button", name: AGREE }),
} as const;

const PLACES =
  "[role=dialog], [role=alertdialog], dialog, [class*=modal], [class*=dialog], [class*=popup], [class*=message-box], [class*=announce]";

/** Where announcements are, besides. */
const NEWS_PLACES =
  "[class*=notice], [class*=overlay], [id*=announce], [id*=notice], [id*=popup], [id*=dialog], [id*=modal]";

/** An announcement that lies over the page: it can be closed, and asks nothing. */
export function announcements(page: Page): Locator {
  return visible(page.locator(`${PLACES}, ${NEWS_PLACES}`))
    .filter({ hasText: NEWS })
    .filter({ has: saying(page, CLOSE).or(saying(page, AGREE)).or(page.locator(CLOSE_MARK)) })
    .filter({ hasNot: saying(page, REFUSE) });
}

export type Box = { readonly place: Locator; readonly words: string };

/** The box that asks for a yes or a no, with its words; null when none is open. */
export function openQuestion(page: Page): Promise<Box | null> {
  return innermost(
    visible(page.locator(PLACES))
      .filter({ has: saying(page, YES) })
      .filter({ has: saying(page, NO) }),
  );
}

/** The box that can be agreed to and says these words; null when none is open. */
export function openNotice(page: Page, words: RegExp): Promise<Box | null> {
  return innermost(
    visible(page.locator(PLACES))
      .filter({ hasText: words })
      .filter({ has: saying(page, YES) }),
  );
}

/** 是 and 否 are values too: in a table or a list of facts they ask nothing. */
function saying(page: Page, words: RegExp): Locator {
  return page
    .getByRole("button", { name: words })
    .or(page.getByRole("link", { name: words }))
    .or(page.getByText(words).and(page.locator(":not(td, th, dd, td *, th *, dd *)")));
}

/** Boxes are nested, and the foot with the buttons is often a match too: the innermost that says more than its buttons do. */
async function innermost(boxes: Locator): Promise<Box | null> {
  for (let index = (await boxes.count()) - 1; index >= 0; index--) {
    const place = boxes.nth(index);
    const words = (await place.innerText()).trim();
    if (words.replaceAll(BUTTONS, "") !== "") return { place, words };
  }
  return null;
}
