/** Settings that had other names once: where they stand under today's names, `[]` for a place of a list, and what they are called now. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["companies[].answeredBy", "answerers"],
  ["portal.busy", "accountBusyDelay"],
  ["portal.question", "questionTimeout"],
  ["portal.imported", "importWait"],
  ["portal.importWait.giveUp", "timeout"],
  ["portal.allocation.giveUp", "timeout"],
  ["portal.reconcile.giveUp", "timeout"],
  ["winningList.decrypt.giveUp", "timeout"],
  ["platform.made", "fileGenerationWait"],
  ["platform.fileGenerationWait.giveUp", "timeout"],
]);

/** A setting that is written under its former name. */
export interface FormerName {
  readonly place: string;
  readonly now: string;
}

/**
 * A written configuration under today's names. An office that updates the robot the night before a deadline must not find it refusing its settings,
 * so former names go on being taken; `doctor` says which ones are there. What is written under both names keeps both: the schema refuses the former.
 */
export function withCurrentNames(written: unknown): {
  readonly config: unknown;
  readonly former: readonly FormerName[];
} {
  const former: FormerName[] = [];
  const config = renamed(written, "", (place, now) => void former.push({ place, now }));
  return { config, former };
}

function renamed(value: unknown, place: string, note: (place: string, now: string) => void): unknown {
  // Only where such settings stand: whatever else a file holds, however deep, is left to the schema.
  const leadsOn = place === "" || [...RENAMED.keys()].some((key) => key.startsWith(place) && key !== place);
  if (!leadsOn || value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((item: unknown) => renamed(item, `${place}[]`, note));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => {
      const here = place === "" ? key : `${place}.${key}`;
      const now = RENAMED.get(here);
      if (now === undefined || Object.hasOwn(value, now)) return [key, renamed(item, here, note)];
      note(here, now);
      return [now, renamed(item, here.slice(0, here.length - key.length) + now, note)];
    }),
  );
}
