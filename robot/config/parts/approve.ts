import { z } from "zod";

/**
 * When a person has to agree before the robot sends something: `always`; `first`, the first time that this installation does such an
 * act for the company, and whenever something is odd; `odd`, only where something is odd; `never`.
 */
export const approvalMode = z.enum(["always", "first", "odd", "never"]);

/** Acts that change something at a portal, by the names that the configuration has for them. */
export const EFFECT_IDS = [
  "submit-take",
  "list-notice-address",
  "unlist-notice-address",
  "upload-blank-numbers",
  "delete-blank-numbers",
  "bind-carrier",
  "mail-prize-invoice",
] as const;

/** One word for all acts, or words for some and one for the rest; of a company, and else of the installation. */
export const approve = z.union([
  approvalMode,
  z.strictObject({
    default: approvalMode.optional(),
    effects: z.partialRecord(z.enum(EFFECT_IDS), approvalMode).default({}),
  }),
]);

export type Approve = z.output<typeof approve>;
