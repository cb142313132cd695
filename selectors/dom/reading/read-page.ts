import { setTimeout as delay } from "node:timers/promises";
import type { BrowserContext, Frame, Locator, Page } from "playwright";
import { askMainFrame } from "./ask-page.ts";
import { AT_HAND, INSTALLED, READER } from "./in-page/source.ts";
import type { FrameReading } from "./in-page/reader.ts";
import type { PageReading } from "./reading.ts";
import { TIMING } from "../timing.ts";

/**
 * Reads a page as it stands now: one question to each of its frames. A page that is just being left, or drawn for the first time, is
 * read once it is there.
 * @throws Error of the browser when the page is gone for good
 */
export function readPage(page: Page): Promise<PageReading> {
  const shared = asking.get(page);
  if (shared !== undefined) return shared;
  // Anyone who asks in the same turn gets the answer to one question, which is asked after all of them.
  const reading = Promise.resolve().then(() => {
    asking.delete(page);
    return readOnceThere(page);
  });
  asking.set(page, reading);
  return reading;
}

const asking = new WeakMap<Page, Promise<PageReading>>();

async function readOnceThere(page: Page): Promise<PageReading> {
  const deadline = Date.now() + TIMING.left;
  for (;;) {
    try {
      return await readFrames(page);
    } catch (error) {
      if (page.isClosed() || !isLeaving(error) || Date.now() > deadline) throw error;
      await delay(TIMING.betweenReadings);
    }
  }
}

/** Reads only what is in an element, such as a row of a list. @throws Error of the browser when it is gone */
export async function readWithin(scope: Locator): Promise<PageReading> {
  const reading = (await readElement(scope)) ?? (await installed(scope));
  if (reading === null) throw new Error("The reader is not in the page.");
  return { ...reading, frames: [reading.address] };
}

async function installed(scope: Locator): Promise<FrameReading | null> {
  const handle = await scope.elementHandle();
  const frame = await handle?.ownerFrame();
  await frame?.evaluate(`void ${READER}`);
  return readElement(scope);
}

function readElement(scope: Locator): Promise<FrameReading | null> {
  const read = (element: Element, key: string): FrameReading | null => {
    const installed: unknown = Reflect.get(globalThis, Symbol.for(key));
    if (typeof installed !== "object" || installed === null || !("read" in installed)) return null;
    // The page's own copy of the reader.
    const reader = installed as { read(element: Element): FrameReading };
    return reader.read(element);
  };
  return scope.evaluate(read, INSTALLED, { timeout: TIMING.within });
}

async function readFrames(page: Page): Promise<PageReading> {
  const main = page.mainFrame();
  const readings = [{ frame: main, reading: await readFrame(main) }];
  for (let at = 0; at < readings.length; at++) {
    const outer = readings[at];
    if (outer === undefined || outer.reading.inner.length === 0) continue;
    for (const frame of outer.frame.childFrames()) {
      if (frame.isDetached() || !(await isSeen(frame))) continue;
      const reading = await readFrame(frame).catch((error: unknown) => {
        // One frame that can't be read, such as one that is blocked, is not the page.
        if (page.isClosed()) throw error;
        return null;
      });
      if (reading) readings.push({ frame, reading });
    }
  }
  frameLists.set(
    page,
    readings.map(({ frame }) => frame),
  );
  return combine(
    readings.map(({ reading }) => reading),
    page.frames().map((frame) => frame.url()),
  );
}

async function isSeen(frame: Frame): Promise<boolean> {
  const holder = await frame.frameElement().catch(() => null);
  return holder !== null && (await holder.isVisible().catch(() => false));
}

/** Has the reader at hand in every page of the context, so that it need not be sent to each. */
export async function keepReaderAtHand(context: BrowserContext): Promise<void> {
  await context.addInitScript(AT_HAND);
}

interface Kept {
  /** Of the page as it stood then; see `changeCounter`. */
  readonly word: string;
  readonly reading: FrameReading;
}

