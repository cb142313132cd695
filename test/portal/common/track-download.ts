import { createHash } from "node:crypto";
import { damaged, STRANGER } from "../model/damage.ts";
import type { Session } from "../model/sign-in.ts";
import { trackFile } from "../model/takes/track-file.ts";
import type { World } from "../model/world.ts";

/**
 * The track file of these lines of the list, or what a fault makes of it. Writes the ledger line.
 *
 * @param ids as the list gave them; unknown ones are left out.
 * @returns null when nothing can be downloaded yet.
 */
export function trackDownload(
  world: World,
  session: Session,
  ids: readonly string[],
): { name: string; content: Buffer } | null {
  const { ban } = session.company;
  const entries = world.takes.visible(ban).filter(({ id }) => ids.includes(id));
  if (entries.length === 0 || entries.some(({ state }) => state !== "是")) return null;
  const whole = trackFile(entries, world.config.file);
  const fault = world.faults.use("download-broken", { ban, at: "take" });
  const anothers = (): Buffer =>
    trackFile(
      entries.map((entry) => ({ ...entry, ban: STRANGER })),
      world.config.file,
    );
  const content = fault === null ? whole : damaged(fault.kind, whole, anothers);
  world.ledger.append({
    type: "download",
    ban,
    account: session.account.id,
    entries: entries.map(({ id }) => id),
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    broken: fault?.kind ?? null,
  });
  const stamp = world.clock.iso().replaceAll(/\D/g, "").slice(0, 14);
  return { name: `invnoapply${stamp}.csv`, content };
}
