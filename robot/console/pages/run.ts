import type { Hono } from "hono";
import { openQuestions, type QuestionRow } from "../../engine/people/questions.ts";
import type { RunRow } from "../../engine/runs/runs.ts";
import { factList, listIn, numberTables } from "../../recording/export/fragments.ts";
import { html, type Markup } from "../../lib/html.ts";
import { chaptersOf } from "../../recording/export/timeline.ts";
import { describeFacts, periodText, timeText } from "../../recording/export/format.ts";
import { knownInStore } from "../../recording/verification/elsewhere.ts";
import { may } from "../access/roles.ts";
import type { Session } from "../access/sessions.ts";
import { recordedRun, type RecordedRun } from "../http/records.ts";
import { liveAddress } from "../http/live.ts";
import { withAudit, renderPage } from "../http/respond.ts";
import { failureCard } from "../view/run/failure-card.ts";
import { fileList } from "../view/run/file-list.ts";
import { filmstrip, lastPicture, pictureHref } from "../view/run/filmstrip.ts";
import { csrfField } from "../view/layout.ts";
import { icon } from "../view/icons.ts";
import { badge, badgeOfRun } from "../view/run/run-badge.ts";
import { unknownCard } from "../view/parts/part-map.ts";
import { unknownPagesOf } from "../view/parts/unknown-pages.ts";
import { durationText, formatStarter, tookText } from "../view/time.ts";
import { timeline } from "../view/run/timeline.ts";
import { verdictCard } from "../view/run/verdict.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";
import { verifyKnownRun } from "../../recording/verification/verify.ts";

/** A run: while it goes on, what is being done and waited for; afterwards, what came of it and how that is proved. */
export function runRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/runs/:id", async (c) => {
    const live = await liveAddress(world, c.req.param("id"));
    const recorded = await recordedRun(world, c.req.param("id"));
    const { run } = recorded;
    const title = world.flows.find(({ name }) => name === run.flow)?.title.zh ?? run.flow;
    const questions = await openQuestions(world.store, run.id);
    const body = html`<div id="run" data-fresh>${header(run, title)}
${recorded.quarantined ? quarantine() : null}
${questions.map((question) => asks(question))}
${run.state === "ended" ? null : liveCard(recorded, world, c.get("session"))}
${failureCard(recorded)}
${unknownCards(recorded, c.get("session"))}
${resultCard(run)}
${recorded.record ? await recordParts(recorded, world, c.get("session")) : noRecord(run)}</div>`;
    const moves = run.state === "ended" ? {} : { live };
    return renderPage(c, world, { title: `${title} ${run.company}`, section: "runs", body, ...moves });
  });

  app.post(
    "/runs/:id/cancel",
    withAudit(
      {
        name: "cancel",
        role: "operate",
        async act(c) {
          const id = c.req.param("id") ?? "";
          await world.robot.cancel(id);
          return { response: c.redirect(`/runs/${id}?done=cancelling`, 303), about: { run: id } };
        },
      },
      world,
    ),
  );
}

function header(run: RunRow, title: string): Markup {
  const facts: [string, string][] = [
    ["公司", `${run.company}（${run.ubn}）`],
    ...describeFacts(run.input).filter(([label]) => label !== ""),
    ["開始", `${timeText(run.createdAt)}（${formatStarter(run.startedBy)}）`],
    ...(run.endedAt === null
      ? []
      : [["結束", `${timeText(run.endedAt)}（經過 ${tookText(run)}）`] satisfies [string, string]]),
    ["執行編號", run.id],
  ];
  return html`<header class="head"><div><p class="crumb"><a href="/runs">紀錄</a></p><h1>${title}　${run.company}${run.period === null ? null : html`<span class="soft">　${periodText(run.period)}</span>`}</h1></div>${badge(badgeOfRun(run))}</header>
<section class="card facts">${factList(facts)}</section>`;
}

/** Pages that were not as they are known, for anyone who may say where things are now. */
function unknownCards({ run, record, quarantined }: RecordedRun, session: Session): Markup[] {
  if (run.state !== "ended" || record === null || quarantined || !may(session.role, "operate")) return [];
  return unknownPagesOf(record).map((page) => unknownCard(run.id, page, session));
}

