import { click } from "../dom/click.ts";
import { tryLocate } from "../dom/locator-spec.ts";
import { readPage } from "../dom/reading/read-page.ts";
import { waitUntil } from "../dom/wait-until.ts";
import { PageError } from "../dom/page-error.ts";
import { signOutSpec } from "../portal/signed-in-portal.ts";
import { AccountForm, signInSpecs } from "../portal/sign-in/sign-in-form.ts";
import { detectPageState } from "../dom/page-state.ts";
import { TIMING } from "../dom/timing.ts";

/**
 * The sign-in page of the value-added platform: 帳號, 密碼 and, where it asks for it, 統一編號. The facts show no captcha there; a page that has
 * one is not signed in to.
 */
export class PlatformSignIn extends AccountForm {
  /**
   * Waits for the form; on a front page, presses 登入 first.
   * @throws PageError with what the page says instead
   */
  async open(): Promise<void> {
    let pressed = false;
    const there = await waitUntil(this.page, TIMING.appear, async () => {
      if (await this.#isForm()) return true;
      const front = pressed ? null : await tryLocate(this.page, signInSpecs.open, 0);
      if (front) {
        pressed = true;
        await click(front);
      }
      return null;
    });
    if (there) return;
    const sign = await detectPageState(this.page);
    throw new PageError(sign?.state ?? "page-changed", "加值平台的登入頁", sign?.words ?? `停在 ${this.page.url()}`);
  }

  async fill(ubn: string, user: string): Promise<void> {
    if (await tryLocate(this.page, signInSpecs.captcha, 0)) {
      throw new PageError("page-changed", "只要帳號和密碼的登入頁", "登入頁還要圖形驗證碼，機器人沒有嘗試登入");
    }
    if (await tryLocate(this.page, signInSpecs.ubn, 0)) await this.typeIn(signInSpecs.ubn, ubn);
    await this.typeIn(signInSpecs.user, user);
  }

  protected async isInside(): Promise<boolean> {
    return !(await this.#isForm()) && (await tryLocate(this.page, signOutSpec, 0)) !== null;
  }

  protected isComplete(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async #isForm(): Promise<boolean> {
    const { controls } = await readPage(this.page);
    return controls.filter(({ kind, hidden }) => kind === "password" && !hidden).length === 1;
  }
}
