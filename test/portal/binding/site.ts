import { Hono } from "hono";
import { z } from "zod";
import type { SiteEnv } from "../common/site-env.ts";
import { CARD_TYPE } from "../model/carriers.ts";
import type { CarrierRefusal } from "../model/ledger.ts";
import type { World } from "../model/world.ts";
import { addressOfToday, todaysPages } from "./today.ts";
import {
  type Back,
  BASES,
  bindingPage,
  certificateContent,
  chooseContent,
  confirmContent,
  endContent,
  type Look,
  phoneContent,
} from "./pages.ts";

const base64 = z.string().transform((text) => Buffer.from(text, "base64").toString("utf8"));
/** What the member site's form sends. */
const entry = z.object({
  card_ban: z.string().regex(/^\d{8}$/),
  card_no1: base64,
  card_no2: base64,
  card_type: base64.pipe(z.literal(CARD_TYPE)),
  back_url: z.url(),
  token: z.string().min(1),
});
const step = z.object({
  passage: z.string(),
  kind: z.string().default(""),
  phone: z.string().default(""),
  code: z.string().default(""),
});

const REFUSALS: Readonly<Record<CarrierRefusal, string>> = {
  "no-passage": "連線逾時，請重新操作",
  "bound-already": "此會員載具已歸戶，不得重複歸戶",
  stopped: "此手機條碼已停用，無法歸戶",
};

/** 會員載具歸戶 at both of its addresses; nobody signs in here, so it is the same whatever design the business pages have. */
export function bindingSite(world: World, tokenAddress: () => string): Hono<SiteEnv> {
  const site = new Hono<SiteEnv>();
  for (const look of ["membercardlogin", "BTC103I"] as const) bindingPages(site, world, look, tokenAddress);
  todaysPages(site, world);
  return site;
}

function bindingPages(site: Hono<SiteEnv>, { carriers, config }: World, look: Look, tokenAddress: () => string): void {
  const base = BASES[look];
  const page = (
    passage: string,
    content: Parameters<typeof bindingPage>[0]["content"],
    says = "",
    back: Back | null = null,
  ) => bindingPage({ look, passage, content, says, back });

  for (const path of [base, `${base}/`]) {
    site.post(path, async (context) => {
      const sent = entry.safeParse(await context.req.parseBody());
      if (!sent.success) return context.html(page("", endContent(look, "會員載具資料錯誤")));
      const { card_no1: card, token, back_url: backUrl } = sent.data;
      const asked = await fetch(tokenAddress(), {
        method: "POST",
        body: new URLSearchParams({ token, card_no1: card }),
      });
      const passage = (await asked.text()) === "Y" ? carriers.open(card, backUrl) : null;
      if (passage === null) return context.html(page("", endContent(look, "會員載具驗證失敗，請洽會員網站")));
      if (look === "BTC103I" && config.member.page === "one") return context.redirect(addressOfToday(passage, card));
      return context.html(page(passage, chooseContent(look)));
    });
  }

  site.post(`${base}/choose`, async (context) => {
    const { passage, kind } = step.parse(await context.req.parseBody());
    return context.html(
      page(
        passage,
        kind === "certificate" ? certificateContent(look, config.member.cardReadMs) : phoneContent(look, ""),
      ),
    );
  });

  site.post(`${base}/verify`, async (context) => {
    const { passage, phone, code } = step.parse(await context.req.parseBody());
    const found = carriers.verify(passage, phone, code);
    if (found === null) return context.html(page(passage, phoneContent(look, phone), "手機或驗證碼錯誤"));
    const data = { barcode: found.holder.barcode, type: CARD_TYPE, card: found.card };
    return context.html(page(passage, confirmContent(look, data)));
  });

  for (const act of ["bind", "certificate"] as const) {
    site.post(`${base}/${act}`, async (context) => {
      const { passage } = step.parse(await context.req.parseBody());
      const refusal = act === "bind" ? carriers.bind(passage) : carriers.bindByCertificate(passage);
      const words = refusal === null ? "會員載具歸戶成功" : REFUSALS[refusal];
      const url = carriers.backUrl(passage);
      const back = url === null ? null : { url, flag: refusal === null ? ("Y" as const) : ("N" as const) };
      return context.html(page(passage, endContent(look, words), words, back));
    });
  }
}
