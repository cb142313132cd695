import { click } from "../dom/click.ts";
import { findIfThere } from "../dom/part.ts";
import { readPage } from "../dom/reading/read-page.ts";
import { lookUntil } from "../dom/poll.ts";
import { PageProblem } from "../dom/problem.ts";
import { signOutPart } from "../portal/shell.ts";
import { AccountForm, signInParts } from "../portal/sign-in/sign-in-form.ts";
import { readSigns } from "../dom/signs.ts";
import { TIMING } from "../dom/timing.ts";

/**
 * The sign-in page of the value-added platform: 帳號, 密碼 and, where it asks for it, 統一編號. The facts show no captcha there; a page that has
 * one is not signed in to.
 */
export class PlatformSignIn extends AccountForm {
  /**
   * Waits for the form; on a front page, presses 登入 first.
   * @throws PageProblem with what the page says instead
   */
  async open(): Promise<void> {
    let pressed = false;
    const there = await lookUntil(this.page, TIMING.appear, async () => {
      if (await this.#isForm()) return true;
      const front = pressed ? null : await findIfThere(this.page, signInParts.open, 0);
      if (front) {
        pressed = true;
        await click(front);
      }
      return null;
    });
    if (there) return;
    const sign = await readSigns(this.page);
    throw new PageProblem(sign?.state ?? "page-changed", "加值平台的登入頁", sign?.words ?? `停在 ${this.page.url()}`);
  }

  async fill(ubn: string, user: string): Promise<void> {
    if (await findIfThere(this.page, signInParts.captcha, 0)) {
      throw new PageProblem("page-changed", "只要帳號和密碼的登入頁", "登入頁還要圖形驗證碼，機器人沒有嘗試登入");
    }
    if (await findIfThere(this.page, signInParts.ubn, 0)) await this.typeIn(signInParts.ubn, ubn);
    await this.typeIn(signInParts.user, user);
  }

  protected async isInside(): Promise<boolean> {
    return !(await this.#isForm()) && (await findIfThere(this.page, signOutPart, 0)) !== null;
  }

  protected isComplete(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async #isForm(): Promise<boolean> {
    const { controls } = await readPage(this.page);
    return controls.filter(({ kind, hidden }) => kind === "password" && !hidden).length === 1;
  }
}
