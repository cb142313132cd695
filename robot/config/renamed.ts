import type { z } from "zod";

/** Settings that had other names once: where they stood, `[]` for a place of a list, and what they are called now. */
const RENAMED: ReadonlyMap<string, string> = new Map([
  ["companies[].answeredBy", "answerers"],
  ["portal.busy", "accountBusyDelay"],
  ["portal.question", "questionTimeout"],
  ["portal.imported", "importWait"],
  ["portal.imported.giveUp", "timeout"],
  ["portal.importWait.giveUp", "timeout"],
  ["portal.allocation.giveUp", "timeout"],
  ["portal.reconcile.giveUp", "timeout"],
  ["winningList.decrypt.giveUp", "timeout"],
  ["platform.made", "fileGenerationWait"],
  ["platform.fileGenerationWait.giveUp", "timeout"],
]);

/** What a person has to write instead of the unknown names of this fault; null where none of them is an old one. */
export function renamedIn(issue: z.core.$ZodIssue): string | null {
  if (issue.code !== "unrecognized_keys") return null;
  const where = issue.path.map((part) => (typeof part === "number" ? "[]" : String(part))).join(".");
  const instead = issue.keys.flatMap((key) => {
    const now = RENAMED.get(`${where}.${key}`.replaceAll(".[]", "[]"));
    return now === undefined ? [] : [`${key} 現在叫 ${now}，請改名`];
  });
  return instead.length === 0 ? null : instead.join("、");
}
