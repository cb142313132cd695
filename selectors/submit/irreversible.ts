/** Only `press-once.ts` uses this, and only the engine's effects use that: the lint rules see to it. */
export const PRESS: unique symbol = Symbol("press");

/**
 * A button that changes the portal. Page objects make it and hand it out; it has no method that presses it. Once pressed it is
 * spent, so that not even a slip of ours can press it twice.
 */
export interface Irreversible {
  readonly name: string;
  readonly [PRESS]: () => Promise<void>;
}

/** @param press the one real click; called at most once. */
export function irreversible(name: string, press: () => Promise<void>): Irreversible {
  let spent = false;
  return {
    name,
    [PRESS]: async () => {
      if (spent) throw new Error(`「${name}」 was pressed before; an irreversible button is pressed once.`);
      spent = true;
      await press();
    },
  };
}
