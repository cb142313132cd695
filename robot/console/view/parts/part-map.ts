import type { ShownThing, UnknownPart } from "../../../../selectors/page-check.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { candidateText } from "../../../picks/candidate-text.ts";
import { may } from "../../access/roles.ts";
import type { Session } from "../../access/sessions.ts";
import { icon } from "../icons.ts";
import { csrfField } from "../layout.ts";
import { pictureHref } from "../run/filmstrip.ts";
import { firstProposal, type UnknownPage } from "./unknown-pages.ts";

/** Where a person shows the parts of a page. */
export function partsHref(runId: string, seq: number, chosen: ReadonlyMap<string, number> = new Map()): string {
  const query = [...chosen].map(([id, thing]) => `pick=${encodeURIComponent(`${id}:${thing}`)}`);
  return `/runs/${runId}/parts/${seq}${query.length === 0 ? "" : `?${query.join("&")}`}`;
}

/** Whether this person may say where the part is: one that changes the portal needs 管理. */
export function mayPick({ changesPortal }: UnknownPart, { role }: Pick<Session, "role">): boolean {
  return may(role, changesPortal ? "manage" : "operate");
}

/** On the page of a run that stopped: what was not found, what it most likely is now, and one press that says so. */
export function unknownCard(runId: string, { seq, shown }: UnknownPage, session: Session): Markup {
  const firsts = new Map(
    shown.parts.flatMap((part): [string, number][] => {
      const thing = firstProposal(shown, part);
      return thing === null || !mayPick(part, session) ? [] : [[part.id, thing]];
    }),
  );
  const refused = shown.parts.filter((part) => !mayPick(part, session));
  return html`<section class="card edge-warn" id="parts-${seq}">
<h2>${icon("warn")}這一頁和認識的不一樣</h2>
<p>下面這些沒有找到。您認得的話，告訴機器人它現在是哪一個；按之前什麼都不會改，之後可以收回。</p>
${comparison(shown.parts, (part) => shown.things[firsts.get(part.id) ?? -1] ?? null)}
${refused.length === 0 ? null : html`<p class="soft">「${refused.map(({ name }) => name).join("、")}」會改變平台的資料，要有「管理」權限的人才能同意。</p>`}
<div class="actions">${firsts.size === 0 ? null : adoptForm(runId, seq, firsts, firsts.size === 1 ? "就是這個" : "就是這些", session)}<a class="button" href="${partsHref(runId, seq)}">看畫面，自己指出來</a></div>
</section>`;
}

/** The page's picture with everything in it that the part may be; pressing one of them says that it is that. */
export function partMap(
  runId: string,
  page: UnknownPage,
  chosen: ReadonlyMap<string, number>,
  session: Session,
): Markup {
  const { seq, shown, picture } = page;
  const current = shown.parts.find((part) => !chosen.has(part.id) && mayPick(part, session));
  const isAll = current === undefined;
  return html`${current === undefined ? null : asking(current)}
${
  current === undefined
    ? null
    : html`<section class="card part-map">${picture === null ? html`<p class="soft">沒有這一頁的畫面，請從下面的清單選。</p>` : drawn(runId, page, current, chosen)}
<details${picture === null ? html` open` : null}><summary>全部列出來</summary><ul class="plain">${choices(
        shown.things,
        current,
      ).map(
        ({ thing, at }) =>
          html`<li><a href="${partsHref(runId, seq, new Map(chosen).set(current.id, at))}">${thing.words === "" ? "（沒有字）" : thing.words}</a> <span class="soft">${thing.kind}</span></li>`,
      )}</ul></details></section>`
}
<section class="card"><h2>原來的和現在的</h2>${comparison(shown.parts, (part) => shown.things[chosen.get(part.id) ?? -1] ?? null)}
<div class="actions">${chosen.size === 0 ? null : adoptForm(runId, seq, chosen, isAll || chosen.size > 1 ? `採用這 ${chosen.size} 個` : "採用", session)}${chosen.size === 0 ? null : html`<a class="button quiet" href="${partsHref(runId, seq)}">重新指</a>`}</div>
<p class="hint">採用後馬上檢查這一頁一次：重新開啟後仍然只找到這一個，才算核對過；找不到就收回，並說明原因。</p></section>`;
}

function asking({ name, purpose, changesPortal }: UnknownPart): Markup {
  return html`<p class="notice warn" role="status">${icon("person")}<span>請點一下「<strong>${name}</strong>」現在的位置（${purpose}）。${changesPortal ? "請看清楚：機器人之後會按它送出資料。" : ""}</span></p>`;
}

function choices(things: readonly ShownThing[], { id }: UnknownPart): { thing: ShownThing; at: number }[] {
  return things.flatMap((thing, at) => (thing.fits.includes(id) && thing.candidates.length > 0 ? [{ thing, at }] : []));
}

function drawn(
  runId: string,
  { seq, shown, picture }: UnknownPage,
  part: UnknownPart,
  chosen: ReadonlyMap<string, number>,
): Markup {
  const area = ({ box: [, , width, height] }: ShownThing): number => width * height;
  // What lies in something larger is drawn over it, so that both can be pressed.
  const shownHere = choices(shown.things, part).toSorted((a, b) => area(b.thing) - area(a.thing));
  const first = firstProposal(shown, part);
  return html`<svg viewBox="0 0 ${shown.width} ${shown.height}" role="group" aria-label="這一頁的畫面">
<image href="${pictureHref(runId, picture?.path ?? "")}" width="${shown.width}" height="${shown.height}"></image>${shownHere.map(
    ({ thing: { box, words, kind }, at }) =>
      html`<a href="${partsHref(runId, seq, new Map(chosen).set(part.id, at))}" aria-label="${words}（${kind}）"><title>${words}（${kind}）</title><rect${at === first ? html` class="likely"` : null} x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" rx="4"></rect></a>`,
  )}</svg>`;
}

/** What each part was called, and what it is said to be now. */
function comparison(parts: readonly UnknownPart[], thingOf: (part: UnknownPart) => ShownThing | null): Markup {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="原來的和現在的"><table class="plain"><thead><tr><th scope="col">要找的</th><th scope="col">做什麼用</th><th scope="col">現在是</th><th scope="col">以後這樣找</th></tr></thead><tbody>${parts.map(
    (part) => {
      const thing = thingOf(part);
      return html`<tr><th scope="row">${part.name} <span class="soft small">${part.id}</span></th><td>${part.purpose}</td><td>${thing === null ? html`<span class="soft">還沒有指出來</span>` : html`<strong>${thing.words}</strong> <span class="soft">${thing.kind}</span>`}</td><td>${thing === null ? "" : html`${thing.candidates.map(candidateText).join("；")}<br><span class="soft small">每一種在這一頁都只找到這一個</span>`}</td></tr>`;
    },
  )}</tbody></table></div>`;
}

function adoptForm(
  runId: string,
  seq: number,
  chosen: ReadonlyMap<string, number>,
  words: string,
  session: Session,
): Markup {
  return html`<form method="post" action="/runs/${runId}/parts/${seq}">${csrfField(session)}${[...chosen].map(
    ([id, thing]) => html`<input type="hidden" name="pick" value="${id}:${thing}">`,
  )}<button class="primary">${words}</button></form>`;
}
