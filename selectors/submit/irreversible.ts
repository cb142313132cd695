/** Only `press-once.ts` uses these, and only the engine's effects use that: the lint rules see to it. */
export const AIM: unique symbol = Symbol("aim");
export const PRESS: unique symbol = Symbol("press");

/**
 * A button that changes the portal. Page objects make it and hand it out; it has no method that presses it. Once pressed it is
 * spent, so that not even a slip of ours can press it twice.
 */
export interface Irreversible {
  readonly name: string;
  readonly [AIM]: () => Promise<void>;
  readonly [PRESS]: () => Promise<void>;
}

/** The click was never begun: the button was not there, or could not be clicked. Certainly nothing was sent. */
export class NotPressed extends Error {
  override readonly name = "NotPressed";

  constructor(button: string, reason: unknown) {
    super(`「${button}」 was not pressed`, { cause: reason });
  }
}

/**
 * @param aim finds the button and sees that it can be clicked now; presses nothing and may be called again. It returns the one real
 *   click, which is called at most once and throws `NotPressed` where it is known that the click was not begun
 */
export function irreversible(name: string, aim: () => Promise<() => Promise<void>>): Irreversible {
  let spent = false;
  let click: (() => Promise<void>) | null = null;
  return {
    name,
    [AIM]: async () => {
      click = await aim();
    },
    [PRESS]: async () => {
      if (spent) throw new Error(`「${name}」 was pressed before; an irreversible button is pressed once.`);
      spent = true;
      const aimed =
        click ??
        (await aim().catch((error: unknown) => {
          throw new NotPressed(name, error);
        }));
      await aimed();
    },
  };
}
