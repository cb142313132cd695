/**
 * How long pages are waited for, in milliseconds, all in one place. A slow installation, or a test, scales all of them by one setting:
 * `portal.pageTiming` of the configuration, or the environment's `EINVOICE_PAGE_TIMING` where that says nothing.
 */
const SCALED = {
  /** For a part of a page to show: portals render late. */
  appear: 20_000,
  /** For a list after it was asked for. */
  list: 20_000,
  /** Without any request, after which a press is taken to be swallowed: it is made again. */
  swallowed: 5_000,
  /** For a page to draw the answer to its request. */
  redraw: 1_500,
  /** After which a list has nothing below it. */
  below: 3_000,
  /** For a drawn choice to open, or to show what was chosen. */
  choice: 3_000,
  /** For the portal to fill a choice with what it offers: one that is still empty offers nothing yet. */
  fill: 15_000,
  /** For a drawn choice to close. */
  close: 400,
  /** After which something that can't be pressed is taken to be covered. */
  covered: 1_500,
  /** For what covers a button to go away. */
  uncovered: 15_000,
  /** For a download to begin. */
  download: 30_000,
  /** After the portal has said something in a dialog, instead of the download as it seems. */
  said: 3_000,
  /** For a page of the menu to show itself, and for a group of it to open. */
  page: 20_000,
  menu: 5_000,
  draw: 1_500,
  /** For the form of a tab to show after its press. */
  form: 5_000,
  /** For the line of the quota to come, and after how long without a request the page asks for none. */
  quota: 5_000,
  asked: 500,
  settled: 200,
  /** For the list of addresses to fill. */
  addresses: 6_000,
  /** For the first thing to search by, before its tab is pressed. */
  tab: 5_000,
  /** For the portal to answer a submit, before its silence is `unknown`. */
  answer: 30_000,
  /** A form has come to rest when for so long no request was under way, nothing of it was redrawn and no value changed. */
  rest: 1_200,
  /** The same between two steps of filling it, where what comes later is found by the rest before the press. */
  settle: 250,
  /** Between two readings of a form that is to come to rest. */
  reading: 150,
  /** A request that has no answer for so long is not one that the form waits for: a page may hold one open for news. */
  heldOpen: 10_000,
  /** After so long of steady values and no request, a page that only keeps drawing has come to rest as far as it ever will. */
  drawing: 5_000,
  /** A form that has not come to rest by then never will. */
  restless: 30_000,
  /** For a button to be there and free to be clicked. */
  aim: 20_000,
  /** For a page to say whether a click has reached it. */
  askPage: 2_000,
  /** For a page to answer a question at all. */
  silent: 30_000,
  /** For a page that is just being left to be there again. */
  left: 5_000,
  /** What is in an element is read while that is there, not waited for. */
  within: 3_000,
  /** For something that lies over the page to be gone after it was closed, and for the press on what closes it. */
  gone: 2_000,
  closer: 2_000,
  /** For the sign-in page to show itself, and for its form to follow a click on an identity. */
  signInPage: 30_000,
  identity: 4_000,
  /** For the picture of a captcha to follow the focus, and for another one to come. */
  picture: 2_000,
  anotherPicture: 4_000,
  carrierPicture: 10_000,
  /** For the portal to answer a sign-in, for the page to be left after it has let us in, and for the page inside to say what it has to say. */
  signIn: 45_000,
  leave: 12_000,
  inside: 1_200,
  /** After the portal's answer, in which words that nobody knows may still be followed by some that are. */
  unknownWords: 3_000,
  /** After so long without a token the portal must keep its session elsewhere; the next page will tell. */
  token: 25_000,
  /** For a row of the value-added platform to show that it was chosen, and after which its list is asked for again. */
  chosenRow: 2_000,
  refresh: 5_000,
  /** For a member site to hear from the portal. */
  memberSite: 10_000,
} as const;

/** What does not depend on how quick the portal is. */
const FIXED = {
  /** Between two looks at a page that is answering, where nothing on it changes, and where it does. */
  betweenLooks: 250,
  afterLook: 30,
  betweenReadings: 60,
  betweenReloads: 1_000,
  /** Between two looks at how much of a download has come. */
  received: 250,
  /** For a person to bind with a card. */
  person: 10 * 60_000,
} as const;

type Timing = { readonly [name in keyof typeof SCALED | keyof typeof FIXED]: number };

const current = { ...SCALED, ...FIXED } as { -readonly [name in keyof Timing]: number };

export const TIMING: Timing = current;

/** How much longer than usual pages may take: 0.1 to 20. */
const LEAST_SCALE = 0.1;
const MOST_SCALE = 20;

/** Scales all of them, in this process, from now on. @param scale undefined for what the environment says, 1 where it says nothing */
export function scaleTiming(scale: number | undefined): void {
  const asked = scale ?? Number(process.env["EINVOICE_PAGE_TIMING"] ?? 1);
  const factor = asked >= LEAST_SCALE && asked <= MOST_SCALE ? asked : 1;
  for (const [name, milliseconds] of Object.entries(SCALED))
    Object.assign(current, { [name]: Math.round(milliseconds * factor) });
}

scaleTiming(undefined);

/** A download that has begun and of which nothing more comes for so long has stalled. */
export const STALLED_MS = 60_000;
/** How long a whole download may take, however steadily it comes. */
export const DOWNLOAD_WHOLE_MS = 30 * 60_000;
/** Bytes; no file of the portal is larger, the list of winners of a large firm included. */
export const DOWNLOAD_LARGEST = 256 * 1024 * 1024;
