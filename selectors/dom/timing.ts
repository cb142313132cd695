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

/** For a button to be there and free to be clicked. */
export const AIM_MS = 20_000;
/** For a page to say whether a click has reached it. */
export const ASK_PAGE_MS = 2_000;
