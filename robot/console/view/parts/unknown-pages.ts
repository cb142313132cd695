import type { RunRecord } from "../../../recording/format/read.ts";
import type { NotKnown, UnknownPart } from "../../../../selectors/page-check.ts";
import { readNotKnown } from "../../../picks/not-known.ts";
import type { NewPick } from "../../../picks/picks.ts";
import { type Picture, picturesOf } from "../run/filmstrip.ts";

/** A page on which parts were not found, as a run has recorded it. */
export interface UnknownPage {
  /** Of the event that tells of it. */
  readonly seq: number;
  readonly shown: NotKnown;
  /** As it looked; null where no picture could be taken. */
  readonly picture: Picture | null;
}

/** Between the reading of a page and its picture lies nothing but what is recorded of both. */
const MOST_BETWEEN = 3;

/** The pages of a record that were not as they are known, in their order; of one that was met several times the last. */
export function unknownPagesOf(record: Pick<RunRecord, "events">): UnknownPage[] {
  const pictures = picturesOf(record);
  const pages = record.events.flatMap((event): UnknownPage[] => {
    const shown = readNotKnown(event);
    if (shown === null) return [];
    const picture = pictures.find(({ seq }) => seq > event.seq && seq <= event.seq + MOST_BETWEEN) ?? null;
    return [{ seq: event.seq, shown, picture }];
  });
  const about = ({ shown }: UnknownPage): string => shown.parts.map(({ id }) => id).join();
  return pages.filter((one, at) => !pages.slice(at + 1).some((other) => about(other) === about(one)));
}

/** What the first proposal says that a part is; null where there is none, or where it could not be found again. */
export function firstProposal({ things }: NotKnown, { proposals }: UnknownPart): number | null {
  const [first] = proposals;
  return first !== undefined && (things[first.thing]?.candidates.length ?? 0) > 0 ? first.thing : null;
}

/** Which thing each part is said to be, as addresses and forms carry it: `take.books:12`. */
export function readChoices({ parts, things }: NotKnown, said: readonly string[]): ReadonlyMap<string, number> {
  const chosen = new Map<string, number>();
  for (const one of said) {
    const [, id = "", number = ""] = /^(.+):(\d{1,4})$/.exec(one) ?? [];
    const thing = things[Number(number)];
    if (parts.some((part) => part.id === id) && thing?.fits.includes(id)) chosen.set(id, Number(number));
  }
  return chosen;
}

/** The same as what is adopted. */
export function asPicks(
  { parts, things }: NotKnown,
  chosen: ReadonlyMap<string, number>,
  who: Pick<NewPick, "by" | "role">,
): NewPick[] {
  return parts.flatMap((part) => {
    const thing = things[chosen.get(part.id) ?? -1];
    return thing === undefined ? [] : [{ part, thing, ...who }];
  });
}
