import { z } from "zod";
import { html, type Markup } from "../../../lib/html.ts";
import { clockText } from "../../../recording/export/format.ts";
import { recordedFiles, type RunRecord } from "../../../recording/format/read.ts";

export interface Picture {
  readonly path: string;
  readonly name: string;
  readonly seq: number;
  readonly time: string;
}

const named = z.object({ name: z.string() });

/** The pictures of a record, in their order. */
export function picturesOf(record: Pick<RunRecord, "events">): Picture[] {
  return recordedFiles(record)
    .filter(({ event }) => event.type === "picture")
    .map(({ path, event }) => {
      const name = named.safeParse(event.data).data?.name ?? "畫面";
      return { path, name, seq: event.seq, time: event.time };
    });
}

export function lastPicture(record: Pick<RunRecord, "events">): Picture | null {
  return picturesOf(record).at(-1) ?? null;
}

/** Where a picture of a run is shown from. */
export function pictureHref(runId: string, path: string): string {
  return `/runs/${runId}/picture/${encodeURIComponent(path.replace(/^pictures\//, ""))}`;
}

/**
 * The pictures as a strip, one of them large. They are one group of radio buttons, so the arrow keys go from one to the next without
 * any script.
 */
export function filmstrip(runId: string, record: Pick<RunRecord, "events">): Markup | null {
  const pictures = picturesOf(record);
  if (pictures.length === 0) return null;
  const chosen = pictures.length - 1;
  return html`<section><h2>畫面 <span class="soft small">${pictures.length} 張，用 ← → 逐張看</span></h2>
<div class="film" role="radiogroup" aria-label="畫面">${pictures.map(
    (
      { path, name, seq, time },
      index,
    ) => html`<div class="shot"><input type="radio" name="film" id="shot-${seq}"${index === chosen ? html` checked` : null}>
<label for="shot-${seq}"><img src="${pictureHref(runId, path)}" alt="" loading="lazy"><span>${name}</span></label>
<figure><a href="${pictureHref(runId, path)}" title="看原圖"><img src="${pictureHref(runId, path)}" alt="${name}" loading="lazy"></a><figcaption>${index + 1} / ${pictures.length}　${name}<span class="soft">　${clockText(time)}　第 ${seq} 個事件</span></figcaption></figure></div>
`,
  )}</div></section>`;
}
