import type { LocatorSpec } from "../reading/description.ts";

const reversible: LocatorSpec[] = [];
const submitting: LocatorSpec[] = [];
const groups: (readonly LocatorSpec[])[] = [];

/** Every part that can be looked for and pressed at will, of the pages whose modules are loaded. */
export function reversibleSpecs(): readonly LocatorSpec[] {
  return reversible;
}

/** Every button that changes the portal, of the pages whose modules are loaded. */
export function submitSpecs(): readonly LocatorSpec[] {
  return submitting;
}

export function addPart(part: LocatorSpec): void {
  (part.demands === null ? reversible : submitting).push(part);
}

/** These stand on one page, and a job needs all of them: where one is not found, the others are asked about, too. */
export function addGroup(parts: readonly LocatorSpec[]): void {
  groups.push(parts);
}

/** What is needed where this part is, itself included, in the order in which a person fills it in. */
export function neededWith(part: LocatorSpec): readonly LocatorSpec[] {
  return groups.find((group) => group.some(({ id }) => id === part.id)) ?? [part];
}
