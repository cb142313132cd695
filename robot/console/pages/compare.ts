import type { Hono } from "hono";
import { lastGoodBefore } from "../../engine/runs/run-search.ts";
import { html, type Markup } from "../../lib/html.ts";
import { type Chapter, chaptersOf } from "../../recording/export/timeline.ts";
import { timeText } from "../../recording/export/format.ts";
import { recordedRun, type RecordedRun } from "../http/records.ts";
import { renderPage } from "../http/respond.ts";
import { pictureHref, picturesOf } from "../view/run/filmstrip.ts";
import { badge, badgeOfRun } from "../view/run/run-badge.ts";
import { timeline } from "../view/run/timeline.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";

/** A run that broke beside the last one of the same flow that went well, both at the step where it broke. */
export function compareRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/runs/:id/compare", async (c) => {
    const broken = await recordedRun(world, c.req.param("id"));
    const before = await lastGoodBefore(world.store, broken.run);
    const good = before ? await recordedRun(world, before.id) : null;
    const chapter = brokenChapter(broken);
    const body = html`<header class="head"><div><p class="crumb"><a href="/runs">紀錄</a> › <a href="/runs/${broken.run.id}">${broken.run.company} ${broken.run.id}</a></p><h1>和上次成功的比較${chapter?.title ? html`<span class="soft">　${chapter.title}</span>` : null}</h1></div></header>
${good ? html`<div class="two">${side("這一次", broken, chapter)}${side("上次成功", good, chapter && sameChapter(good, chapter))}</div>` : html`<p class="empty">同樣的作業以前沒有成功過，沒有可以比較的。</p>`}`;
    return renderPage(c, world, { title: "和上次成功的比較", section: "runs", body });
  });
}

function brokenChapter({ record }: RecordedRun): Chapter | null {
  const chapters = chaptersOf(record?.events ?? []);
  const failed = chapters.findLast(({ state }) => state === "failed");
  return failed ?? chapters.findLast(({ title }) => title !== null) ?? null;
}

/** The same step in another run: names of steps hold periods, and rounds are counted. */
function sameChapter({ record }: RecordedRun, { title }: Chapter): Chapter | null {
  const plain = (text: string | null): string => (text ?? "").replaceAll(/\d+/g, "#").replace(/ \(#\)$/, "");
  return (
    chaptersOf(record?.events ?? []).find((one) => one.title !== null && plain(one.title) === plain(title)) ?? null
  );
}

function side(title: string, { run, record, quarantined }: RecordedRun, chapter: Chapter | null): Markup {
  const [first, last] = [chapter?.events[0]?.seq ?? 0, chapter?.events.at(-1)?.seq ?? 0];
  const pictures = record && !quarantined ? picturesOf(record) : [];
  // A step that took no picture of its own is shown by the last one before its end.
  const picture =
    pictures.findLast(({ seq }) => seq >= first && seq <= last) ?? pictures.findLast(({ seq }) => seq <= last);
  return html`<section class="card"><h2>${title}　${badge(badgeOfRun(run))}</h2>
<p class="soft small"><a href="/runs/${run.id}">${run.id}</a>　${timeText(run.createdAt)}　${run.company}</p>
${picture ? html`<figure><a href="${pictureHref(run.id, picture.path)}"><img src="${pictureHref(run.id, picture.path)}" alt="${title}：${picture.name}"></a><figcaption class="soft small">${picture.name}</figcaption></figure>` : html`<p class="soft">這一步沒有畫面。</p>`}
${chapter ? timeline([chapter]) : html`<p class="soft">那一次沒有這一步。</p>`}</section>`;
}
