import { Hono } from "hono";
import { z } from "zod";
import { changeMailboxList, isVerified, type MailboxListRefusal, NOT_VERIFIED } from "../../common/mailbox-list.ts";
import type { SiteEnv } from "../../common/site-env.ts";
import type { World } from "../../model/world.ts";
import { body, problem } from "./site-env.ts";

const change = z.object({ address: z.string().trim(), password: z.string().optional() });

const refusals: Readonly<Record<MailboxListRefusal, string>> = {
  "not-an-address": "電子郵件信箱格式錯誤",
  "listed-already": "電子郵件信箱已存在",
  "not-listed": "查無此電子郵件信箱",
  "list-full": "電子郵件信箱已達筆數上限",
};

/** 取號電子郵件信箱維護: whom the portal tells that numbers were allocated. */
export function mailboxListApi(world: World): Hono<SiteEnv> {
  const { config } = world;
  const api = new Hono<SiteEnv>();

  api.get("/", (context) => {
    const { company } = context.get("session");
    return context.json({ addresses: company.mailboxList, askPassword: config.pages.askPasswordOnSave });
  });

  for (const action of ["add", "delete"] as const) {
    api.post(`/${action}`, async (context) => {
      const sent = await body(context, change);
      if (sent === null) return problem(context, 400, "欄位檢核錯誤");
      const session = context.get("session");
      if (!isVerified(world, session, sent.password)) return problem(context, 403, NOT_VERIFIED);
      const refusal = changeMailboxList(world, session, action, sent.address);
      if (refusal !== null) return problem(context, refusal === "not-an-address" ? 400 : 422, refusals[refusal]);
      const addresses = session.company.mailboxList;
      return context.json({ message: action === "add" ? "新增成功" : "刪除成功", addresses });
    });
  }

  return api;
}
