import { z } from "zod";
import { siteAddress } from "../fields/site-address.ts";

/** 會員載具歸戶: where carriers' pages are. */
export const carrierSettings = z.strictObject({
  /** Hosts of the member sites and of the short links that they send; `*.` stands for any name before it. No other link is opened. */
  hosts: z.array(z.string().min(1)).default([]),
  /**
   * Digests (SHA-256, in hexadecimal) of the texts that the portal has people agree to with a tick box on its page of 會員載具歸戶, and that a
   * person has read. A text that is not among them is shown and not agreed to.
   */
  agreedTerms: z
    .array(z.string().regex(/^[0-9a-f]{64}$/, "agreedTerms 要的是條文的 SHA-256（64 個十六進位字）"))
    .default([]),
  /** Address of a carrier's page at the member site, with `{member}` in it: for lists that name carriers by 會員編號. */
  memberPage: siteAddress("memberPage")
    .refine((text) => decodeURI(text).includes("{member}"), "memberPage 要有 {member}，代表會員編號")
    .nullable()
    .default(null),
});
