import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Hono } from "hono";
import { Failure } from "../../failures/failure.ts";
import { ENCODING_NAMES } from "../../invoicing/reading/encoding.ts";
import { readTable } from "../../invoicing/reading/table.ts";
import { exportRun } from "../../recording/export/export.ts";
import { html, type Markup } from "../../lib/html.ts";
import { knownInStore } from "../../recording/verification/elsewhere.ts";
import { type FileOfRun, fileOfRun, recordedRun } from "../http/records.ts";
import { withAudit, fieldOf, renderNotFound, renderPage } from "../http/respond.ts";
import type { RequestContext, ConsoleContext, Env } from "../http/console-context.ts";

const PICTURES: Readonly<Record<string, string>> = { jpg: "image/jpeg", png: "image/png", webp: "image/webp" };

/** Rows of a table that are shown of a file. */
const PREVIEW_ROWS = 50;

/** What a run left behind: pictures, files, a look into tables, and all of it as an export. */
export function recordRoutes(app: Hono<Env>, world: ConsoleContext): void {
  const found = async (c: RequestContext, folder: "pictures" | "files" | "traces"): Promise<FileOfRun | null> => {
    const recorded = await recordedRun(world, c.req.param("id") ?? "");
    return fileOfRun(recorded, `${folder}/${c.req.param("name") ?? ""}`, world.config().recordings.folder);
  };
  const gone = (c: RequestContext): Promise<Response> => renderNotFound(c, world, "紀錄裡沒有這個檔案。");

  app.get("/runs/:id/picture/:name", async (c) => {
    const file = await found(c, "pictures");
    const type = PICTURES[/\.(\w+)$/.exec(file?.path ?? "")?.[1] ?? ""];
    if (!file || type === undefined) return gone(c);
    // A picture never changes: it is covered by the chain.
    const headers = { "Content-Type": type, "Cache-Control": "private, max-age=86400, immutable" };
    return c.body(file.content, 200, headers);
  });

  app.get("/runs/:id/file/:name", async (c) => {
    const file = await found(c, "files");
    return file ? handOut(c, file.content, file.path.replace(/^files\/\d+-/, "")) : gone(c);
  });

  app.get("/runs/:id/file/:name/preview", async (c) => {
    const file = await found(c, "files");
    if (!file) return gone(c);
    const preview = previewOf(file.content);
    if (c.req.query("part") !== undefined) return c.html(preview);
    const body = html`<h1>${file.path}</h1>${preview}<p><a href="/runs/${c.req.param("id")}">回這次執行</a></p>`;
    return renderPage(c, world, { title: file.path, section: "runs", body });
  });

  app.get("/runs/:id/trace-file/:name", async (c) => {
    const file = await found(c, "traces");
    return file ? handOut(c, file.content, file.path.replace(/^traces\//, "")) : gone(c);
  });

  app.post(
    "/runs/:id/export",
    withAudit(
      {
        name: "export",
        role: "operate",
        async act(c, form) {
          const id = c.req.param("id") ?? "";
          const format = fieldOf(form, "format") === "html" ? "html" : "zip";
          const bytes = await exported(world, id, format);
          return { response: handOut(c, bytes, `${id}.${format}`), about: { run: id, format } };
        },
      },
      world,
    ),
  );
}

async function exported(world: ConsoleContext, id: string, format: "html" | "zip"): Promise<Buffer> {
  const { record, quarantined } = await recordedRun(world, id);
  if (record === null) throw new Failure("wrong-use", { wanted: `匯出 ${id}`, seen: "這次執行沒有可讀的紀錄" });
  if (quarantined) throw new Failure("record-quarantined", { wanted: record.folder });
  const folder = await mkdtemp(join(tmpdir(), "einvoice-export-"));
  try {
    const path = join(folder, `${id}.${format}`);
    const to = { html: format === "html" ? path : null, zip: format === "zip" ? path : null };
    await exportRun(record, to, await knownInStore(world.store, record.folder, world.config().recordings));
    return await readFile(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Never shown in the page's own place: what came from the portal may be anything. */
function handOut(c: RequestContext, bytes: Uint8Array, name: string): Response {
  const plain = name.replaceAll(/[^\w.-]+/g, "_");
  return c.body(new Uint8Array(bytes), 200, {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
  });
}

function previewOf(bytes: Uint8Array): Markup {
  const { rows, encoding, faults } = readTable(bytes, { atMost: PREVIEW_ROWS });
  const width = Math.max(0, ...rows.map(({ cells }) => cells.length));
  if (rows.length === 0) return html`<p class="soft small">${faults[0]?.message ?? "沒有內容。"}</p>`;
  return html`<div class="scroll" tabindex="0" role="region" aria-label="檔案內容"><table class="plain"><caption class="soft small">${encoding === undefined ? "" : `${ENCODING_NAMES[encoding]}，`}前 ${rows.length} 列</caption><tbody>${rows.map(
    ({ line, cells }) =>
      html`<tr><th scope="row" class="soft">${line}</th>${Array.from({ length: width }, (_, index) => html`<td>${cells[index] ?? ""}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}
