import { AIM, type Irreversible, PRESS } from "./irreversible.ts";

/**
 * Finds the button and sees that it can be pressed, without pressing it: what takes time is done before the last look at the form.
 * For the engine's effect protocol only.
 * @throws what is in the way
 */
export function aimAt(button: Irreversible): Promise<void> {
  return button[AIM]();
}

/**
 * Presses a button that changes the portal. For the engine's effect protocol only.
 * @throws NotPressed where the click was certainly never begun; after every other error it may have been
 */
export function pressOnce(button: Irreversible): Promise<void> {
  return button[PRESS]();
}
