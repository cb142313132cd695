/**
 * Runs in the page: tells whether anything that a reading shows can have changed since another moment. Mutations and events are counted as they
 * happen; what neither tells (a value that a script has set, the address, the window's size, a picture or a style sheet that has come) is
 * compared when it is asked for. Self-contained, since its source is sent to the page.
 */
export function changeCounter() {
  const EVENTS = [
    "input",
    "change",
    "toggle",
    "scroll",
    "load",
    "resize",
    "focusin",
    "focusout",
    "pointerover",
    "pointerdown",
    "pointerup",
    "transitionend",
    "animationend",
  ];
  const WATCHED = { subtree: true, childList: true, characterData: true, attributes: true };
  /** Another document's counter never says the same. */
  const born = Math.random().toString(36).slice(2);
  const roots = new Set<Document | ShadowRoot>();
  let count = 0;
  let still = "";
  let waiting: (() => void)[] = [];

  const noted = (): void => {
    count++;
    const told = waiting;
    waiting = [];
    for (const tell of told) tell();
  };
  /** What is drawn over the page while it is pictured is nothing of the page's. */
  const isMark = (one: unknown): boolean =>
    one instanceof Node && Reflect.get(one, Symbol.for("page-reading.mark")) === true;
  const isOfPage = ({ type, addedNodes, removedNodes }: MutationRecord): boolean =>
    type !== "childList" || ![...addedNodes, ...removedNodes].every(isMark);
  const happened = ({ target }: Event): void => {
    if (!isMark(target)) noted();
  };
  const observer = new MutationObserver((records) => {
    if (records.some(isOfPage)) noted();
  });

  function watch(root: Document | ShadowRoot): void {
    // A document that is written again forgets its listeners; one that is there already is not added twice.
    for (const type of EVENTS) root.addEventListener(type, happened, { capture: true, passive: true });
    if (roots.has(root)) return;
    roots.add(root);
    observer.observe(root, WATCHED);
    noted();
  }

  /** What a person sees and no mutation tells. */
  function unobserved(): string {
    const said: unknown[] = [location.href, document.readyState, innerWidth, innerHeight, scrollX, scrollY];
    const visit = (root: Document | ShadowRoot): void => {
      watch(root);
      for (const one of root.querySelectorAll("*")) {
        if (one.shadowRoot) visit(one.shadowRoot);
        if (one.scrollTop !== 0 || one.scrollLeft !== 0) said.push(one.scrollTop, one.scrollLeft);
        if (one instanceof HTMLInputElement) said.push(one.value, one.checked, one.indeterminate, one.files?.length);
        else if (one instanceof HTMLTextAreaElement) said.push(one.value);
        else if (one instanceof HTMLSelectElement) said.push(one.selectedIndex, one.options.length);
        else if (one instanceof HTMLImageElement) said.push(one.complete, one.naturalWidth);
      }
      for (const sheet of [...root.styleSheets, ...root.adoptedStyleSheets]) said.push(rulesOf(sheet));
    };
    visit(document);
    return JSON.stringify(said);
  }

  function rulesOf(sheet: CSSStyleSheet): number {
    try {
      return sheet.cssRules.length;
    } catch {
      return -1;
    }
  }

  function isMoving(): boolean {
    return document.getAnimations().some(({ playState }) => playState === "running");
  }

  /** A word for the page as it stands: the same word means the same page. */
  function now(): string {
    const text = unobserved();
    if (text !== still || observer.takeRecords().some(isOfPage) || isMoving()) noted();
    still = text;
    return `${born}-${count}`;
  }

  /** Ends with the next change that is noted, or after the given number of milliseconds; at once where the page is not the one of that word. */
  function next(word: string, within: number): Promise<void> {
    if (word !== `${born}-${count}`) return Promise.resolve();
    return new Promise((resolve) => {
      waiting.push(resolve);
      setTimeout(resolve, within);
    });
  }

  watch(document);
  return { now, next };
}

export type ChangeCounter = ReturnType<typeof changeCounter>;
