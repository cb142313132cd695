import { type Irreversible, PRESS } from "./irreversible.ts";

/** Presses a button that changes the portal. For the engine's effect protocol only. */
export function pressOnce(button: Irreversible): Promise<void> {
  return button[PRESS]();
}