function quarantine(): Markup {
  return html`<p class="notice bad" role="alert">${icon("warn")}這份紀錄裡發現了密碼或權杖，已經隔離：圖片、檔案與軌跡都不提供，也不能匯出。請看紀錄資料夾裡的 QUARANTINE.json。</p>`;
}

function asks({ id, text }: QuestionRow): Markup {
  return html`<p class="notice warn">${icon("person")}<span>${text}</span><a class="button" href="/questions#${id}">去回答</a></p>`;
}

/** What is being done right now, what is waited for and until when, and the page as it was last pictured. */
function liveCard({ run, record, quarantined }: RecordedRun, world: ConsoleContext, session: Session): Markup {
  const picture = record && !quarantined ? lastPicture(record) : null;
  const until = run.waitingUntil;
  const left = until === null ? 0 : Date.parse(until) - world.now().getTime();
  const trouble = world.robot.trouble();
  return html`<section class="card live" aria-live="polite">
<div class="now">${badge(badgeOfRun(run))}<strong>${run.progress ?? (run.state === "queued" ? "排隊中，等有空的瀏覽器" : "")}</strong></div>
${until === null ? null : html`<p>最晚等到 <time datetime="${until}">${timeText(until)}</time>${left > 0 ? `（還有 ${durationText(left)}）` : ""}。等待時不開瀏覽器；關掉這一頁也會繼續。</p>`}
${trouble === null ? null : html`<p class="notice warn">${icon("warn")}執行資料庫暫時無法使用，恢復後會接著做。</p>`}
${run.cancelRequested ? html`<p class="notice warn">${icon("other")}已要求取消；進行中的步驟做完就會停。</p>` : null}
${picture ? html`<figure><img src="${pictureHref(run.id, picture.path)}" alt="目前的畫面：${picture.name}"><figcaption class="soft small">目前的畫面：${picture.name}（密碼與驗證碼已遮住）</figcaption></figure>` : null}
${run.cancelRequested || !may(session.role, "operate") ? null : html`<form method="post" action="/runs/${run.id}/cancel" data-confirm="要取消這次執行嗎？已經送出的不會收回。">${csrfField(session)}<button class="danger">取消這次執行</button></form>`}
</section>`;
}

function resultCard({ result }: RunRow): Markup | null {
  const tables = numberTables(result);
  const notes = listIn(result, "notes").map(String);
  if (tables.length === 0 && notes.length === 0) return null;
  return html`<section class="card"><h2>結果</h2>${notes.map((one) => html`<p>${one}</p>`)}<div class="scroll" tabindex="0" role="region" aria-label="表格">${tables}</div></section>`;
}

function noRecord({ state, folder }: RunRow): Markup {
  if (folder === null)
    return html`<p class="empty">${state === "ended" ? "這次執行沒有留下紀錄：還沒開始就結束了。" : "還沒開始，紀錄會出現在這裡。"}</p>`;
  return html`<p class="notice bad" role="alert">${icon("failed")}紀錄資料夾讀不到：${folder}</p>`;
}

async function recordParts(recorded: RecordedRun, world: ConsoleContext, session: Session): Promise<Markup> {
  const { run, record, quarantined } = recorded;
  if (!record) return html``;
  const ended = run.state === "ended";
  const known = () => knownInStore(world.store, record.folder, world.config().recordings);
  const verdict = ended ? await verifyKnownRun(record.folder, await known()) : null;
  return html`${quarantined ? null : filmstrip(run.id, record)}
<section><h2>經過</h2>
${record.unreadable.length === 0 ? null : html`<p class="notice bad">${icon("failed")}events.jsonl 有 ${record.unreadable.length} 行無法讀取。</p>`}
${timeline(chaptersOf(record.events))}</section>
${fileList(recorded)}
${verdict ? verdictCard(verdict, run.id, record, may(session.role, "operate") && !quarantined ? csrfField(session) : null) : null}`;
}
