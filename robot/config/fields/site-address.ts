import { z } from "zod";
import { isConfidential } from "../../lib/loopback.ts";

/**
 * The address of a site at which the robot signs in: `https:`, or `http:` on this machine only, since a password sent over `http:` can
 * be read by everybody on the way. A name before an `@` is refused: it makes another site's address look like the one that was meant.
 * @param what what people call the site, for the messages
 */
export function siteAddress(what: string): z.ZodType<string, string> {
  return z.url({ protocol: /^https?$/, error: `${what}須是 https:// 開頭` }).superRefine((text, context) => {
    const url = URL.parse(text);
    // What is no address at all was said already.
    if (url === null) return;
    if (url.username !== "" || url.password !== "") {
      context.addIssue({ code: "custom", message: `${what}裡不可以有 @ 前面的帳號或密碼` });
    }
    if (!isConfidential(url)) {
      const message = `${what}須是 https:// 開頭；http:// 只能用在這台電腦（127.0.0.1），否則密碼會在網路上明文傳送`;
      context.addIssue({ code: "custom", message });
    }
  });
}
