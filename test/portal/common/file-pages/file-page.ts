import type { Session } from "../../model/sign-in.ts";

/** A page on which a period is chosen and a file is downloaded: all that both designs need to know of it. */
export interface FilePage {
  /** The last part of its address, in both designs. */
  readonly id: string;
  readonly title: string;
  /** The function right to it. */
  readonly code: string;
  /** The group of each design's menu in which it is. */
  readonly group: { readonly current: string; readonly classic: string };
  /** What the button says that downloads. */
  readonly button: { readonly current: string; readonly classic: string };
  /** The file of a period; null where there is none. */
  file(session: Session, period: string): { readonly name: string; readonly content: Buffer } | null;
}
