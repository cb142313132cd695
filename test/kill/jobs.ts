import type { Installation } from "../kit/installation.ts";
import { ledgerOf, NEXT } from "../kit/portal.ts";

/** A job whose effects are drilled: what is run, and how often each of its acts has happened at the portal. */
export interface Job {
  readonly flow: string;
  readonly input: { readonly [name: string]: string | number };
  /** By name of the effect. An effect that is not named here makes the drill fail: somebody has to say how it is counted. */
  readonly happened: { readonly [effect: string]: (installation: Installation) => number };
}

/** Every flow that changes the portal. */
export const JOBS: readonly Job[] = [
  {
    flow: "take-tracks",
    input: { period: NEXT, category: "07", books: 3 },
    happened: {
      登錄通知信箱: ({ portal, ubn }) =>
        ledgerOf(portal, "mailbox-list", ubn).filter(({ action }) => action === "add").length,
      提交取號: ({ portal, ubn }) => ledgerOf(portal, "take-submitted", ubn).filter(({ accepted }) => accepted).length,
    },
  },
];

/** Flows that only read: no effect may turn up in them. */
export const READING: readonly string[] = ["download-tracks"];
