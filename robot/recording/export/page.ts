import { join } from "node:path";
import { z } from "zod";
import { type FileEntry, readFileEntry } from "../format/documents.ts";
import type { RunRecord } from "../format/read.ts";
import { recordedFiles } from "../format/read.ts";
import type { Verdict } from "../verification/verify.ts";
import { document, factList, listIn, numberTables, outcomeBadge } from "./fragments.ts";
import { html, type Markup } from "../../lib/html.ts";
import { readRegular } from "../../lib/files/regular-file.ts";
import { type Chapter, chaptersOf, type TimelineEntry } from "./timeline.ts";
import { afterText, clockText, describeFacts, sizeText, starterText, timeText } from "./format.ts";
import { sha256 } from "../../lib/hash.ts";

/**
 * One run as its own page, in Traditional Chinese: what was asked and came of it, whether the record is as it was written,
 * the timeline with its pictures, every file with its hash.
 * @param at when the record was verified
 */
export async function runPage(record: RunRecord, verdict: Verdict, at: Date): Promise<string> {
  const { header, ended } = record;
  const title = `${header.title}　${header.company.name}`;
  const pictures = await picturesOf(record);
  const body = html`<header>
<p class="soft small">電子發票作業機器人　執行紀錄</p>
<h1>${title}</h1>
<p>${outcomeBadge(record)}　<span class="soft">${timeText(header.startedAt)}${ended ? ` 到 ${timeText(ended.at)}` : ""}（台北時間）</span></p>
</header>
<main>
${summaryCard(record)}
${verdictCard(verdict, at)}
${failureCard(record, pictures)}
${resultCard(record)}
<h2>經過</h2>
${record.unreadable.length === 0 ? null : html`<div class="card bad">events.jsonl 有 ${record.unreadable.length} 行無法讀取：第 ${record.unreadable.join("、")} 行。</div>`}
${calmly(chaptersOf(record.events)).map((chapters) => stretch(chapters, pictures))}
<h2>檔案</h2>
${filesCard(record)}
<h2>怎麼自己查證</h2>
${howToVerify(record, verdict)}
</main>`;
  return document(`${title}　${header.runId}`, body);
}

/** By path: the picture as an address that holds it, or null where it is gone or is no longer what was recorded. */
type Pictures = ReadonlyMap<string, string | null>;

async function picturesOf(record: RunRecord): Promise<Pictures> {
  const pictures = new Map<string, string | null>();
  for (const { path, event, sha256: recorded } of recordedFiles(record)) {
    if (event.type !== "picture") continue;
    const there = await readRegular(join(record.folder, path)).catch(() => null);
    const bytes = there && sha256(there) === recorded ? there : null;
    pictures.set(path, bytes && `data:${mediaType(path)};base64,${bytes.toString("base64")}`);
  }
  return pictures;
}

function mediaType(path: string): string {
  if (path.endsWith(".jpg")) return "image/jpeg";
  return path.endsWith(".webp") ? "image/webp" : "image/png";
}

function summaryCard({ header }: RunRecord): Markup {
  const facts: (readonly [string, string])[] = [
    ["公司", `${header.company.name}（統一編號 ${header.company.ubn}）`],
    ["作業", header.title],
    ...describeFacts(header.input),
    ["發起者", starterText(header.startedBy)],
    ["執行編號", header.runId],
    [
      "版本",
      Object.entries(header.versions)
        .map(([name, version]) => `${name} ${version}`)
        .join("、"),
    ],
  ];
  return html`<section class="card">${factList(facts)}</section>`;
}

function verdictCard(verdict: Verdict, at: Date): Markup {
  const tone = { intact: "good", interrupted: "warn", tampered: "bad" }[verdict.verdict];
  return html`<section class="card ${tone}">
<h3>驗證結果</h3>
<p><strong>${verdict.words.zh}</strong></p>
${verdict.verdict === "tampered" ? null : html`<p class="small soft">第 ${verdict.head.seq} 個事件的雜湊（鏈尾）<br><span class="hash">${verdict.head.hash}</span></p>`}
<p class="small soft">驗證時間：${timeText(at.toISOString())}</p>
</section>`;
}

/** What an event of a failed step says besides the failure itself. */
const stepFailed = z.object({ picture: z.string().nullish(), safe: z.string().optional() });

/** What was wanted, where, what was seen, the page's words, the picture, what came before, and what may be done now. */
function failureCard(record: RunRecord, pictures: Pictures): Markup | null {
  const failure = record.ended?.failure;
  if (!failure) return null;
  const told = (key: string): string | null => {
    const value = failure[key];
    return typeof value === "string" ? value : null;
  };
  const facts = (
    [
      ["要做的", told("wanted")],
      ["在哪一頁", told("page")],
      ["看到的", told("seen")],
      ["平台說", told("pageSays")],
    ] as const
  ).flatMap(([label, value]) => (value === null ? [] : [[label, value] as const]));
  const steps = chaptersOf(record.events).flatMap(({ title, state }) =>
    title !== null && state === "done" ? [title] : [],
  );
  const failed = stepFailed.safeParse(record.events.findLast(({ type }) => type === "step.failed")?.data).data;
  const entry = record.events
    .filter(({ type }) => type === "picture")
    .map(({ data }) => readFileEntry(data))
    .findLast((picture) => picture && (!failed?.picture || picture.path === failed.picture));
  return html`<section class="card bad">
<h3>為什麼沒有完成</h3>
<p>${failure.message}</p>
${factList(facts)}
<p><strong>接下來：</strong>${failure.next}</p>
${failed?.safe ? html`<p>${failed.safe}</p>` : null}
<p class="small">${afterText(failure.code)}</p>
<p class="small soft">在這之前做完的：${steps.length === 0 ? "沒有" : [...new Set(steps)].join("、")}</p>
${entry ? html`<p class="small soft">最後的畫面</p>${pictureOf(entry, "最後的畫面", pictures)}` : null}
<p class="small soft">代碼 ${failure.code}</p>
</section>`;
}

