import type { Hono } from "hono";
import { openQuestion, openQuestions, type QuestionRow } from "../../engine/people/questions.ts";
import { runsForPerson } from "../../engine/runs/run-search.ts";
import { getRun, type RunRow } from "../../engine/runs/runs.ts";
import { Failure } from "../../failures/failure.ts";
import { html, type Markup } from "../../lib/html.ts";
import { periodText } from "../../recording/export/format.ts";
import { may } from "../access/roles.ts";
import type { Session } from "../access/sessions.ts";
import { liveAddress } from "../http/live.ts";
import { withAudit, fieldOf, renderPage } from "../http/respond.ts";
import { aboutView, formFields, valuesOf } from "../view/start/question-form.ts";
import { icon } from "../view/icons.ts";
import { csrfField } from "../view/layout.ts";
import { badge, badgeOfRun } from "../view/run/run-badge.ts";
import { durationText, momentText } from "../view/time.ts";
import type { ConsoleContext, Env } from "../http/console-context.ts";

/** Days back for which runs that ended with a person are still shown here. */
const LOOK_BACK_MS = 30 * 86_400_000;

/** 待處理: what only a person can answer, and runs that ended with something for a person to do. */
export function questionRoutes(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/questions", async (c) => {
    const live = await liveAddress(world);
    const questions = await openQuestions(world.store);
    const asked = await Promise.all(
      questions.map(async (question) => ({ question, run: await getRun(world.store, question.runId) })),
    );
    const since = new Date(world.now().getTime() - LOOK_BACK_MS);
    const ended = await runsForPerson(world.store, since, 50);
    const titles = new Map(world.flows.map(({ name, title }) => [name, title.zh]));
    const body = html`<header class="head"><h1>待處理</h1></header>
<div id="asked" data-fresh>${asked.length === 0 ? html`<p class="calm-note">${icon("done")}沒有等您回答的問題。</p>` : asked.map(({ question, run }) => card(question, run, titles, c.get("session")))}</div>
<section id="ended" data-fresh>${endedList(ended, titles)}</section>`;
    return renderPage(c, world, { title: "待處理", section: "questions", body, live });
  });

  app.get("/questions/:id/picture", async (c) => {
    const { picture } = await openQuestion(world.store, c.req.param("id"));
    if (picture === null) throw new Failure("wrong-use", { wanted: "圖形驗證碼", seen: "這個問題沒有圖片" });
    return c.body(new Uint8Array(picture), 200, { "Content-Type": "image/png" });
  });

  app.post(
    "/questions/:id/answer",
    withAudit(
      {
        name: "answer",
        role: "operate",
        async act(c, form, session) {
          const id = c.req.param("id") ?? "";
          const digits = fieldOf(form, "digits").trim();
          const answer = fieldOf(form, "answer") || digits;
          const question = await openQuestion(world.store, id);
          const { choices } = question;
          const values = valuesOf(question, answer, form);
          await world.robot.answer(id, answer, session.person, Number(fieldOf(form, "version")), values);
          // A captcha's digits are kept nowhere.
          const said = Object.hasOwn(choices, answer) ? answer : "digits";
          return {
            response: c.redirect("/questions?done=answered", 303),
            about: { question: id, answer: said, ...values },
          };
        },
      },
      world,
    ),
  );
}

function card(question: QuestionRow, run: RunRow, titles: ReadonlyMap<string, string>, session: Session): Markup {
  const { id, version, text, askedAt, expiresAt, answerers } = question;
  // Until when an answer is taken is the store's matter, which goes by the computer's own clock.
  const left = Date.parse(expiresAt) - Date.now();
  const other = answerers.length > 0 && !answerers.includes(session.person);
  const own = may(session.role, "operate") && !other;
  return html`<article class="card edge-warn question" id="${id}">
<header><p class="soft small"><a href="/runs/${run.id}">${titles.get(run.flow) ?? run.flow}　${run.company}${run.period === null ? "" : `　${periodText(run.period)}`}</a></p>
<h2>${icon("person")}${text}</h2>
<p class="soft small">${momentText(askedAt)} 問的，${left > 0 ? `還有 ${durationText(left)} 可以回答` : "快要過期"}${answerers.length > 0 ? `；由 ${answerers.join("、")} 回答` : ""}</p></header>
${aboutView(question)}
${own ? answers(question, session) : html`<p class="soft">${other ? `這個問題由 ${answerers.join("、")} 回答。` : "您的權限只能看，不能回答。"}</p>`}
<p class="unseen">問題 ${id} 第 ${version} 版</p></article>
`;
}

function answers(question: QuestionRow, session: Session): Markup {
  const { id, version, choices, form, free, picture } = question;
  const begin = html`<form method="post" action="/questions/${id}/answer" id="answer-${id}-v${version}">${csrfField(session)}<input type="hidden" name="version" value="${version}">`;
  const digits =
    free === "captcha"
      ? html`${begin}<div class="captcha">${picture === null ? null : html`<img src="/questions/${id}/picture?v=${version}" alt="圖形驗證碼，請輸入圖中的五個數字" width="300" height="80">`}<label>圖中的五個數字<input name="digits" inputmode="numeric" pattern="\\d{5}" maxlength="5" autocomplete="off" required title="剛好五個數字"></label><button class="primary">送出</button></div></form>`
      : null;
  const keys = Object.entries(choices);
  const button = ([key, meaning]: [string, string]): Markup =>
    key === form?.answer
      ? html`<button class="primary" name="answer" value="${key}">${meaning}</button>`
      : // The boxes and choices belong to the other answer: this one needs none of them.
        html`<button name="answer" value="${key}" formnovalidate>${meaning}</button>`;
  return html`${digits}${keys.length === 0 ? null : html`${begin}${formFields(question)}<div class="actions">${keys.map(button)}</div></form>`}`;
}

function endedList(runs: readonly RunRow[], titles: ReadonlyMap<string, string>): Markup {
  if (runs.length === 0) return html``;
  return html`<h2>停下來、要由人排除原因的執行 <span class="soft">${runs.length} 件</span></h2>
<ul class="rows">${runs.map(
    (run) =>
      html`<li><a href="/runs/${run.id}">${badge(badgeOfRun(run))}<span><strong>${run.company}</strong>　${titles.get(run.flow) ?? run.flow}${run.period === null ? "" : `　${periodText(run.period)}`}<span class="soft small">　${momentText(run.createdAt)}</span><br><span class="soft">${run.failure?.next ?? ""}</span></span></a></li>`,
  )}</ul>`;
}
