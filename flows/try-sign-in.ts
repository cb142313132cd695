import { z } from "zod";
import { defineFlow, type FlowResult } from "../robot/engine/flow.ts";

const signIn = z.object({ design: z.enum(["classic", "current"]).nullable().default(null) });
type SignIn = z.input<typeof signIn>;

/**
 * 試登入: signs in once, pictures where that leads, and signs out.
 *
 * By hand: type the password just stored, see that the portal takes it, and leave. A password that is refused switches the account off until
 * another one is stored, as in every run.
 */
export const trySignIn = defineFlow({
  name: "try-sign-in",
  title: { zh: "試登入", en: "try the sign-in" },
  about: {
    zh: "用存好的密碼登入平台一次就登出，看密碼對不對；什麼都不改。",
    en: "signs in once with the stored password and out again; changes nothing",
  },
  version: 1,
  input: z.strictObject({}),
  does: ["用存好的帳號密碼登入一次；被拒絕就不再試，帳號先停用", "拍下登入後的畫面，登出"],
  final: null,
  facts: signIn,
  tell: ({ design }) => (design === null ? [] : ["平台接受這組帳號密碼"]),
  async run({ step, visit, record }): Promise<FlowResult<SignIn>> {
    const design = await step("sign-in", "登入一次", () =>
      visit(async (portal) => {
        await record("登入後的畫面", { picture: true });
        return portal.design;
      }),
    );
    return { outcome: "done", design, notes: ["登入成功，已登出，什麼都沒有改"] };
  },
});
