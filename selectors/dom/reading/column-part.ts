import { localWords } from "../local/local-parts.ts";
import type { LocatorSpec } from "./description.ts";
import { namesOf, type Term, TERMS } from "./vocabulary.ts";

/** The word over a column as a part: this installation may say what it is called here. */
export function columnPart(term: Term): LocatorSpec {
  const id = IDS.get(term.name) ?? `column.${term.name}`;
  const rest = { pattern: null, not: null, offers: null, demands: null };
  return { id, name: term.name, kind: "column", names: [...localWords(id), ...namesOf(term)], ...rest };
}

const IDS = new Map(Object.entries(TERMS).map(([key, { name }]) => [name, `column.${key}`]));
