import { setTimeout as delay } from "node:timers/promises";

/** Milliseconds between two looks, and until a test is given up that waits for something which does not come. */
const LOOK_MS = 50;
const GIVE_UP_MS = 280_000;

/**
 * Looks again and again until there is something.
 * @param what for the error message
 * @param look null or undefined: not yet
 */
export async function waitUntil<T>(what: string, look: () => Promise<T | null | undefined> | T | null | undefined) {
  const giveUp = performance.now() + GIVE_UP_MS;
  for (;;) {
    const seen = await look();
    if (seen !== null && seen !== undefined) return seen;
    if (performance.now() > giveUp) throw new Error(`Waited ${GIVE_UP_MS / 1000} s for: ${what}`);
    await delay(LOOK_MS);
  }
}
