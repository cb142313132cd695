/** What stands for the hidden part. Always as many, so that its length says nothing. */
const HIDDEN = "***";

/**
 * Hides the middle of something that identifies a person, for lists and records: `/AB12345` is `/A***45`, `mongo` is `m***`.
 * Enough stays to find it again beside the original; up to four characters lose all but their first.
 */
export function masked(value: string): string {
  const characters = Array.from(value);
  if (characters.length === 0) return "";
  if (characters.length <= 5) return `${characters[0] ?? ""}${HIDDEN}`;
  return `${characters.slice(0, 2).join("")}${HIDDEN}${characters.slice(-2).join("")}`;
}
