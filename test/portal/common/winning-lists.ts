import { createHash } from "node:crypto";
import { damaged, STRANGER } from "../model/damage.ts";
import type { Session } from "../model/sign-in.ts";
import { type WinningFile, winningFiles, winningListsFrom } from "../model/winning-file.ts";
import type { World } from "../model/world.ts";

/** Periods that 中獎清冊下載 offers: those whose lists are out, the newest first. */
export function winningPeriods({ blanks, clock }: World): string[] {
  return blanks.listedPeriods().filter((period) => clock.now() >= winningListsFrom(period));
}

/** The company's lists of a period; none before they are out. */
export function winningLists(world: World, { company }: Session, period: string): WinningFile[] {
  return winningPeriods(world).includes(period) ? winningFiles(company, period) : [];
}

/** One of them. Writes the ledger line. */
export function winningDownload(world: World, session: Session, name: string): WinningFile | null {
  const [, , period = ""] = name.split("_");
  const file = winningLists(world, session, period).find((one) => one.name === name);
  if (file === undefined) return null;
  const { ban } = session.company;
  const fault = world.faults.use("download-broken", { ban, at: "winning" });
  const anothers = (): Buffer => {
    const stranger = { ...session.company, ban: STRANGER };
    const theirs = winningFiles(stranger, period).find((one) => one.name === name.replace(ban, STRANGER));
    return theirs?.content ?? file.content;
  };
  const content = fault === null ? file.content : damaged(fault.kind, file.content, anothers);
  world.ledger.append({
    type: "winning-download",
    ban,
    account: session.account.id,
    name,
    bytes: content.length,
    sha256: createHash("sha256").update(content).digest("hex"),
    broken: fault?.kind ?? null,
  });
  return { ...file, content };
}