function resultCard({ ended }: RunRecord): Markup | null {
  const tables = numberTables(ended?.summary);
  const notes = listIn(ended?.summary, "notes").map(String);
  if (tables.length === 0 && notes.length === 0) return null;
  return html`<section class="card"><h3>結果</h3>${notes.map((note) => html`<p>${note}</p>`)}${tables}</section>`;
}

/** Chapters in which nothing happened that a reader looks for (a hundred looks into a mailbox) are put together. */
function calmly(chapters: readonly Chapter[]): Chapter[][] {
  const stretches: Chapter[][] = [];
  for (const chapter of chapters) {
    const last = stretches.at(-1);
    if (last && isQuiet(chapter) && last.every(isQuiet)) last.push(chapter);
    else stretches.push([chapter]);
  }
  return stretches;
}

function isQuiet({ state, entries: told }: Chapter): boolean {
  return state === "done" && told.every(({ tone }) => tone === "quiet");
}

/** So many quiet chapters in a row are shown as they are. */
const MOST_QUIET = 4;

function stretch(chapters: readonly Chapter[], pictures: Pictures): Markup {
  const cards = html`${chapters.map((chapter) => chapterCard(chapter, pictures))}`;
  const [first, last] = [chapters[0]?.events[0], chapters.at(-1)?.events.at(-1)];
  if (chapters.length <= MOST_QUIET || !first || !last) return cards;
  const steps = chapters.filter(({ title }) => title !== null).length;
  return html`<details class="card quiet"><summary>${steps} 個例行步驟，沒有新的結果　<span class="small soft">${timeText(first.time)} 到 ${timeText(last.time)}，第 ${first.seq}–${last.seq} 個事件</span></summary>${cards}</details>`;
}

const STATES: Readonly<Record<Chapter["state"], readonly [words: string, tone: string]>> = {
  done: ["做完了", "good"],
  failed: ["沒有做完", "bad"],
  "put-off": ["稍後再做", "warn"],
  interrupted: ["中斷", "warn"],
  open: ["中斷，之後重做", "warn"],
};

function chapterCard({ title, state, events, entries: told }: Chapter, pictures: Pictures): Markup {
  const list = told.length === 0 ? null : html`<ol class="events">${told.map((one) => eventItem(one, pictures))}</ol>`;
  const [first, last] = [events[0], events.at(-1)];
  if (title === null || !first || !last) return html`<section class="card bare">${list}</section>`;
  const [words, tone] = STATES[state];
  const numbers = first.seq === last.seq ? `第 ${first.seq} 個事件` : `第 ${first.seq}–${last.seq} 個事件`;
  return html`<section class="card step">
<header><h3>${title}</h3><span class="badge ${tone}">${words}</span><span class="small soft">${clockText(first.time)}　${numbers}</span></header>
${list}
</section>`;
}

function eventItem({ event, text, tone, quote, facts = [], picture }: TimelineEntry, pictures: Pictures): Markup {
  return html`<li id="event-${event.seq}"><time datetime="${event.time}" title="第 ${event.seq} 個事件">${clockText(event.time)}</time><div class="tone-${tone}">
${text}
${quote ? html`<blockquote>${quote}</blockquote>` : null}
${factList(facts)}
${picture ? pictureOf(picture, text, pictures) : null}
</div></li>`;
}

function pictureOf(entry: FileEntry, name: string, pictures: Pictures): Markup {
  const source = pictures.get(entry.path) ?? null;
  if (source === null)
    return html`<p class="gone">這張圖片不在資料夾裡了。當時的 SHA-256：<span class="hash">${entry.sha256}</span></p>`;
  return html`<figure><label><input type="checkbox" aria-label="放大「${name}」"><img src="${source}" alt="${name}"></label></figure>`;
}

function filesCard(record: RunRecord): Markup {
  const files = recordedFiles(record).filter(({ event }) => event.type !== "quarantined");
  if (files.length === 0) return html`<p class="soft">這次執行沒有留下檔案。</p>`;
  return html`<section class="card"><table>
<thead><tr><th scope="col">檔案</th><th scope="col">大小</th><th scope="col">SHA-256</th></tr></thead>
<tbody>${files.map(({ path, bytes, sha256 }) => html`<tr><td class="wide">${path}</td><td class="size">${sizeText(bytes)}</td><td class="hash">${sha256}</td></tr>`)}</tbody>
</table></section>`;
}

function howToVerify({ header }: RunRecord, verdict: Verdict): Markup {
  return html`<section class="card">
<p>這一頁是給人看的摘要；憑據是紀錄資料夾本身。不需要我們的程式也能查證：</p>
<p>一、把匯出的 ${header.runId}.zip 解開，在裡面執行 <code>sha256sum -c SHA256SUMS</code>（macOS 用 <code>shasum -a 256 -c</code>），每個檔案都要是 OK。</p>
<p>二、執行 <code>sh verify-chain.sh</code>，它用 sha256sum 逐行重算 events.jsonl，印出事件數與鏈尾。</p>
${verdict.verdict === "tampered" ? null : html`<p>三、鏈尾應該和上面的相同，也和每天另外保存或寄出的鏈尾相同：<br><span class="hash">${verdict.head.hash}</span></p>`}
</section>`;
}
