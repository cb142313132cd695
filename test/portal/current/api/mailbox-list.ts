import { Hono } from "hono";
import { z } from "zod";
import type { World } from "../../model/world.ts";
import { body, problem, type SiteEnv } from "./site-env.ts";

const change = z.object({ address: z.string().trim(), password: z.string().optional() });

/** 取號電子郵件信箱維護: whom the portal tells that numbers were allocated. */
export function mailboxListApi(world: World): Hono<SiteEnv> {
  const { ledger, config } = world;
  const api = new Hono<SiteEnv>();

  api.get("/", (context) => {
    const { company } = context.get("session");
    return context.json({ addresses: company.mailboxList, askPassword: config.pages.askPasswordOnSave });
  });

  for (const action of ["add", "delete"] as const) {
    api.post(`/${action}`, async (context) => {
      const sent = await body(context, change);
      if (sent === null) return problem(context, 400, "欄位檢核錯誤");
      const { company, account } = context.get("session");
      if (config.pages.askPasswordOnSave && sent.password !== account.password) {
        return problem(context, 403, "驗證碼（密碼）錯誤，未取得授權");
      }
      const { address } = sent;
      const listed = company.mailboxList.includes(address);
      if (action === "add") {
        if (!z.email().safeParse(address).success) return problem(context, 400, "電子郵件信箱格式錯誤");
        if (listed) return problem(context, 422, "電子郵件信箱已存在");
        company.mailboxList.push(address);
      } else {
        if (!listed) return problem(context, 422, "查無此電子郵件信箱");
        company.mailboxList = company.mailboxList.filter((other) => other !== address);
      }
      ledger.append({ type: "mailbox-list", ban: company.ban, account: account.id, action, address });
      return context.json({ message: action === "add" ? "新增成功" : "刪除成功", addresses: company.mailboxList });
    });
  }

  return api;
}
