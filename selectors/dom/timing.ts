/** How long pages are given, in milliseconds, in one place. */

/** A form has come to rest when for so long no request was under way, nothing of it was redrawn and no value changed. */
export const REST_MS = 1_200;
/** Between two readings of a form that is to come to rest. */
export const READING_MS = 150;
/** A request that has no answer for so long is not one that the form waits for: a page may hold one open for news. */
export const HELD_OPEN_MS = 10_000;
/** After so long of steady values and no request, a page that only keeps drawing has come to rest as far as it ever will. */
export const DRAWING_MS = 5_000;
/** A form that has not come to rest by then never will. */
export const RESTLESS_MS = 30_000;

/** For an announcement to be closed. */
export const CLOSE_MS = 10_000;
/** A download that has begun and of which nothing more comes for so long has stalled. */
export const STALLED_MS = 60_000;
/** How long a whole download may take, however steadily it comes. */
export const DOWNLOAD_WHOLE_MS = 30 * 60_000;
/** Bytes; no file of the portal is larger, the list of winners of a large firm included. */
export const DOWNLOAD_LARGEST = 256 * 1024 * 1024;

/** For a button to be there and free to be clicked. */
export const AIM_MS = 20_000;
/** For a page to say whether a click has reached it. */
export const ASK_PAGE_MS = 2_000;
