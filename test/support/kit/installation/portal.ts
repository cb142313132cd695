import type { PortalConfigInput } from "../../../portal/config.ts";
import type { LedgerEntry } from "../../../portal/model/ledger.ts";
import { type PracticePortal, startPortal } from "../../../portal/portal.ts";

/** By the portal's clock it is November 2026 at the start: these two periods can be taken. */
export const THIS = "11512";
export const NEXT = "11602";

const START = "2026-11-04T09:00:00+08:00";
/** Real milliseconds of a portal minute. An allocation takes about a second; the platform's own one is half an hour away. */
const MS_PER_MINUTE = 25;
/**
 * A pace at which ten minutes pass before the 10th is over, for what uploads blank numbers: in the usual hurry it is four, and a loaded machine comes
 * too late.
 */
export const BEFORE_THE_TENTH = { clock: { msPerMinute: 60 } } as const;
/** A portal minute that no test lives to see the end of. */
const STANDSTILL = 10 ** 9;

/** A practice portal in a hurry and without companies: each installation brings its own. */
export function openPortal(config: PortalConfigInput = {}): Promise<PracticePortal> {
  return startPortal({
    companies: [],
    ...config,
    clock: { start: START, msPerMinute: MS_PER_MINUTE, ...config.clock },
    signIn: { tokenDelayMs: 100, jumpDelayMs: 200, ...config.signIn },
    pages: { renderMs: 30, ...config.pages },
  });
}

/** Stops the portal's clock: what was submitted is not allocated before `letTimePass`. */
export function stopClock(portal: PracticePortal): void {
  portal.clock.setPace(STANDSTILL);
}

/** Lets so many portal minutes pass at once and the clock go on in its usual hurry. */
export function letTimePass(portal: PracticePortal, minutes: number): void {
  portal.clock.advance(minutes);
  portal.clock.setPace(MS_PER_MINUTE);
}

/** Takes back all ordered faults; stuck allocations go on. */
export async function takeBackFaults(portal: PracticePortal): Promise<void> {
  const answer = await fetch(new URL("/faults", portal.controlUrl), { method: "DELETE" });
  if (!answer.ok) throw new Error(`The portal did not take back its faults: ${await answer.text()}`);
}

type LineOf<Type extends LedgerEntry["type"]> = Extract<LedgerEntry, { type: Type }>;

/** What truly happened at the portal, of one kind and for one company. */
export function ledgerOf<Type extends LedgerEntry["type"]>(
  portal: PracticePortal,
  type: Type,
  ubn: string,
): LineOf<Type>[] {
  return portal
    .ledger()
    .filter((line): line is LineOf<Type> => line.type === type)
    .filter((line) => "ban" in line && line.ban === ubn);
}
