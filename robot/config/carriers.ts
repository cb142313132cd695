import { z } from "zod";
import { siteAddress } from "./site-address.ts";

/** 會員載具歸戶: where carriers' pages are. */
export const carriers = z.strictObject({
  /** Hosts of the member sites and of the short links that they send; `*.` stands for any name before it. No other link is opened. */
  hosts: z.array(z.string().min(1)).default([]),
  /** Address of a carrier's page at the member site, with `{member}` in it: for lists that name carriers by 會員編號. */
  memberPage: siteAddress("memberPage")
    .refine((text) => decodeURI(text).includes("{member}"), "memberPage 要有 {member}，代表會員編號")
    .nullable()
    .default(null),
});