/** The last reading of each frame. It is the reading of now as long as the page says that nothing has changed. */
const lastReadings = new WeakMap<Frame, Kept>();

async function readFrame(frame: Frame): Promise<FrameReading> {
  const last = lastReadings.get(frame) ?? null;
  const question = `${INSTALLED_READER}?.readSince(${JSON.stringify(last?.word ?? null)})`;
  let answer = await ask(frame, answerTo(question));
  // Only a document that has no reader yet is sent one.
  if (answer === "absent") answer = await ask(frame, answerTo(`${READER}.readSince(null)`));
  if (answer === "same" && last !== null) return last.reading;
  // What our own reader in the page has written.
  const kept = JSON.parse(answer) as Kept;
  lastReadings.set(frame, kept);
  return kept.reading;
}

const INSTALLED_READER = `globalThis[Symbol.for(${JSON.stringify(INSTALLED)})]`;

function answerTo(question: string): string {
  return `(() => { const said = ${question}; return said === undefined ? "absent" : said === null ? "same" : JSON.stringify(said); })()`;
}

async function ask(frame: Frame, expression: string): Promise<string> {
  const page = frame.page();
  return String(frame === page.mainFrame() ? await askMainFrame(page, expression) : await frame.evaluate(expression));
}

/**
 * Ends as soon as the page changes after it was read last, or after the given number of milliseconds. A page that can't be asked is waited for that long.
 */
export async function untilChanged(page: Page, within: number): Promise<void> {
  const word = lastReadings.get(page.mainFrame())?.word;
  const passed = delay(within);
  if (word === undefined) return passed;
  const question = `${INSTALLED_READER}?.nextChange(${JSON.stringify(word)}, ${within})`;
  const changed = askMainFrame(page, question).then(
    () => undefined,
    () => passed,
  );
  await Promise.race([changed, passed]);
}

/** The frames of the last reading of each page, by the numbers that the reading gives them. */
const frameLists = new WeakMap<Page, readonly Frame[]>();

/** @throws Error when there is no such frame any more */
export function frameOf(page: Page, number: number): Frame {
  const frame = frameLists.get(page)?.[number] ?? (number === 0 ? page.mainFrame() : undefined);
  if (!frame) throw new Error(`The page has no frame ${number} any more.`);
  return frame;
}

/** Handles are numbers of one frame: where there are several, the frame's number tells them apart, and what is inside comes last. */
function combine(readings: readonly FrameReading[], addresses: readonly string[]): PageReading {
  const [first, ...others] = readings;
  if (first === undefined) throw new Error("A page has a frame.");
  const { inner: _inner, ...main } = first;
  let reading: PageReading = { ...main, frames: addresses };
  others.forEach((frame, at) => {
    const number = at + 1;
    const order = number * 100_000;
    const path = (own: string): string => `${number}:${own}`;
    reading = {
      ...reading,
      breadcrumb: reading.breadcrumb || frame.breadcrumb,
      headings: [...reading.headings, ...frame.headings.map((one) => ({ ...one, order: one.order + order }))],
      layers: [...frame.layers.map((one) => ({ ...one, frame: number })), ...reading.layers],
      messages: [...reading.messages, ...frame.messages],
      lines: [
        ...reading.lines,
        ...frame.lines.map((one) => ({ ...one, frame: number, order: one.order + order, path: path(one.path) })),
      ],
      controls: [
        ...reading.controls,
        ...frame.controls.map((one) => ({ ...one, frame: number, order: one.order + order, path: path(one.path) })),
      ],
      lists: [...reading.lists, ...frame.lists.map((one) => ({ ...one, frame: number, order: one.order + order }))],
      steps: [...reading.steps, ...frame.steps],
      busy: reading.busy || frame.busy,
    };
  });
  return reading;
}

/** What the browser says of a page that is just being left. */
export function isLeaving(error: unknown): boolean {
  return (
    error instanceof Error &&
    /context was destroyed|Cannot find (default execution )?context|frame (was|got) detached|navigat|documentElement|reading '|not of type 'Element'/i.test(
      error.message,
    )
  );
}
