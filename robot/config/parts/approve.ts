import { z } from "zod";

/**
 * When a person has to agree before the robot sends something: `always`; `first`, the first time that this installation does such an
 * act for the company, and whenever something is odd; `odd`, only where something is odd; `never`.
 */
export const approvalMode = z.enum(["always", "first", "odd", "never"]);

/**
 * One word for all acts, or words for some and one for the rest; of a company, and else of the installation. Which acts there are the flows say
 * (`acts`): a name that none of them has is refused where the robot is put together (`robot/app/approval-mode.ts`).
 */
export const approve = z.union([
  approvalMode,
  z.strictObject({
    default: approvalMode.optional(),
    effects: z.record(z.string(), approvalMode).default({}),
  }),
]);

export type Approve = z.output<typeof approve>;
