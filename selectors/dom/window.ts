import type { Page } from "playwright";
import type { Ear } from "./dialogs.ts";

/** What page objects work on: the browser's page and what it says in dialogs. */
export interface Surface {
  readonly page: Page;
  readonly ear: Ear;
}

/** A surface on which each page of the business can be opened, and is recognised. */
export interface Places extends Surface {
  /** Opens 電子發票專用字軌號碼取號 anew. */
  openTracks(): Promise<void>;
  /** Opens 上傳空白未使用發票號碼 anew. */
  openBlankNumbers(): Promise<void>;
  /** Opens 漏上傳資料清冊 anew. */
  openMissingUploads(): Promise<void>;
  /** Opens 中獎清冊下載 anew. */
  openWinningLists(): Promise<void>;
}
