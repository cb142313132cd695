import { z } from "zod";
import { duration } from "../fields/duration.ts";
import { siteAddress } from "../fields/site-address.ts";

/** A company's account at the value-added platform (雲端發票加值平台) that issues its invoices. */
export const platformAccount = z.strictObject({
  /** Address of its sign-in page. */
  address: siteAddress("加值平台網址"),
  /** 帳號 at the platform. */
  user: z.string().min(1),
  /** Other hosts whose pages and scripts it may load. `*.` stands for any name before it. */
  hosts: z.array(z.string().min(1)).default([]),
});

/** What is the same for every company's platform. */
export const platformSettings = z.strictObject({
  /** Waiting for 產生空白字軌, which takes 3 to 10 minutes. Each look is a sign-in. */
  fileGenerationWait: z
    .strictObject({ first: duration.prefault("3m"), every: duration.prefault("3m"), timeout: duration.prefault("1h") })
    .prefault({}),
});

export type PlatformAccount = z.output<typeof platformAccount>;
