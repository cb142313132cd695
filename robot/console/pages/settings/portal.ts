import type { Hono } from "hono";
import { z } from "zod";
import type { Json } from "../../../lib/json.ts";
import { html, type Markup } from "../../../lib/html.ts";
import { fieldOf, requireRole } from "../../http/respond.ts";
import type { Form } from "../../http/read-form.ts";
import { csrfField } from "../../view/layout.ts";
import type { ConsoleContext, Env } from "../../http/console-context.ts";
import { changing } from "./changing.ts";
import { settingsPage, sourceNote, versionField } from "./frame.ts";

const json: z.ZodType<Json> = z.json();

/** As people wrote it: durations are texts here, and how they are read is the schema's matter. */
const written = z.object({
  mailbox: z.record(z.string(), json).nullish(),
  recordings: z
    .object({
      retention: z
        .object({
          picturesAfter: z.string().nullable().optional(),
          tracesAfter: z.string().nullable().optional(),
          personalAfter: z.string().nullable().optional(),
          maxBytes: z.number().nullable().optional(),
        })
        .default({}),
    })
    .default({ retention: {} }),
});

/** 設定 › 平台與信箱: where the portal is, where its mail comes, how long pictures are kept. */
export function portalSettings(app: Hono<Env>, world: ConsoleContext): void {
  app.get("/settings/portal", requireRole("manage", world), async (c) => {
    const read = await world.settings.read();
    const session = c.get("session");
    const { portal, mailbox } = world.config();
    const { retention } = written.parse(read.written).recordings;
    const begin = (action: string): Markup =>
      html`<form method="post" action="${action}" class="stack card">${csrfField(session)}${versionField(read.version)}`;
    const save = html`<div class="actions"><button class="primary">存檔</button></div></form>`;
    const body = html`<h2>平台</h2>${sourceNote(read.own, "portal", session, read.version)}
${begin("/settings/portal")}<div class="grid">${input("address", "平台網址", portal.address, html` type="url" required`)}
${input("allocationDay", "平台自動配號日（雙月幾日）", String(portal.allocationDay), html` type="number" min="1" max="28" required`)}
${input("maxVisits", "同時最多幾個瀏覽器", String(portal.maxVisits), html` type="number" min="1" max="8" required`)}</div>
<p class="hint">換成另一個平台網址後，第一次送出前要重新確認帳號與密碼。</p>${save}
<h2>收信信箱</h2>${sourceNote(read.own, "mailbox", session, read.version)}
${begin("/settings/mailbox")}<div class="grid">${input("host", "IMAP 主機", mailbox?.host ?? "", html` placeholder="imap.example.com"`, "留空就是不收信，只看平台的清單")}
${input("port", "連接埠", String(mailbox?.port ?? 993), html` type="number" min="1" max="65535"`)}
${input("user", "信箱帳號", mailbox?.user ?? "")}${input("folder", "資料夾", mailbox?.folder ?? "INBOX")}
<label class="field">加密連線<select name="secure"><option value="yes">TLS</option><option value="no"${mailbox?.secure === false ? html` selected` : null}>不加密</option></select></label></div>${save}
<p class="hint">接下來的執行就用新的信箱；「新信一到就知道」則要等下次啟動 serve。</p>
<h2>紀錄的保存</h2>${sourceNote(read.own, "recordings", session, read.version)}
${begin("/settings/retention")}<p class="hint">只刪結束了的執行的圖片、軌跡與有個人資料的檔案（中獎清冊、會員名單）；事件、其他檔案與雜湊永遠留著，驗證不受影響。留空就是不刪。</p><div class="grid">
${input("picturesAfter", "圖片留多久", retention.picturesAfter ?? "", html` placeholder="400d"`, "例如 400d")}
${input("tracesAfter", "操作軌跡留多久", retention.tracesAfter ?? "", html` placeholder="90d"`, "例如 90d")}
${input("personalAfter", "有個人資料的檔案留多久", retention.personalAfter ?? "", html` placeholder="180d"`, "例如 180d")}
${input("maxGigabytes", "全部最多（GB）", retention.maxBytes ? String(retention.maxBytes / 1e9) : "", html` type="number" min="0.1" step="0.1"`)}</div>${save}`;
    return settingsPage(c, world, "/settings/portal", body);
  });

  app.post(
    "/settings/portal",
    changing("set-portal", world, "/settings/portal", (form, { own }) => {
      const portal = {
        ...own.portal,
        address: text(form, "address"),
        allocationDay: Number(text(form, "allocationDay")),
        maxVisits: Number(text(form, "maxVisits")),
      };
      return Promise.resolve({ change: { portal }, about: { portal } });
    }),
  );

  app.post(
    "/settings/mailbox",
    changing("set-mailbox", world, "/settings/portal", (form, read) => {
      const host = text(form, "host");
      // What the form does not show is kept: from whom mails come, how the mailbox lets the robot in.
      const mailbox: Json = {
        ...written.parse(read.written).mailbox,
        host,
        port: Number(text(form, "port")),
        user: text(form, "user"),
        folder: text(form, "folder") || "INBOX",
        secure: text(form, "secure") !== "no",
      };
      return Promise.resolve({
        change: { mailbox: host === "" ? null : mailbox },
        about: { mailbox: host === "" ? null : mailbox },
      });
    }),
  );

  app.post(
    "/settings/retention",
    changing("set-retention", world, "/settings/portal", (form, { own }) => {
      const gigabytes = text(form, "maxGigabytes");
      const retention = {
        picturesAfter: text(form, "picturesAfter") || null,
        tracesAfter: text(form, "tracesAfter") || null,
        personalAfter: text(form, "personalAfter") || null,
        maxBytes: gigabytes === "" ? null : Math.round(Number(gigabytes) * 1e9),
      };
      return Promise.resolve({ change: { recordings: { ...own.recordings, retention } }, about: { retention } });
    }),
  );
}

function text(form: Form, name: string): string {
  return fieldOf(form, name).trim();
}

function input(name: string, label: string, value: string, more: Markup | null = null, hint = ""): Markup {
  return html`<label class="field">${label}<input name="${name}" value="${value}"${more}>${hint === "" ? null : html`<span class="hint">${hint}</span>`}</label>`;
}
