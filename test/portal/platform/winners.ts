import type { Context, Hono } from "hono";
import { html, raw } from "hono/html";
import { z } from "zod";
import type { SiteEnv } from "../common/site-env.ts";
import type { PlatformVisitor } from "../model/platform/platform.ts";
import type { World } from "../model/world.ts";
import { attachment, type Inside, timeWords } from "./answers.ts";
import { type Markup, periodSelect, rowsTable, shell } from "./layout.ts";
import { paperOf } from "./paper.ts";

/** A few of the real ones: enough to choose from. */
const TOWNS: Readonly<Record<string, readonly string[]>> = {
  台北市: ["中正區", "大同區", "信義區"],
  新北市: ["板橋區", "永和區"],
  高雄市: ["鹽埕區", "前金區"],
};

const order = z.object({
  period: z.string(),
  numbers: z.string(),
  name: z.string(),
  zip: z.string(),
  county: z.string(),
  town: z.string(),
  street: z.string(),
});

const REFUSALS = {
  "no-winner": "請選取欲寄送的中獎發票",
  incomplete: "收件人資料不完整，無法郵寄",
  "no-credit": "點數不足，無法郵寄",
} as const;

/** 會員載具中獎發票清冊 and 查詢發票寄送歷程 (seed 000). */
export function winnersPages(site: Hono<SiteEnv>, world: World, inside: Inside): void {
  const { platform } = world;
  const page = (visitor: PlatformVisitor, period: string, says = ""): Markup =>
    shell({ content: winnersContent(world, visitor, period), says });
  const asked = (context: Context): string => context.req.query("period") ?? "";

  site.get(
    "/winners",
    inside((context, visitor) => {
      const period = asked(context);
      const isEmpty = period !== "" && platform.winners(visitor.company, period).length === 0;
      return context.html(page(visitor, period, isEmpty ? "查無資料" : ""));
    }),
  );
  site.get(
    "/winners/list",
    inside((context, { company }) => {
      const period = asked(context);
      const rows = platform
        .winners(company, period)
        .map(({ number, day, total, prize, money, member }) =>
          [period, number, day, total, prize, money, company.ban, member].join(","),
        );
      const header = "字軌期別,發票號碼,發票日期,金額,獎項,中獎獎金,統一編號,會員識別";
      const content = Buffer.from([header, ...rows].map((row) => `${row}\r\n`).join(""));
      platform.noteFile(company.ban, "winners", content);
      return attachment(context, { name: `中獎清冊_${period}.csv`, content });
    }),
  );
  site.get(
    "/winners/print",
    inside((context, { company }) => {
      const content = paperOf((context.req.query("numbers") ?? "").split(","));
      platform.noteFile(company.ban, "print", content);
      return attachment(context, { name: `中獎發票_${asked(context)}.pdf`, content });
    }),
  );
  site.post(
    "/winners/mail",
    inside(async (context, visitor) => {
      const { period, numbers, ...recipient } = order.parse(await context.req.parseBody());
      const refusal = platform.mail(visitor, period, numbers.split(","), recipient);
      return context.html(page(visitor, period, refusal === null ? "郵寄申請成功" : REFUSALS[refusal]));
    }),
  );
  site.get(
    "/deliveries",
    inside((context, { company: { ban } }) => {
      const period = asked(context);
      const rows = platform.deliveries(ban, period).map(({ number, recipient, at }) => ({
        id: number,
        cells: [number, recipient.name, timeWords(at), "已受理"],
      }));
      const content = html`<h2>查詢發票寄送歷程</h2>
        <form>${periodSelect(platform.periods(), period)} <p><button>查詢</button></p></form>
        ${period === "" ? "" : rowsTable(["發票號碼", "收件人名稱", "申請時間", "寄送狀態"], rows)}
        ${period !== "" && rows.length === 0 ? html`<p>查無資料</p>` : ""}`;
      return context.html(shell({ content }));
    }),
  );
}

function winnersContent({ platform }: World, { company }: PlatformVisitor, period: string): Markup {
  const rows = platform.winners(company, period).map(({ number, day, total, prize }) => ({
    id: number,
    cells: [period, number, day, String(total), "1553", prize],
  }));
  return html`<h2>會員載具中獎發票清冊</h2>
    <form>
      ${periodSelect(platform.periods(), period)}
      <p>
        <button>查看明細</button>
        <a class="button" href="javascript:void(0)" onclick="openMailing()">郵寄實體中獎發票</a>
        <a class="button" href="javascript:void(0)" onclick="fetchList()">下載中獎清冊</a>
        <a class="button" href="javascript:void(0)" onclick="print()">列印</a>
      </p>
    </form>
    ${rowsTable(["字軌期別", "發票號碼", "發票日期", "金額", "隨機碼", "中獎獎金"], rows)}
    ${mailingBox(period)}
    <script>
      const period = ${raw(JSON.stringify(period))};
      const towns = ${raw(JSON.stringify(TOWNS))};
      function fetchList() {
        location.href = "/winners/list?period=" + chosenPeriod();
      }
      function chosenPeriod() {
        return document.querySelector("select[name=period]").value;
      }
      function print() {
        if (chosenRows().length === 0) alert("請選取欲列印的中獎發票");
        else window.open("/winners/print?period=" + period + "&numbers=" + chosenRows().join(","));
      }
      function openMailing() {
        if (chosenRows().length === 0) return alert("請選取欲寄送的中獎發票");
        document.querySelector("input[name=numbers]").value = chosenRows().join(",");
        document.querySelector(".modal").hidden = false;
      }
      function showTowns(county) {
        document.querySelector("select[name=town]").innerHTML =
          '<option value="">請選擇</option>' + (towns[county] || []).map((town) => "<option>" + town + "</option>").join("");
      }
    </script>`;
}

function mailingBox(period: string): Markup {
  return html`<div class="modal" role="dialog" hidden>
    <h3>郵寄中獎實體發票</h3>
    <form method="post" action="/winners/mail">
      <input type="hidden" name="period" value="${period}" />
      <input type="hidden" name="numbers" value="" />
      <p>收件人名稱 <input name="name" /></p>
      <p>郵遞區號 <input name="zip" /></p>
      <p>縣市 <select name="county" onchange="showTowns(this.value)">
        <option value="">請選擇</option>
        ${Object.keys(TOWNS).map((county) => html`<option>${county}</option>`)}
      </select></p>
      <p>鄉鎮市區 <select name="town"><option value="">請選擇</option></select></p>
      <p>地址 <input name="street" size="60" /></p>
      <p>收件人名稱請填寫正確，否則可能會查無此人投遞被退回</p>
      <p><a class="button" href="/winners?period=${period}">取消</a> <button>確定郵寄實體中獎發票</button></p>
    </form>
  </div>`;
}
