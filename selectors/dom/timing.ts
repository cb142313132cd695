/**
 * How long pages are waited for, in milliseconds, all in one place. A slow installation, or a test, scales all of them by one setting: the
 * environment's `EINVOICE_PAGE_TIMING`, 1 where it is not set.
 */
const SCALE = scaleOf(process.env["EINVOICE_PAGE_TIMING"]);

function scaleOf(text: string | undefined): number {
  const scale = Number(text ?? 1);
  return Number.isFinite(scale) && scale >= 0.1 && scale <= 20 ? scale : 1;
}

function ms(milliseconds: number): number {
  return Math.round(milliseconds * SCALE);
}

export const TIMING = {
  /** Between two looks at a page that is answering, where nothing on it changes, and where it does. */
  betweenLooks: 120,
  afterLook: 30,
  /** For a part of a page to show: portals render late. */
  appear: ms(20_000),
  /** For a list after it was asked for. */
  list: ms(20_000),
  /** Without any request, after which a press is taken to be swallowed: it is made again. */
  swallowed: ms(5_000),
  /** For a page to draw the answer to its request. */
  redraw: ms(1_500),
  /** After which a list has nothing below it. */
  below: ms(3_000),
  /** For a drawn choice to open, or to show what was chosen. */
  choice: ms(3_000),
  /** For the portal to fill a choice with what it offers: one that is still empty offers nothing yet. */
  fill: ms(15_000),
  /** For a drawn choice to close. */
  close: ms(400),
  /** After which something that can't be pressed is taken to be covered. */
  covered: ms(1_500),
  /** For what covers a button to go away. */
  uncovered: ms(15_000),
  /** For a download to begin. */
  download: ms(30_000),
  /** After the portal has said something in a dialog, instead of the download as it seems. */
  said: ms(3_000),
  /** For a page of the menu to show itself, and for a group of it to open. */
  page: ms(20_000),
  menu: ms(5_000),
  draw: ms(1_500),
  /** For the form of a tab to show after its press. */
  form: ms(5_000),
  /** For the line of the quota to come, and after how long without a request the page asks for none. */
  quota: ms(5_000),
  asked: ms(500),
  settled: ms(200),
  /** For the list of addresses to fill. */
  addresses: ms(6_000),
} as const;

/** A form has come to rest when for so long no request was under way, nothing of it was redrawn and no value changed. */
export const REST_MS = ms(1_200);
/** Between two readings of a form that is to come to rest. */
export const READING_MS = ms(150);
/** A request that has no answer for so long is not one that the form waits for: a page may hold one open for news. */
export const HELD_OPEN_MS = ms(10_000);
/** After so long of steady values and no request, a page that only keeps drawing has come to rest as far as it ever will. */
export const DRAWING_MS = ms(5_000);
/** A form that has not come to rest by then never will. */
export const RESTLESS_MS = ms(30_000);

/** For an announcement to be closed. */
export const CLOSE_MS = 10_000;
/** A download that has begun and of which nothing more comes for so long has stalled. */
export const STALLED_MS = 60_000;
/** How long a whole download may take, however steadily it comes. */
export const DOWNLOAD_WHOLE_MS = 30 * 60_000;
/** Bytes; no file of the portal is larger, the list of winners of a large firm included. */
export const DOWNLOAD_LARGEST = 256 * 1024 * 1024;

/** For a page to answer a question at all. */
export const PAGE_SILENT_MS = ms(30_000);

/** For a button to be there and free to be clicked. */
export const AIM_MS = ms(20_000);
/** For a page to say whether a click has reached it. */
export const ASK_PAGE_MS = ms(2_000);
