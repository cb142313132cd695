import { html, type Markup } from "../../../lib/html.ts";
import { addressOf } from "../../access/address.ts";
import { isOwnWord, ownWordOf } from "../../access/own-word.ts";
import { renderPage } from "../../http/respond.ts";
import type { RequestContext, ConsoleContext } from "../../http/console-context.ts";
import { icon } from "../../view/icons.ts";

/** The field in which a person proves that it is they. */
export const OWN_WORD = "own-word";

/** What became of the proof. */
export type Trial = "right" | "not-given" | "wrong" | "too-many";

/** Whether a person has proved that it is they. Guesses of a password count like those of a sign-in; nobody guesses a link. */
export async function tryOwnWord(c: RequestContext, world: ConsoleContext, given: string): Promise<Trial> {
  if (given === "") return "not-given";
  const session = c.get("session");
  const attempts = c.get("attempts");
  const who = { name: session.person, address: addressOf(c) };
  const counts = (await ownWordOf(world.store, session)) === "password";
  if (counts && attempts.begin(who, world.now().getTime()) !== null) return "too-many";
  if (!(await isOwnWord(world.store, session, given))) return "wrong";
  if (counts) attempts.succeeded(who);
  return "right";
}

const TRIALS: { readonly [trial in Trial]: string | null } = {
  right: null,
  "not-given": null,
  wrong: "不對，沒有存檔。",
  "too-many": "試太多次了，沒有存檔；請 15 分鐘後再試。",
};

export function trialNotice(trial: Trial): Markup | null {
  const words = TRIALS[trial];
  return words === null ? null : html`<p class="notice bad" role="alert">${icon("failed")}${words}</p>`;
}

/** The password of anyone who is signed in; of a person who has none, a new link from the robot's machine. */
export async function ownWordField(c: RequestContext, world: ConsoleContext, focus: boolean): Promise<Markup> {
  const { person } = c.get("session");
  return (await ownWordOf(world.store, c.get("session"))) === "password"
    ? html`<label class="field">您自己的主控台密碼（${person}）<input type="password" name="${OWN_WORD}" required autocomplete="current-password"${focus ? html` autofocus` : null}></label>`
    : html`<label class="field">新的登入連結<input type="password" name="${OWN_WORD}" required autocomplete="off"${focus ? html` autofocus` : null}><span class="hint">您沒有密碼。請在執行機器人的電腦上執行 <code>npm run -s robot -- console link</code>，把印出的連結貼在這裡（不用打開它）。</span></label>`;
}

/** Says that nothing was done, since nobody proved that it is they. */
export function refuseOwnWord(c: RequestContext, world: ConsoleContext, back: string): Promise<Response> {
  const body = html`<h1>${icon("warn")}沒有存檔：請先確認是您本人</h1>
<p>要您自己的主控台密碼；沒有密碼的人，貼上終端機新印出的登入連結。沒填、填錯或試太多次都不會存。</p><p><a class="button" href="${back}">回去再填一次</a></p>`;
  return renderPage(c, world, { title: "沒有存檔", section: "settings", body, status: 403 });
}
